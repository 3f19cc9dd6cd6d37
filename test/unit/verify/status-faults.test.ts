import { describe as group, expect, test } from '@jest/globals';
import type { EndpointStatus } from '../../../src/api/sagemaker-private-link.ts';
import { statusFaults } from '../../../src/verify/status-faults.ts';
import { apiEndpoint } from './loopback-endpoint.ts';

function faultsOf(given: Partial<EndpointStatus>): readonly string[] {
  const endpoints = [apiEndpoint(443), apiEndpoint(443, given)];
  return statusFaults({ endpoints }).map(({ path, message }) => `${path}: ${message}`);
}

group('a status that can be dialled has no fault', () => {
  const cases: readonly Partial<EndpointStatus>[] = [
    {},
    { url: 'https://*.notebook.us-east-1.sagemaker.aws' },
    { url: 'https://api.example.com:8443/' },
    { dnsNames: ['*.notebook.us-east-1.sagemaker.aws', 'a_b.example.com'] },
    { networkInterfaces: [{ id: 'eni-1', subnetId: 'subnet-1', zone: 'a', ipv6: 'fd00::7' }] },
  ];
  test.each(cases)('%j', (given) => expect(faultsOf(given)).toEqual([]));
});

group('a value that cannot be dialled is named with its field', () => {
  const at = 'status.endpoints[1].';
  const eni = { id: 'eni-1', subnetId: 'subnet-1', zone: 'a' };
  const cases: readonly [string, Partial<EndpointStatus>, string][] = [
    ['a name with a blank', { dnsNames: ['a.b', 'api sagemaker'] }, 'dnsNames[1]: "api sagemaker"'],
    ['an empty name', { dnsNames: [''] }, 'dnsNames[0]: ""'],
    ['a URL without https', { url: 'api.sagemaker' }, 'url: "api.sagemaker"'],
    ['a URL with a blank', { url: 'https://api sagemaker' }, 'url: "https://api sagemaker"'],
    ['a port that is none', { url: 'https://a.b:70000' }, 'url: "https://a.b:70000"'],
    ['a number', { dnsNames: [7] as never }, 'dnsNames[0]: 7'],
    [
      'an address that is none',
      { networkInterfaces: [{ ...eni, ipv4: '999.1.1.1' }] },
      'networkInterfaces[0].ipv4: "999.1.1.1"',
    ],
    [
      'an address of the other family',
      { networkInterfaces: [{ ...eni, ipv6: '10.0.0.1' }] },
      'networkInterfaces[0].ipv6: "10.0.0.1"',
    ],
  ];
  test.each(cases)('%s', (_, given, words) => {
    expect(faultsOf(given)).toEqual([expect.stringContaining(`${at}${words} is not `)]);
  });
});
