/** What an action on the notebook policy changes. */
import type { Action, ResultOf } from '../actions.ts';
import type { ManagedPolicy, Principal } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import type { Observation } from '../observation.ts';
import { isOwnedBy } from '../ownership/ownership.ts';

/** Actions on an IAM policy. */
export type PolicyAction = Extract<Action, { readonly arn: string } | { readonly path: string }>;

/** True for an action on an IAM policy: it names the policy by its ARN, or a new one by its path. */
export function isPolicyAction(action: Action): action is PolicyAction {
  return 'arn' in action || 'path' in action;
}

/**
 * The observation after an action on a policy. Changes of what is enforced are marked as settling:
 * what depends on them waits until IAM itself shows them.
 */
export function withPolicyEffect(
  observation: Observation,
  owner: OwnerIdentity,
  action: PolicyAction,
  result: ResultOf<Action>,
): Observation {
  switch (action.kind) {
    case 'CreatePolicy':
      return afterCreation(observation, owner, action, result as ResultOf<typeof action>);
    case 'CreatePolicyVersion': {
      const { versionId } = result as ResultOf<typeof action>;
      return withDefault(observation, versionId, action.document);
    }
    case 'SetDefaultPolicyVersion':
      return withDefault(observation, action.versionId, action.document);
    case 'DeletePolicyVersion':
      return withoutVersion(observation, action.versionId);
    case 'AttachPolicy':
      return withPolicy(observation, (former) => ({
        ...former,
        attachedTo: [...former.attachedTo, action.principal],
        settling: true,
      }));
    case 'DetachPolicy':
      return withPolicy(observation, (former) => ({
        ...former,
        attachedTo: former.attachedTo.filter((one) => !isSamePrincipal(one, action.principal)),
      }));
    case 'DeletePolicy':
      return afterDeletion(observation, action.arn);
    case 'TagPolicy':
      return afterTagging(observation, owner, action);
    case 'UntagPolicy':
      return withPolicy(observation, (former) => ({
        ...former,
        tags: Object.fromEntries(
          Object.entries(former.tags).filter(([key]) => !action.keys.includes(key)),
        ),
      }));
  }
}

/** IAM's names are told apart without regard to case. */
export function isSamePrincipal(a: Principal, b: Principal): boolean {
  return a.kind === b.kind && a.name.toLowerCase() === b.name.toLowerCase();
}

function afterCreation(
  observation: Observation,
  owner: OwnerIdentity,
  { path, name }: Extract<PolicyAction, { readonly path: string }>,
  { policy, existed }: { readonly policy: ManagedPolicy; readonly existed: boolean },
): Observation {
  // IAM's names are unique whatever the path and the case; ours are found by their ARN alone.
  const isOurs = policy.arn.endsWith(`:policy${path}${name}`) && isOwnedBy(policy.tags, owner);
  if (!isOurs) return { ...observation, namesakePolicy: policy };
  const known = existed ? policy : { ...policy, settling: true };
  return { ...observation, answers: { ...observation.answers, ManagedPolicy: { policy: known } } };
}

function afterDeletion(observation: Observation, arn: string): Observation {
  const { PoliciesByARN: policies, ...rest } = observation.answers;
  const others = policies?.filter((one) => one.arn !== arn);
  const answers = others === undefined ? rest : { ...rest, PoliciesByARN: others };
  return { ...observation, answers: { ...answers, ManagedPolicy: {} } };
}

function afterTagging(
  observation: Observation,
  owner: OwnerIdentity,
  { arn, tags }: Extract<PolicyAction, { readonly kind: 'TagPolicy' }>,
): Observation {
  const { namesakePolicy, answers } = observation;
  const unclaimed =
    namesakePolicy ??
    (answers.ManagedPolicy?.policy === undefined
      ? answers.PoliciesByARN?.find((one) => one.arn === arn)
      : undefined);
  if (unclaimed === undefined) {
    return withPolicy(observation, (former) => ({ ...former, tags: { ...former.tags, ...tags } }));
  }
  const claimed = { ...unclaimed, tags: { ...unclaimed.tags, ...tags } };
  if (!isOwnedBy(claimed.tags, owner)) return observation;
  const { namesakePolicy: _claimed, ...rest } = observation;
  return { ...rest, answers: { ...rest.answers, ManagedPolicy: { policy: claimed } } };
}

function withDefault(
  observation: Observation,
  versionId: string,
  document: NonNullable<ManagedPolicy['document']>,
): Observation {
  const changed = withPolicy(observation, (former) => ({
    ...former,
    defaultVersionId: versionId,
    document,
    settling: true,
  }));
  const versions = changed.answers.PolicyVersions;
  if (versions === undefined) return changed;
  const others = versions.filter(({ id }) => id !== versionId);
  const PolicyVersions = [
    ...others.map((one) => ({ ...one, isDefault: false })),
    { id: versionId, isDefault: true, document },
  ];
  return { ...changed, answers: { ...changed.answers, PolicyVersions } };
}

function withoutVersion(observation: Observation, versionId: string): Observation {
  const PolicyVersions = (observation.answers.PolicyVersions ?? []).filter(
    ({ id }) => id !== versionId,
  );
  return { ...observation, answers: { ...observation.answers, PolicyVersions } };
}

function withPolicy(
  observation: Observation,
  change: (former: ManagedPolicy) => ManagedPolicy,
): Observation {
  const policy = observation.answers.ManagedPolicy?.policy;
  if (policy === undefined) return observation;
  const ManagedPolicy = { policy: change(policy) };
  return { ...observation, answers: { ...observation.answers, ManagedPolicy } };
}
