import { expect, test } from '@jest/globals';
import { expandCidr, normalizeCidr } from 'cidr-tools';
import fc from 'fast-check';
import { parseCIDR, parseIP } from '../../../../src/api/validation/ip-address.ts';

const ipv4Block = fc.tuple(fc.ipV4(), fc.nat(32)).map(([address, bits]) => `${address}/${bits}`);
const ipv6Block = fc
  .tuple(fc.ipV6(), fc.nat(128))
  .map(([address, bits]) => `${address}/${bits}`)
  .filter((block) => parseCIDR(block) !== undefined);

test('another library agrees on the canonical form of a block', () => {
  const property = fc.property(fc.oneof(ipv4Block, ipv6Block), (block) => {
    expect(parseCIDR(block)?.masked().toString()).toBe(normalizeCidr(block));
  });
  fc.assert(property, { numRuns: 1000 });
});

test('a block contains exactly the blocks of its own addresses', () => {
  const small = fc.tuple(fc.ipV4(), fc.integer({ min: 26, max: 32 }));
  const property = fc.property(small, small, fc.boolean(), ([a, bits], [other, length], near) => {
    const block = parseCIDR(`${a}/${bits}`)?.masked();
    const inside = near ? a.replace(/\d+$/, (octet) => String((Number(octet) + 7) % 256)) : other;
    const candidate = parseCIDR(`${inside}/${length}`);
    const addresses = new Set(expandCidr(`${block}`));
    const all = [...expandCidr(`${candidate}`)].every((each) => addresses.has(each));
    expect(block?.contains(candidate as NonNullable<typeof candidate>)).toBe(all);
  });
  fc.assert(property, { numRuns: 300 });
});

test.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/-1',
  '10.0.0.0/+8',
  '10.0.0.300/16',
  '010.0.0.0/8',
  '10.1/16',
  '0x0a.0.0.0/8',
  ' 10.0.0.0/8',
  '10.0.0.0/8 ',
  '2001:db8::/129',
  '2001:db8::1::/64',
  'fe80::%eth0/64',
  '::ffff:10.0.0.0/104',
  '/8',
  '',
])('%j is no block', (text) => {
  expect(parseCIDR(text)).toBeUndefined();
});

test.each([
  ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:0', '2001:db8:0:0:1::'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['10.0.0.1', '10.0.0.1'],
])('%s is written %s', (text, canonical) => {
  expect(parseIP(text)?.toString()).toBe(canonical);
});
