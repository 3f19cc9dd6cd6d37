import type { ChangeOf } from '../../changes.ts';
import type { OwnerIdentity } from '../../looks.ts';
import type { Observation } from '../../observation.ts';
import { withHoldings, withOne } from '../../ownership/observed-holdings.ts';
import { isOwnedBy } from '../../ownership/ownership.ts';

/** The observation with a changed group of the link, or with the one that has its name. */
export function foldSecurityGroup(
  observation: Observation,
  { id, after }: ChangeOf<'SecurityGroup'>,
  owner: OwnerIdentity,
): Observation {
  const former = observation.answers.Owned?.securityGroups.find((one) => one.id === id);
  const group = after(former);
  if (group === former) return observation;
  if (former === undefined && group !== undefined && !isOwnedBy(group.tags, owner)) {
    return { ...observation, namesakeGroup: group };
  }
  return withHoldings(observation, ({ securityGroups }) => ({
    securityGroups: withOne(securityGroups, id, group),
  }));
}
