import type { ActionResults } from '../../plan/actions.ts';
import type {
  CreatePolicyVersion,
  DeletePolicyVersion,
  SetDefaultPolicyVersion,
} from '../../plan/notebook-policy/actions.ts';
import { incompleteAnswer } from '../client/incomplete-answer.ts';
import { explainQuota } from '../explain-quota.ts';
import { ignoreErrors } from '../client/ignore-errors.ts';
import type { WriteContext } from '../write-context.ts';

const createAction = 'iam:CreatePolicyVersion';

/**
 * Adds a version and puts it in force. Not idempotent: made twice, there are two versions. So it
 * is never repeated here; the planner looks first and uses an equal version again.
 */
export async function createPolicyVersion(
  { arn, document }: CreatePolicyVersion,
  { calls, options }: WriteContext,
): Promise<ActionResults['CreatePolicyVersion']> {
  const input = { PolicyArn: arn, PolicyDocument: JSON.stringify(document), SetAsDefault: true };
  const { PolicyVersion } = await explainQuota(
    `${arn} has as many versions as IAM allows; one of them has to be deleted first`,
    () => calls.call(createAction, input, options),
  );
  const versionId = PolicyVersion?.VersionId;
  if (versionId !== undefined) return { versionId };
  throw incompleteAnswer(createAction, 'without the id of the version');
}

export async function setDefaultPolicyVersion(
  { arn, versionId }: SetDefaultPolicyVersion,
  { calls, options }: WriteContext,
): Promise<void> {
  const input = { PolicyArn: arn, VersionId: versionId };
  await calls.call('iam:SetDefaultPolicyVersion', input, options);
}

/** Deletes a version; one that is gone counts as deleted. */
export async function deletePolicyVersion(
  { arn, versionId }: DeletePolicyVersion,
  { calls, options }: WriteContext,
): Promise<void> {
  const input = { PolicyArn: arn, VersionId: versionId };
  await ignoreErrors('NotFound', () => calls.call('iam:DeletePolicyVersion', input, options));
}
