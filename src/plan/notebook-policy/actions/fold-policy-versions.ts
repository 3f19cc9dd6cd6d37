import type { ChangeOf } from '../../actions/changes.ts';
import { answerTo, type Observation, withAnswer } from '../../observation.ts';

/** The observation with other versions of the policy, where they were asked for. */
export function foldPolicyVersions(
  observation: Observation,
  { id: arn, after }: ChangeOf<'PolicyVersions'>,
): Observation {
  const look = { kind: 'PolicyVersions', arn } as const;
  const former = answerTo(observation, look);
  const versions = former === undefined ? undefined : after(former);
  return versions === undefined ? observation : withAnswer(observation, look, versions);
}
