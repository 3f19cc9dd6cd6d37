import { BlockList, isIP } from 'node:net';

/**
 * Blocks that no route of the internet leads to (IANA's registries of special-purpose addresses):
 * private use, shared by carriers, link-local, loopback, unique local.
 */
const notPublic = new BlockList();
for (const [address, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
] as const) {
  notPublic.addSubnet(address, bits, 'ipv4');
}
for (const [address, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['::1', 128],
] as const) {
  notPublic.addSubnet(address, bits, 'ipv6');
}

/** Whether an address is one of the internet. A VPC's IPv6 addresses are, too. */
export function isPublicAddress(address: string): boolean {
  return !notPublic.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
