import { isIP } from 'node:net';
import { containsCidr, excludeCidr, overlapCidr, parseCidr } from 'cidr-tools';

/**
 * The canonical form of a CIDR block: host bits cleared, IPv6 compressed in lower case, the prefix
 * always written. AWS stores security group rules in this form, so both sides are brought to it.
 *
 * @returns undefined if the text is no CIDR block (a bare address, a bad prefix, octal digits)
 */
export function canonicalCidr(text: string): string | undefined {
  const [address, prefix, ...rest] = text.split('/');
  if (address === undefined || prefix === undefined || rest.length > 0) return undefined;
  const version = isIP(address);
  if (version === 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const bits = version === 4 ? 32 : 128;
  const length = Number(prefix);
  if (length > bits) return undefined;
  const shift = BigInt(bits - length);
  const { start } = parseCidr(`${address}/${prefix}`);
  const network = (start >> shift) << shift;
  return `${version === 4 ? ipv4Text(network) : ipv6Text(network)}/${prefix}`;
}

/** True for an IPv6 block in canonical form. */
export function isIpv6Cidr(cidr: string): boolean {
  return cidr.includes(':');
}

/** True if the address lies inside one of the blocks. Invalid input is inside none. */
export function isInside(address: string, cidrs: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const family = isIP(address);
  return cidrs
    .filter((cidr) => isIpv6Cidr(cidr) === (family === 6))
    .some((cidr) => containsCidr(cidr, address));
}

/**
 * The first address of each block and the first one after it: every range of addresses that these
 * blocks tell apart begins at one of them, or at the first address there is.
 *
 * @param cidrs canonical blocks
 */
export function boundaryAddresses(cidrs: readonly string[]): readonly string[] {
  return cidrs.flatMap((cidr) => {
    const { start, end } = parseCidr(cidr);
    const textOf = isIpv6Cidr(cidr) ? ipv6Text : ipv4Text;
    const last = isIpv6Cidr(cidr) ? (1n << 128n) - 1n : (1n << 32n) - 1n;
    return end === last ? [textOf(start)] : [textOf(start), textOf(end + 1n)];
  });
}

/** True if the first block has every address of the second; both in canonical form. */
export function contains(outer: string, inner: string): boolean {
  return isIpv6Cidr(outer) === isIpv6Cidr(inner) && containsCidr(outer, inner);
}

/** True if two blocks in canonical form have an address in common. */
export function overlap(a: string, b: string): boolean {
  return isIpv6Cidr(a) === isIpv6Cidr(b) && overlapCidr(a, b);
}

/**
 * The blocks that are left of one when others are taken out of it, sorted.
 *
 * @param cidr canonical, as those in `excepts`
 * @returns canonical blocks; none when nothing is left
 */
export function subtractCidrs(cidr: string, excepts: readonly string[]): readonly string[] {
  const sameFamily = excepts.filter((except) => isIpv6Cidr(except) === isIpv6Cidr(cidr));
  if (sameFamily.length === 0) return [cidr];
  return excludeCidr(cidr, [...sameFamily])
    .map((block) => canonicalCidr(block) ?? block)
    .sort();
}

function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}

function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  // The URL parser compresses an IPv6 host as RFC 5952 asks.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
