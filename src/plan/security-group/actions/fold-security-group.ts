import type { ChangeOf } from '../../actions/changes.ts';
import type { OwnerIdentity } from '../../looks.ts';
import type { Observation } from '../../observation.ts';
import { ownedIn, withHoldings, withOne } from '../../ownership/observed-holdings.ts';
import { isOwnedBy } from '../../ownership/ownership.ts';

/** The observation with a changed group of the link, or with the one that has its name. */
export function foldSecurityGroup(
  observation: Observation,
  { id, after }: ChangeOf<'SecurityGroup'>,
  owner: OwnerIdentity,
): Observation {
  const former = ownedIn(observation, owner)?.securityGroups.find((one) => one.id === id);
  const group = after(former);
  if (group === former) return observation;
  if (former === undefined && group !== undefined && !isOwnedBy(group.tags, owner)) {
    return { ...observation, namesakeGroup: group };
  }
  return withHoldings(observation, owner, ({ securityGroups }) => ({
    securityGroups: withOne(securityGroups, id, group),
  }));
}
