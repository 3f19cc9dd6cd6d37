import { isIP } from 'node:net';
import type { NameObservation } from './observation.ts';
import type { Target, TargetAddress } from './target.ts';

/**
 * The addresses of an endpoint to try: those of the families that its names resolve to, since
 * clients dial no other. Where no name leads to the endpoint, IPv4 if it has any.
 */
export function addressesToTry(
  { addresses }: Target,
  names: readonly NameObservation[],
): readonly TargetAddress[] {
  const answered = names.flatMap(({ answer }) =>
    answer.kind === 'Addresses' ? answer.addresses : [],
  );
  const own = answered.filter((address) => addresses.some((one) => one.address === address));
  const families = own.length > 0 ? own.map(isIP) : [familyToTry(addresses)];
  return addresses.filter(({ address }) => families.includes(isIP(address)));
}

function familyToTry(addresses: readonly TargetAddress[]): number {
  return addresses.some(({ address }) => isIP(address) === 4) ? 4 : 6;
}
