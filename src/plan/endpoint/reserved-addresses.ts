/**
 * Free addresses that the endpoints of one link share. An endpoint gives up its subnet in a zone for
 * another one only if that has an address for it, and nothing else of the link takes that before.
 */
import type { DesiredEndpoint } from './desired-endpoint.ts';
import type { Endpoint, Subnet } from '../facts.ts';

/** An endpoint as it is and as it is to be. */
export interface Placement {
  readonly desired: Pick<DesiredEndpoint, 'subnets' | 'held'>;
  /** Undefined: it is not there. */
  readonly actual: Endpoint | undefined;
}

/**
 * How many addresses of a subnet others take before an endpoint does: those that have nothing in the
 * zone and wait for it, and of those that would change places the ones before it.
 *
 * @param subnetOf a subnet of the VPC
 */
export function reservedAddresses(
  subnet: Subnet,
  of: Placement,
  {
    all,
    subnetOf,
  }: {
    readonly all: readonly Placement[];
    readonly subnetOf: (id: string) => Subnet | undefined;
  },
): number {
  const hasNone = ({ actual }: Placement): boolean =>
    actual?.subnetIds.every((id) => subnetOf(id)?.zone !== subnet.zone) !== false;
  // It takes nothing away from itself by coming, so nobody has to go before.
  if (hasNone(of)) return 0;
  const place = all.indexOf(of);
  return all.filter(
    (one, index) => one !== of && waitsFor(subnet, one) && (hasNone(one) || index < place),
  ).length;
}

function waitsFor({ id }: Subnet, { desired, actual }: Placement): boolean {
  const isWanted = desired.subnets.some((one) => one.id === id);
  if (actual === undefined) return isWanted && desired.held.existence === undefined;
  return isWanted && !actual.subnetIds.includes(id);
}
