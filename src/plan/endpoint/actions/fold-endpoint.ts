import type { ChangeOf } from '../../actions/changes.ts';
import type { OwnerIdentity } from '../../looks.ts';
import type { Observation } from '../../observation.ts';
import { ownedIn, withHoldings, withOne } from '../../ownership/observed-holdings.ts';
import { foreignOwnerOf } from '../../ownership/ownership.ts';

/**
 * The observation with a changed endpoint of the link. One that our client token made and that
 * somebody else has claimed since is not the link's.
 */
export function foldEndpoint(
  observation: Observation,
  { id, after }: ChangeOf<'Endpoint'>,
  owner: OwnerIdentity,
): Observation {
  const former = ownedIn(observation, owner)?.endpoints.find((one) => one.id === id);
  const endpoint = after(former);
  if (endpoint === former) return observation;
  if (endpoint !== undefined && foreignOwnerOf(endpoint.tags, owner) !== undefined) {
    const { claimedByOthers = [] } = observation;
    return { ...observation, claimedByOthers: [...claimedByOthers, id] };
  }
  return withHoldings(observation, owner, ({ endpoints }) => ({
    endpoints: withOne(endpoints, id, endpoint),
  }));
}
