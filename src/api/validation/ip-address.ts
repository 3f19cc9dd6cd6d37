import { isIPv4, isIPv6 } from 'node:net';

/** An IP address as Kubernetes' CEL library sees it: no zone, no IPv4-mapped IPv6. */
export class IPAddress {
  readonly family: 4 | 6;
  readonly value: bigint;

  constructor(family: 4 | 6, value: bigint) {
    this.family = family;
    this.value = value;
  }

  /** Bits of an address of this family. */
  get bits(): number {
    return bitsOf(this.family);
  }

  /** Canonical text: RFC 5952 for IPv6. */
  toString(): string {
    return this.family === 4 ? formatIPv4(this.value) : formatIPv6(this.value);
  }
}

/** A block of addresses in CIDR form. Host bits are kept until `masked()`. */
export class CIDR {
  readonly address: IPAddress;
  readonly prefixLength: number;

  constructor(address: IPAddress, prefixLength: number) {
    this.address = address;
    this.prefixLength = prefixLength;
  }

  /** The same block with all host bits zero. */
  masked(): CIDR {
    const hostBits = BigInt(this.address.bits - this.prefixLength);
    const value = (this.address.value >> hostBits) << hostBits;
    return new CIDR(new IPAddress(this.address.family, value), this.prefixLength);
  }

  /** True if every address of the other block is in this one. */
  contains(other: CIDR): boolean {
    if (other.address.family !== this.address.family) return false;
    if (other.prefixLength < this.prefixLength) return false;
    const hostBits = BigInt(this.address.bits - this.prefixLength);
    return this.address.value >> hostBits === other.address.value >> hostBits;
  }

  toString(): string {
    return `${this.address.toString()}/${this.prefixLength}`;
  }
}

/** Reads an address; undefined for what Kubernetes' `isIP` refuses. */
export function parseIP(text: string): IPAddress | undefined {
  if (isIPv4(text)) return new IPAddress(4, parseIPv4(text));
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const value = parseIPv6(text);
  const isIPv4Mapped = value >> 32n === 0xffffn;
  return isIPv4Mapped ? undefined : new IPAddress(6, value);
}

/** Reads a block in CIDR form; undefined for what Kubernetes' `isCIDR` refuses. */
export function parseCIDR(text: string): CIDR | undefined {
  const parts = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text);
  const address = parts?.[1] === undefined ? undefined : parseIP(parts[1]);
  const prefixLength = Number(parts?.[2]);
  if (address === undefined || prefixLength > address.bits) return undefined;
  return new CIDR(address, prefixLength);
}

function bitsOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

function parseIPv4(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

/** Expects text that `isIPv6` accepts. */
function parseIPv6(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((value, part) => (value << 16n) | part, 0n);
}

function groupsOf(text: string): readonly bigint[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [BigInt(`0x${part}`)];
    const ipv4 = parseIPv4(part);
    return [ipv4 >> 16n, ipv4 & 0xffffn];
  });
}

function formatIPv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
}

function formatIPv6(value: bigint): string {
  const groups = [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n].map((index) =>
    ((value >> (index * 16n)) & 0xffffn).toString(16),
  );
  const run = longestZeroRun(groups);
  if (run.length < 2) return groups.join(':');
  const head = groups.slice(0, run.start).join(':');
  return `${head}::${groups.slice(run.start + run.length).join(':')}`;
}

/** The first of the longest runs of zero groups. */
function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, part] of groups.entries()) {
    if (part !== '0') start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}
