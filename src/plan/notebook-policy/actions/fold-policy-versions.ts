import type { ChangeOf } from '../../changes.ts';
import type { Observation } from '../../observation.ts';

/** The observation with other versions of the policy, where they were asked for. */
export function foldPolicyVersions(
  observation: Observation,
  { after }: ChangeOf<'PolicyVersions'>,
): Observation {
  const { PolicyVersions: former } = observation.answers;
  const versions = former === undefined ? undefined : after(former);
  if (versions === undefined) return observation;
  return { ...observation, answers: { ...observation.answers, PolicyVersions: versions } };
}
