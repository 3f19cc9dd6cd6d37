import type { AttachPolicy, DetachPolicy } from '../../plan/notebook-policy/actions.ts';
import { CloudError } from '../../plan/cloud.ts';
import { missingPrincipal } from '../../plan/aws-errors/missing-principal.ts';
import { stableText } from '../client/error-text.ts';
import { explainQuota } from '../explain-quota.ts';
import { ignoreErrors } from '../client/ignore-errors.ts';
import type { WriteContext } from '../write-context.ts';

/** Attaches a policy; attaching it again changes nothing. */
export async function attachPolicy(action: AttachPolicy, context: WriteContext): Promise<void> {
  const { arn, principal } = action;
  const { kind, name } = principal;
  try {
    await explainQuota(
      `${kind} ${name} has as many managed policies as IAM allows; detach one, or ask AWS to raise the quota`,
      () => attach(action, context),
    );
  } catch (error) {
    if (isMissingPrincipal(error, arn)) throw missingPrincipal(error.action, principal);
    throw error;
  }
}

async function attach(
  { arn: PolicyArn, principal: { kind, name } }: AttachPolicy,
  { calls, options }: WriteContext,
): Promise<void> {
  switch (kind) {
    case 'role':
      await calls.call('iam:AttachRolePolicy', { PolicyArn, RoleName: name }, options);
      return;
    case 'user':
      await calls.call('iam:AttachUserPolicy', { PolicyArn, UserName: name }, options);
      return;
    case 'group':
      await calls.call('iam:AttachGroupPolicy', { PolicyArn, GroupName: name }, options);
      return;
    default:
      kind satisfies never;
  }
}

/** Detaches a policy; what is not attached, or whose principal is gone, counts as detached. */
export async function detachPolicy(action: DetachPolicy, context: WriteContext): Promise<void> {
  await ignoreErrors('NotFound', () => detach(action, context));
}

async function detach(
  { arn: PolicyArn, principal: { kind, name } }: DetachPolicy,
  { calls, options }: WriteContext,
): Promise<void> {
  switch (kind) {
    case 'role':
      await calls.call('iam:DetachRolePolicy', { PolicyArn, RoleName: name }, options);
      return;
    case 'user':
      await calls.call('iam:DetachUserPolicy', { PolicyArn, UserName: name }, options);
      return;
    case 'group':
      await calls.call('iam:DetachGroupPolicy', { PolicyArn, GroupName: name }, options);
      return;
    default:
      kind satisfies never;
  }
}

/** IAM has one code for a policy and a principal that are not there; its text names which. */
function isMissingPrincipal(error: unknown, arn: string): error is CloudError {
  if (!(error instanceof CloudError) || error.kind !== 'NotFound') return false;
  return !error.message.includes(stableText(arn));
}
