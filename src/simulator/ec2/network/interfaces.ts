import type { View } from '../../ledger.ts';
import { holdsResources } from '../vpc-endpoint/endpoint-state.ts';
import type { NetworkInterface } from '../records.ts';
import type { RegionState } from '../region.ts';

/** A network interface, of an endpoint or of something else. */
export interface DescribedInterface extends NetworkInterface {
  readonly endpointId?: string;
}

/**
 * All interfaces of the region; those of an endpoint live as long as it holds them.
 *
 * @param ids leaves out others, apart from those of the same endpoint
 */
export function interfacesOf(
  region: RegionState,
  view: View = region.ledger.latest(),
  ids?: readonly string[],
): DescribedInterface[] {
  const { endpoints, interfaces } = region;
  const ofEndpoints = (
    ids === undefined
      ? endpoints.list(view)
      : endpoints.pick(
          ids.flatMap((id) => [...endpoints.idsBy(id)]),
          view,
        )
  )
    .filter((endpoint) => holdsResources(endpoint, view.nowMs))
    .flatMap((endpoint) =>
      endpoint.interfaces.map((networkInterface) => ({
        ...networkInterface,
        groupIds: endpoint.groupIds,
        description: `VPC Endpoint Interface ${endpoint.id}`,
        endpointId: endpoint.id,
        tags: {},
      })),
    );
  const others = ids === undefined ? interfaces.list(view) : interfaces.pick(ids, view);
  return [...ofEndpoints, ...others];
}

/** Addresses, of both versions, that interfaces hold in a subnet. */
export function addressesInUse(region: RegionState, subnetId: string): string[] {
  const { nowMs } = region.ledger.latest();
  const ofEndpoints = region.endpoints
    .listBy(subnetId)
    .filter((endpoint) => holdsResources(endpoint, nowMs))
    .flatMap(({ interfaces }) => interfaces.filter((one) => one.subnetId === subnetId));
  return [...ofEndpoints, ...region.interfaces.listBy(subnetId)].flatMap(({ ipv4, ipv6 }) =>
    [ipv4, ipv6].filter((address) => address !== undefined),
  );
}
