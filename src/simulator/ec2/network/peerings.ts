import type { PeeredVpc, VpcPeering } from '../records.ts';
import type { RegionState } from '../region.ts';

/** How long the one that is over is still described (VPC peering guide, lifecycle). */
const describedAfterMs = 2 * 60 * 60_000;

/** Peerings of two VPCs, the newest last, whatever has become of them. Both accounts know of it. */
export function peeringsBetween(
  region: RegionState,
  vpcId: string,
  otherVpcId: string,
  owner: RegionState = region,
): readonly VpcPeering[] {
  const all = new Map(
    [...owner.peerings.list(), ...region.peerings.list()].map((peering) => [peering.id, peering]),
  );
  return [...all.values()].filter(({ requester, accepter }) => {
    const ids = [requester.vpcId, accepter.vpcId];
    return ids.includes(vpcId) && ids.includes(otherVpcId);
  });
}

/** The active peering of two VPCs. */
export function activePeering(
  ...between: Parameters<typeof peeringsBetween>
): VpcPeering | undefined {
  return peeringsBetween(...between).find(({ status }) => status === 'active');
}

export function isDescribed({ status, changedAtMs }: VpcPeering, nowMs: number): boolean {
  const isOver = status === 'deleted' || status === 'failed';
  return !isOver || nowMs < changedAtMs + describedAfterMs;
}

/** Writes a new peering down at both accounts; its tags are the requester's alone. */
export function putPeering(region: RegionState, peering: VpcPeering): VpcPeering {
  for (const one of accountsOf(region, peering)) {
    const tags = one === region ? peering.tags : {};
    one.ledger.settled(() => one.peerings.put(peering.id, { ...peering, tags }));
  }
  region.peerings.put(peering.id, peering);
  return peering;
}

export function changePeering(
  region: RegionState,
  peering: VpcPeering,
  status: VpcPeering['status'],
): VpcPeering {
  const change = { status, changedAtMs: region.ledger.now() };
  for (const one of accountsOf(region, peering)) {
    one.ledger.settled(() => one.peerings.change(peering.id, change));
  }
  return region.peerings.change(peering.id, change);
}

/** The other account that knows of a peering, if it is one and the request did not fail. */
function accountsOf(
  region: RegionState,
  { requester, accepter, status }: VpcPeering,
): readonly RegionState[] {
  if (status === 'failed') return [];
  const ids = new Set([requester.accountId, accepter.accountId]);
  ids.delete(region.accountId);
  return [...ids].map((id) => region.inAccount(id));
}

/** The IPv4 blocks of one side. */
export function blocksOf(region: RegionState, { accountId, vpcId }: PeeredVpc): readonly string[] {
  return (
    region
      .inAccount(accountId)
      .vpcs.get(vpcId)
      ?.cidrs.map(({ cidr }) => cidr) ?? []
  );
}
