/**
 * Roles of IAM Identity Center. A permission set attaches the policy by its name; only Identity
 * Center can detach it (`UnmodifiableEntity` for everybody else).
 */
import type { ManagedPolicy, PolicyDocument, Principal } from '../facts.ts';
import { policiesAreEqual } from '../endpoint/policy-equality.ts';

/** True for a role that IAM Identity Center made for a permission set. */
export function isPermissionSetRole({ kind, name }: Principal): boolean {
  return kind === 'role' && /^AWSReservedSSO_/i.test(name);
}

/** The permission sets' roles that have the policy. */
export function permissionSetRoles(policy: ManagedPolicy | undefined): readonly Principal[] {
  return (policy?.attachedTo ?? []).filter(isPermissionSetRole);
}

/**
 * For a policy that cannot be deleted because a permission set still names it: its endpoints go, and
 * with another document everybody who has it would be locked out. IAM takes no document without a
 * statement, so this one has a condition that never holds.
 */
export const documentWithoutEffect: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'RestrictsNothing',
      Effect: 'Deny',
      Action: 'sagemaker:CreatePresignedNotebookInstanceUrl',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:CurrentTime': '1970-01-01T00:00:00Z' } },
    },
  ],
};

/** Whether the policy is one that restricts nobody any more. */
export function isWithoutEffect({ document }: ManagedPolicy): boolean {
  return document !== undefined && policiesAreEqual(document, documentWithoutEffect);
}
