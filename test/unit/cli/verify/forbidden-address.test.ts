import { expect, test } from '@jest/globals';
import { forbiddenAddresses } from '../../../../src/cli/verify/forbidden-address.ts';

test('addresses and ports are taken in the forms that people write, one after another', () => {
  const [ipv4] = forbiddenAddresses('192.0.2.1:443', undefined);
  expect(ipv4).toEqual({ address: '192.0.2.1', port: 443 });
  expect(forbiddenAddresses('[2001:db8::1]:80', [{ address: '192.0.2.1', port: 443 }])).toEqual([
    { address: '192.0.2.1', port: 443 },
    { address: '2001:db8::1', port: 80 },
  ]);
});

test.each(['192.0.2.1', 'example.com:443', '192.0.2.1:0', '192.0.2.1:70000', ':443', ''])(
  '%j is refused',
  (text) => {
    expect(() => forbiddenAddresses(text, undefined)).toThrow('must be an address and a port');
  },
);
