import type { CallContext } from '../actions.ts';
import type { View } from '../ledger.ts';
import { AwsError } from '../protocol/error.ts';
import { type Form, requiredTextOf } from '../protocol/form.ts';
import { invalidArgument, noSuchPolicy, noSuchPrincipal } from './errors.ts';
import type { Policy, Principal, PrincipalKind } from './records.ts';
import type { IamState } from './state.ts';

/** The IAM of the caller's account. */
export function iamOf(context: CallContext): IamState {
  return context.world.iam(context.caller.accountId, context.region);
}

/** The policy that a request names, as the view sees it. */
export function policyIn(iam: IamState, form: Form, view: View): Policy {
  const arn = policyArnIn(form);
  const policy = iam.policies.get(arn, view);
  if (policy === undefined) throw noSuchPolicy(arn);
  return policy;
}

/**
 * The ARN of the policy that a request names. Text that is none is refused before it is looked for:
 * its length by the model, the rest by IAM's own parser of ARNs.
 */
export function policyArnIn(form: Form, parameter = 'PolicyArn'): string {
  const arn = requiredTextOf(form, parameter);
  if (/^arn:[^:]+:iam::(?:\d{12}|aws):policy\/.+$/.test(arn)) return arn;
  throw invalidArgument(`ARN ${arn} is not valid.`);
}

/** A policy of the account itself: AWS's own cannot be changed. */
export function customerPolicyIn(iam: IamState, form: Form, context: CallContext): Policy {
  const policy = policyIn(iam, form, context.view);
  if (!isAwsManaged(policy)) return policy;
  throw new AwsError('AccessDenied', `The policy ${policy.arn} belongs to AWS.`, 403);
}

export function isAwsManaged({ arn }: Policy): boolean {
  return arn.includes(':iam::aws:');
}

/** The element of the wire names, as in `RoleName`. */
export const kindNames = { role: 'Role', user: 'User', group: 'Group' } as const;

/** The role, user or group that a request names. */
export function principalIn(iam: IamState, kind: PrincipalKind, form: Form, view: View): Principal {
  const name = requiredTextOf(form, `${kindNames[kind]}Name`);
  const principal = iam.principals.get(principalKey(kind, name), view);
  if (principal === undefined) throw noSuchPrincipal(kind, name);
  return principal;
}

export function principalKey(kind: PrincipalKind, name: string): string {
  return `${kind}/${name.toLowerCase()}`;
}

export function keyOf({ kind, name }: Principal): string {
  return principalKey(kind, name);
}

/** Principals of one kind, or of all, as the view sees them. */
export function principalsOf(iam: IamState, view: View, kind?: PrincipalKind): Principal[] {
  return iam.principals.list(view).filter((p) => kind === undefined || p.kind === kind);
}

/** Roles of services and of Identity Center belong to AWS. */
export function checkModifiable(principal: Principal): void {
  if (principal.kind !== 'role') return;
  if (!/^\/(aws-service-role|aws-reserved)\//.test(principal.path)) return;
  throw new AwsError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${principal.name}' - this role is only modifiable by AWS`,
  );
}
