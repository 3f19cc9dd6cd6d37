import type { ActionResults } from '../../plan/actions.ts';
import type {
  CreatePolicy,
  DeletePolicy,
  TagPolicy,
  UntagPolicy,
} from '../../plan/notebook-policy/actions.ts';
import { CloudError } from '../../plan/cloud.ts';
import type { ManagedPolicy } from '../../plan/facts.ts';
import { incompleteAnswer } from '../client/incomplete-answer.ts';
import { readManagedPolicy } from './read-managed-policy.ts';
import { findPoliciesUnder } from './read-policy-names.ts';
import { tagsToSdk } from '../client/tags.ts';
import { explainQuota } from '../explain-quota.ts';
import { ignoreErrors } from '../client/ignore-errors.ts';
import type { PolicyWriteContext } from './policy-write-context.ts';
import type { WriteContext } from '../write-context.ts';

const createAction = 'iam:CreatePolicy';

/**
 * Creates a policy. IAM has no client token for this call, but a name is taken once per account,
 * whatever the path and the case: the policy that has it already is returned as it is.
 */
export async function createPolicy(
  action: CreatePolicy,
  context: PolicyWriteContext,
): Promise<ActionResults['CreatePolicy']> {
  const { name, path, description, document, tags } = action;
  const input = {
    PolicyName: name,
    Path: path,
    Description: description,
    PolicyDocument: JSON.stringify(document),
    Tags: tagsToSdk(tags),
  };
  try {
    const output = await explainQuota('this account has as many policies as IAM allows', () =>
      context.calls.call(createAction, input, context.options),
    );
    const { Arn: arn, DefaultVersionId: defaultVersionId = 'v1' } = output.Policy ?? {};
    if (!arn) throw incompleteAnswer(createAction, 'without the ARN of the policy');
    const fresh = { attachedTo: [], boundaryUses: 0 };
    return { policy: { arn, name, tags, defaultVersionId, document, ...fresh }, existed: false };
  } catch (error) {
    if (!isNameTaken(error)) throw error;
    return { policy: await namesake(action, context), existed: true };
  }
}

/** The policy that has the name: where ours would be, else anywhere in the account. */
async function namesake(
  { name, path }: CreatePolicy,
  context: PolicyWriteContext,
): Promise<ManagedPolicy> {
  const { signal } = context.options;
  const { partition, account } = await context.caller(signal);
  const arn = `arn:${partition}:iam::${account}:policy${path}${name}`;
  const policy = await readManagedPolicy(arn, context, signal);
  if (policy !== undefined) return policy;
  const policies = await findPoliciesUnder('/', context.calls, signal);
  const other = policies.find(
    ({ PolicyName, Arn }) =>
      PolicyName?.toLowerCase() === name.toLowerCase() && Arn !== undefined && Arn !== arn,
  );
  const found =
    other?.Arn === undefined ? undefined : await readManagedPolicy(other.Arn, context, signal);
  if (found !== undefined) return found;
  throw new CloudError({
    kind: 'InTransition',
    action: createAction,
    code: 'EntityAlreadyExists',
    message: `${createAction}: IAM says that the name ${name} is taken and does not show by what yet`,
  });
}

/** Deletes a policy; one that is gone counts as deleted. */
export async function deletePolicy(
  { arn }: DeletePolicy,
  { calls, options }: WriteContext,
): Promise<void> {
  await ignoreErrors('NotFound', () => calls.call('iam:DeletePolicy', { PolicyArn: arn }, options));
}

export async function tagPolicy(
  { arn, tags }: TagPolicy,
  { calls, options }: WriteContext,
): Promise<void> {
  await calls.call('iam:TagPolicy', { PolicyArn: arn, Tags: tagsToSdk(tags) }, options);
}

/** Removes tags by key, whatever their value; of a policy that is gone they are gone too. */
export async function untagPolicy(
  { arn, keys }: UntagPolicy,
  { calls, options }: WriteContext,
): Promise<void> {
  const input = { PolicyArn: arn, TagKeys: [...keys] };
  await ignoreErrors('NotFound', () => calls.call('iam:UntagPolicy', input, options));
}

function isNameTaken(error: unknown): boolean {
  return error instanceof CloudError && error.code === 'EntityAlreadyExists';
}
