import type { ChangeOf } from '../../actions/changes.ts';
import type { ManagedPolicy } from '../../facts.ts';
import type { OwnerIdentity } from '../../looks.ts';
import { allFound, type Observation, withAnswers } from '../../observation.ts';
import { ownPolicy } from '../own-policy.ts';
import { isOwnedBy } from '../../ownership/ownership.ts';

/** The observation with a changed policy: the link's, one that has its name, or one found by ARN. */
export function foldPolicy(
  observation: Observation,
  { id, after, isNamesake }: ChangeOf<'ManagedPolicy'>,
  owner: OwnerIdentity,
): Observation {
  const own = ownPolicy(observation);
  const former = own?.arn === id ? own : unclaimedPolicy(observation, id);
  const policy = after(former);
  if (policy === former) return observation;
  if (policy === undefined) return withoutPolicy(observation, id);
  if (former !== undefined && former === own) return withPolicy(observation, policy);
  if (isNamesake === true || !isOwnedBy(policy.tags, owner)) {
    return former === undefined ? { ...observation, namesakePolicy: policy } : observation;
  }
  const { namesakePolicy: _claimed, ...rest } = observation;
  return withPolicy(rest, policy);
}

function unclaimedPolicy(observation: Observation, arn: string): ManagedPolicy | undefined {
  const { namesakePolicy } = observation;
  if (namesakePolicy?.arn === arn) return namesakePolicy;
  return allFound(observation, 'PoliciesByARN').find((one) => one.arn === arn);
}

function withPolicy(observation: Observation, policy: ManagedPolicy): Observation {
  return withAnswers(observation, 'ManagedPolicy', () => ({ policy }));
}

function withoutPolicy(observation: Observation, arn: string): Observation {
  const others = withAnswers(observation, 'PoliciesByARN', (policies) =>
    policies.filter((one) => one.arn !== arn),
  );
  return withAnswers(others, 'ManagedPolicy', () => ({}));
}
