import { timeOf } from '../../protocol/xml.ts';
import type { FilterFields } from '../filters.ts';
import { blocksOf } from './peerings.ts';
import type { PeeredVpc, VpcPeering } from '../records.ts';
import type { RegionState } from '../region.ts';

/** A request that nobody accepts ends after a week (VPC peering guide, lifecycle). */
const acceptedWithinMs = 7 * 24 * 60 * 60_000;

export function expiresAtMs({ createdAtMs }: VpcPeering): number {
  return createdAtMs + acceptedWithinMs;
}

/** Words as the AWS CLI's reference shows them. */
const statusMessages: Readonly<Record<VpcPeering['status'], string>> = {
  'pending-acceptance': 'Pending Acceptance by',
  active: 'Active',
  deleted: 'Deleted',
  failed: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
};

export function statusOf(
  peering: VpcPeering,
  nowMs: number,
): { readonly code: string; readonly message: string } {
  const { status, accepter } = peering;
  if (status === 'pending-acceptance' && nowMs >= expiresAtMs(peering)) {
    return { code: 'expired', message: 'Expired' };
  }
  const whose = status === 'pending-acceptance' ? ` ${accepter.accountId}` : '';
  const message = statusMessages[status] + whose;
  return { code: status, message };
}

/** All filters that AWS documents for DescribeVpcPeeringConnections. */
export function peeringFilters(region: RegionState, nowMs: number): FilterFields<VpcPeering> {
  return {
    ...partyFilters(region, 'accepter'),
    ...partyFilters(region, 'requester'),
    'expiration-time': (row) =>
      row.status === 'pending-acceptance' ? [timeOf(expiresAtMs(row))] : [],
    'status-code': (row) => [statusOf(row, nowMs).code],
    'status-message': (row) => [statusOf(row, nowMs).message],
    'vpc-peering-connection-id': (row) => [row.id],
  };
}

function partyFilters(
  region: RegionState,
  side: 'accepter' | 'requester',
): FilterFields<VpcPeering> {
  const party = (row: VpcPeering): PeeredVpc => row[side];
  return {
    [`${side}-vpc-info.cidr-block`]: (row) => blocksOf(region, party(row)).slice(0, 1),
    [`${side}-vpc-info.owner-id`]: (row) => [party(row).accountId],
    [`${side}-vpc-info.vpc-id`]: (row) => [party(row).vpcId],
  };
}
