import { CloudError } from '../cloud.ts';
import type { Principal } from '../facts.ts';

/** The operator's own word: IAM has one code for a policy and for a principal that are not there. */
export const missingPrincipalCode = 'PrincipalNotFound';

/**
 * The refusal of an attachment to a principal that the account does not have: the same whether IAM
 * said so or a plan found it out.
 *
 * @param action that IAM refuses, as `iam:AttachRolePolicy`
 */
export function missingPrincipal(action: string, { kind, name }: Principal): CloudError {
  const text = `there is no ${kind} ${name} in this account`;
  return new CloudError({
    kind: 'Invalid',
    action,
    code: missingPrincipalCode,
    message: `${action} failed: ${text}`,
    text,
  });
}
