import type { Policy } from '@aws-sdk/client-iam';
import { CloudError } from '../../plan/cloud.ts';
import type { ManagedPolicy, Principal } from '../../plan/facts.ts';
import type { AskOptions } from '../consistency/shared-read.ts';
import { tagsFromSdk } from '../client/tags.ts';
import type { PolicyContext } from './policy-read-context.ts';
import { findEntities } from './read-policy-entities.ts';

const action = 'iam:GetPolicy';

/**
 * Answers `ManagedPolicy`. A policy in which nothing changed costs two calls, `GetPolicy` and
 * `ListEntitiesForPolicy`: the default version's document is read once. Not shared: each link asks
 * for its own policy, and none should wait for another's turn in the budget.
 */
export function createManagedPolicyReader(context: PolicyContext) {
  return (arn: string, { signal }: AskOptions): Promise<ManagedPolicy | undefined> =>
    readManagedPolicy(arn, context, signal);
}

/** The policy as IAM shows it now; undefined if there is none of this ARN. */
export async function readManagedPolicy(
  arn: string,
  context: Pick<PolicyContext, 'calls' | 'documents'>,
  signal: AbortSignal,
): Promise<ManagedPolicy | undefined> {
  const policy = await findPolicy(arn, context, signal);
  if (policy === undefined) return undefined;
  const { calls, documents } = context;
  const { DefaultVersionId: versionId = '', PolicyId: policyId } = policy;
  const [document, attachedTo] = await orInTransition(arn, () =>
    Promise.all([
      documents.documentOf({ arn, policyId, versionId }, calls, signal),
      policy.AttachmentCount === 0
        ? noPrincipals
        : findEntities(arn, 'PermissionsPolicy', calls, signal),
    ]),
  );
  return {
    arn,
    name: policy.PolicyName ?? nameOfArn(arn),
    tags: tagsFromSdk(policy.Tags),
    defaultVersionId: versionId,
    ...(document === undefined ? {} : { document }),
    attachedTo,
    boundaryUses: policy.PermissionsBoundaryUsageCount ?? 0,
  };
}

const noPrincipals: readonly Principal[] = [];

/** `GetPolicy`; undefined if there is none of this ARN. */
export async function findPolicy(
  arn: string,
  { calls }: Pick<PolicyContext, 'calls'>,
  signal: AbortSignal,
): Promise<Policy | undefined> {
  try {
    const { Policy: policy } = await calls.call(action, { PolicyArn: arn }, { signal });
    return policy;
  } catch (error) {
    if (error instanceof CloudError && error.kind === 'NotFound') return undefined;
    throw error;
  }
}

/** IAM showed the policy a moment ago: what is missing now is about to appear, or to go. */
export async function orInTransition<Answer>(
  arn: string,
  read: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'NotFound') throw error;
    throw new CloudError({
      kind: 'InTransition',
      action: error.action,
      code: error.code,
      message: `${arn} is being changed: IAM shows a part of it and not yet the rest`,
    });
  }
}

function nameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
