import { containsCidr, mergeCidr, overlapCidr } from 'cidr-tools';
import { canonicalCidr, isInside, isIpv6Cidr } from '../../network/cidr.ts';

/**
 * The fewest blocks that hold exactly the addresses of these, canonical, IPv4 before IPv6, in order
 * of the addresses. IAM takes such blocks as they are.
 *
 * @throws RangeError for text that is no CIDR block
 */
export function mergedCidrs(cidrs: readonly string[]): readonly string[] {
  return mergeCidr(cidrs.map(mustBeCidr)).map(mustBeCidr);
}

/** True if every address of `inner` is one of `outer`. */
export function coversCidrs(outer: readonly string[], inner: readonly string[]): boolean {
  if (inner.every((block) => outer.includes(block))) return true;
  const merged = mergedCidrs(outer);
  return inner.every((block) =>
    merged
      .filter((candidate) => isIpv6Cidr(candidate) === isIpv6Cidr(block))
      .some((candidate) => containsCidr(candidate, block)),
  );
}

/**
 * Blocks whose addresses AWS never sees as the source of a request from the internet: RFC 1918,
 * carrier-grade NAT, loopback, link-local and unique local addresses. The schema has the same list.
 */
export const privateBlocks: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/** True if the whole block is private. */
export function isPrivateCidr(cidr: string): boolean {
  return coversCidrs(privateBlocks, [cidr]);
}

/** True if AWS never sees the address as the source of a request from the internet. */
export function isPrivateAddress(address: string): boolean {
  return isInside(address, privateBlocks);
}

/** True if part of the block, or all of it, is private. */
export function hasPrivateAddresses(cidr: string): boolean {
  return privateBlocks.some(
    (block) => isIpv6Cidr(block) === isIpv6Cidr(cidr) && overlapCidr(block, cidr),
  );
}

function mustBeCidr(text: string): string {
  const canonical = canonicalCidr(text);
  if (canonical === undefined) {
    throw new RangeError(
      `${JSON.stringify(text)} is no block of addresses in CIDR form, such as 203.0.113.0/24`,
    );
  }
  return canonical;
}
