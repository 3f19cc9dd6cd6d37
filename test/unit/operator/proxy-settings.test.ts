import { expect, test } from '@jest/globals';
import { proxyFromEnvironment } from '../../../src/operator/proxy-settings.ts';
import { UserError } from '../../../src/runtime/user-error.ts';

const proxy = 'http://proxy.example.com:3128';

function isProxied(url: string, noProxy: string): boolean {
  const proxyFor = proxyFromEnvironment({ HTTPS_PROXY: proxy, NO_PROXY: noProxy });
  return proxyFor(new URL(url)) !== undefined;
}

test('the proxy is chosen by the scheme of the request', () => {
  const both = proxyFromEnvironment({ HTTPS_PROXY: proxy, HTTP_PROXY: 'http://plain:1' });
  expect(both(new URL('https://ec2.eu-west-1.amazonaws.com/'))).toBe(proxy);
  expect(both(new URL('http://ec2.eu-west-1.amazonaws.com/'))).toBe('http://plain:1');
  const one = proxyFromEnvironment({ https_proxy: 'proxy.example.com:3128' });
  expect(one(new URL('https://a.example/'))).toBe(proxy);
  expect(one(new URL('http://a.example/'))).toBeUndefined();
  expect(proxyFromEnvironment({ HTTPS_PROXY: ' ' })(new URL('https://a.example/'))).toBe(undefined);
});

test.each([
  ['https://ec2.eu-west-1.amazonaws.com', '', true],
  ['https://ec2.eu-west-1.amazonaws.com', '*', false],
  ['https://ec2.eu-west-1.amazonaws.com', 'amazonaws.com', false],
  ['https://ec2.eu-west-1.amazonaws.com', '.amazonaws.com', false],
  ['https://ec2.eu-west-1.amazonaws.com', '*.amazonaws.com', false],
  ['https://amazonaws.com', '.amazonaws.com', true],
  ['https://notamazonaws.com', 'amazonaws.com', true],
  ['https://EC2.eu-west-1.AMAZONAWS.com.', 'a.example, ec2.eu-west-1.amazonaws.com', false],
  ['https://10.100.0.1', '10.100.0.1', false],
  ['https://10.100.0.1', '172.20.0.0/16,10.96.0.0/12', false],
  ['https://10.0.0.1', '10.96.0.0/12', true],
  ['https://[fd00:10:96::1]', 'fd00:10:96::/112', false],
  ['https://[fd00:10:96::1]', '[fd00:10:96::1]', false],
  ['https://[fd00:10:97::1]', 'fd00:10:96::/112', true],
  ['https://api.example:6443', 'api.example:6443', false],
  ['https://api.example', 'api.example:6443', true],
  ['https://api.example', 'api.example:443', false],
  ['https://kubernetes.default.svc', 'svc cluster.local', false],
  // This machine, whatever NO_PROXY says.
  ['https://localhost:6443', '', false],
  ['https://127.0.0.1:6443', '', false],
  ['https://[::1]:6443', '', false],
])('%s with NO_PROXY=%s is proxied: %s', (url, noProxy, wanted) => {
  expect(isProxied(url, noProxy)).toBe(wanted);
});

test.each(['socks5://proxy:1080', 'http://', 'ftp://user:secret@proxy'])(
  '%s is no proxy, and its password is not repeated',
  (HTTPS_PROXY) => {
    const set = (): unknown => proxyFromEnvironment({ HTTPS_PROXY });
    expect(set).toThrow(UserError);
    expect(set).not.toThrow(/secret/);
  },
);
