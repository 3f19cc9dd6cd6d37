import { stableNumber } from '../../ids.ts';
import { addressText, contains, type Network, parseAddress, parseNetwork } from '../../networks.ts';
import { AwsError } from '../../protocol/error.ts';
import { invalidParameter } from './endpoint-errors.ts';
import { addressesInUse } from '../network/interfaces.ts';
import type { EndpointInterface, Subnet } from '../records.ts';
import { type RegionState } from '../region.ts';
import { reservedAtStart } from '../network/subnets.ts';

/** Addresses that a request fixes for one subnet. */
export interface FixedAddresses {
  readonly ipv4?: string | undefined;
  readonly ipv6?: string | undefined;
}

/** An interface in the subnet with a free address of each wanted version. */
export function newEndpointInterface(
  region: RegionState,
  subnet: Subnet,
  ipAddressType: string,
  fixed: FixedAddresses = {},
): EndpointInterface {
  const id = region.ids.resource('eni');
  const taken = new Set(addressesInUse(region, subnet.id));
  const wanted = { id, subnet, taken };
  return {
    id,
    subnetId: subnet.id,
    ipv4: ipAddressType === 'ipv6' ? undefined : address(wanted, subnet.cidr, 4, fixed.ipv4),
    ipv6:
      ipAddressType === 'ipv4'
        ? undefined
        : address(wanted, subnet.ipv6Cidrs[0]?.cidr, 6, fixed.ipv6),
  };
}

interface Wanted {
  readonly id: string;
  readonly subnet: Subnet;
  readonly taken: ReadonlySet<string>;
}

function address(
  { id, subnet, taken }: Wanted,
  cidr: string | undefined,
  version: 4 | 6,
  fixed: string | undefined,
): string {
  const network = cidr === undefined ? undefined : parseNetwork(cidr);
  if (network === undefined) throw invalidParameter(`${subnet.id} has no IPv${version} block.`);
  if (fixed === undefined) return freeAddress(network, subnet, id, taken);
  const number = parseAddress(fixed, version);
  const text = number === undefined ? fixed : addressText(number, version);
  if (number === undefined || !contains(network.cidr, text) || !isAssignable(network, number)) {
    throw invalidParameter(`The address ${fixed} is not available in the subnet ${subnet.id}.`);
  }
  if (taken.has(text)) {
    throw new AwsError('InvalidIPAddress.InUse', `Address ${text} is in use.`);
  }
  return text;
}

function isAssignable({ start, end }: Network, number: bigint): boolean {
  return number >= start + reservedAtStart && number < end;
}

/** Starts at a place that depends on the interface's id and takes the first free address. */
function freeAddress(
  network: Network,
  subnet: Subnet,
  id: string,
  taken: ReadonlySet<string>,
): string {
  const first = network.start + reservedAtStart;
  const count = Number(network.end - first);
  const offset = stableNumber(id, Math.min(count, 2 ** 40));
  for (let step = 0; step <= taken.size && step < count; step += 1) {
    const candidate = first + BigInt((offset + step) % count);
    const text = addressText(candidate, network.version);
    if (!taken.has(text)) return text;
  }
  throw new AwsError(
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet ${subnet.id} does not have enough free addresses to satisfy the request.`,
  );
}
