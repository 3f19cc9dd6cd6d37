import { isIPv4, isIPv6 } from 'node:net';
import { containsCidr, normalizeCidr, overlapCidr, parseCidr } from 'cidr-tools';

/** A network that was checked strictly, in AWS's canonical form. */
export interface Network {
  /** Host bits cleared: `100.68.0.0/18` for `100.68.0.18/18`. */
  readonly cidr: string;
  readonly version: 4 | 6;
  readonly prefixLength: number;
  readonly start: bigint;
  readonly end: bigint;
}

/** Undefined when the text is no CIDR block: prefix length missing, short forms, scopes, spaces. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefix = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return undefined;
  const version = isIPv4(address) ? 4 : isIPv6(address) && !address.includes('%') ? 6 : undefined;
  const prefixLength = Number(prefix);
  if (version === undefined || prefixLength > (version === 4 ? 32 : 128)) return undefined;
  const { start, end } = parseCidr(`${address}/${prefixLength}`);
  const cidr = `${addressText(start, version)}/${prefixLength}`;
  return { cidr, version, prefixLength, start, end };
}

/** The usual text of an address given as a number. */
export function addressText(value: bigint, version: 4 | 6): string {
  const [count, bits] = version === 4 ? [4, 8n] : [8, 16n];
  const parts = Array.from({ length: count }, (_, index) => {
    const part = (value >> (bits * BigInt(count - 1 - index))) & ((1n << bits) - 1n);
    return version === 4 ? part.toString() : part.toString(16);
  });
  return version === 4 ? parts.join('.') : normalizeCidr(parts.join(':'));
}

/** The number of a single address; undefined when the text is none of that version. */
export function parseAddress(text: string, version: 4 | 6): bigint | undefined {
  if (!(version === 4 ? isIPv4(text) : isIPv6(text) && !text.includes('%'))) return undefined;
  return parseCidr(text).start;
}

export function overlaps(a: string, b: string): boolean {
  return overlapCidr(a, b);
}

export function contains(outer: string, inner: string): boolean {
  return containsCidr(outer, inner);
}
