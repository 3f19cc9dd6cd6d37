import { BlockList, isIPv6 } from 'node:net';
import { expect, test } from '@jest/globals';
import { containsCidr, parseCidr } from 'cidr-tools';
import fc from 'fast-check';
import { canonicalCidr, isInside } from '../../../../src/plan/network/cidr.ts';
import { cases } from '../../../model/cases.ts';

const ipv4Block = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }));
const ipv6Block = fc.tuple(
  fc.ipV6().filter((address) => isIPv6(address)),
  fc.integer({ min: 0, max: 128 }),
);
const block = fc
  .oneof(ipv4Block, ipv6Block)
  .map(([address, prefix]) => ({ address, prefix, text: `${address}/${prefix}` }));
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6().filter((text) => isIPv6(text)),
);

test.each([
  ['100.68.0.18/18', '100.68.0.0/18'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['255.255.255.255/0', '0.0.0.0/0'],
  ['2001:DB8:0:0::1/64', '2001:db8::/64'],
  ['2001:0db8:0000:0001:0000:0000:0000:0001/128', '2001:db8:0:1::1/128'],
  ['::ffff:10.0.0.1/128', '::ffff:a00:1/128'],
  ['::/0', '::/0'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalCidr(text)).toBe(canonical);
});

test.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '010.0.0.0/8',
  '10.0.0.0/8/8',
  '',
  '/8',
  '::/129',
  'fe80::1%eth0/64x',
  '10.0.0.0/-1',
])('%j is no block of addresses', (text) => {
  expect(canonicalCidr(text)).toBeUndefined();
});

test('a canonical block has the same addresses, no host bits, and stays as it is', () => {
  fc.assert(
    fc.property(block, ({ text }) => {
      const canonical = canonicalCidr(text) ?? 'none';
      expect(containsCidr(canonical, text) && containsCidr(text, canonical)).toBe(true);
      expect(canonicalCidr(canonical)).toBe(canonical);
      const { start, ip } = parseCidr(canonical);
      expect(parseCidr(`${ip}/${ip.includes(':') ? 128 : 32}`).start).toBe(start);
    }),
    { numRuns: cases(300) },
  );
});

test('two texts of one block have one canonical form', () => {
  fc.assert(
    fc.property(ipv6Block, ([text, prefix]) => {
      const long = parseCidr(`${text}/128`).start.toString(16).padStart(32, '0');
      const groups = (long.match(/.{4}/g) ?? []).join(':').toUpperCase();
      expect(canonicalCidr(`${groups}/${prefix}`)).toBe(canonicalCidr(`${text}/${prefix}`));
    }),
    { numRuns: cases(200) },
  );
});

test('an address is inside a block exactly when Node says so', () => {
  fc.assert(
    fc.property(block, address, fc.boolean(), (given, other, own) => {
      // An address of the block itself, so that both answers are frequent.
      const tested = own ? given.address : other;
      const family = (text: string): 'ipv6' | 'ipv4' => (isIPv6(text) ? 'ipv6' : 'ipv4');
      const list = new BlockList();
      list.addSubnet(given.address, given.prefix, family(given.address));
      const canonical = canonicalCidr(given.text) ?? '';
      // Node also matches IPv4-mapped addresses with IPv4 blocks; AWS's rules do not.
      const expected =
        family(tested) === family(given.address) && list.check(tested, family(tested));
      expect(isInside(tested, [canonical])).toBe(expected);
    }),
    { numRuns: cases(300) },
  );
});

test('what is no address is inside nothing', () => {
  expect(isInside('10.0.0.0/8', ['0.0.0.0/0'])).toBe(false);
  expect(isInside('api.example.com', ['0.0.0.0/0', '::/0'])).toBe(false);
});
