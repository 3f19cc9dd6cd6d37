import { describe as group, expect, test } from '@jest/globals';
import type { EndpointStatus } from '../../../src/api/sagemaker-private-link.ts';
import { addressesToTry } from '../../../src/verify/choose-addresses.ts';
import type { NameAnswer } from '../../../src/verify/observation.ts';
import { type Target, targetsOf } from '../../../src/verify/target.ts';
import { apiEndpoint, apiName, endpointId, linkWith } from './loopback-endpoint.ts';

function only(endpoint: EndpointStatus): Target {
  const { targets, unknown } = targetsOf(linkWith(endpoint));
  expect(unknown).toEqual([]);
  const [target] = targets;
  if (target === undefined) throw new Error('there is no target');
  return target;
}

const ownName = `${endpointId}-1a2b3c4d.api.sagemaker.us-east-1.vpce.amazonaws.com`;

group('the names that must lead to an endpoint', () => {
  test('are its private names where private DNS is on, the dialled one first', () => {
    const dualStack = 'api.sagemaker.us-east-1.api.aws';
    const { dialled, names, port } = only(
      apiEndpoint(443, { url: `https://${apiName}`, dnsNames: [ownName, dualStack, apiName] }),
    );
    expect({ dialled, names, port }).toEqual({
      dialled: apiName,
      names: [apiName, dualStack],
      port: 443,
    });
  });

  test('are its own regional name without private DNS', () => {
    const url = `https://${ownName}`;
    const { names } = only(apiEndpoint(443, { privateDNS: false, url }));
    expect(names).toEqual([ownName]);
  });

  test('are names that wildcards stand for', () => {
    const wildcard = '*.notebook.us-east-1.sagemaker.aws';
    const { dialled, names } = only(
      apiEndpoint(443, { url: `https://${wildcard}`, dnsNames: [ownName, wildcard] }),
    );
    expect(dialled).toBe('sagemaker-privatelink-verify.notebook.us-east-1.sagemaker.aws');
    expect(names).toEqual([dialled]);
  });
});

group('an endpoint is unknown', () => {
  const { id: _, ...withoutId } = apiEndpoint(443);
  const cases: [string, EndpointStatus, RegExp][] = [
    ['that AWS never showed', withoutId, /shows no endpoint/],
    [
      'without an address',
      apiEndpoint(443, { state: 'pending', networkInterfaces: [] }),
      /shows no address of vpce-\w+, which AWS calls pending/,
    ],
  ];
  test.each(cases)('%s', (_, endpoint, words) => {
    const { targets, unknown } = targetsOf(linkWith(endpoint));
    expect(targets).toEqual([]);
    expect(unknown).toEqual([
      { serviceName: endpoint.serviceName, message: expect.stringMatching(words) },
    ]);
  });

  test('that the spec has and the status has not', () => {
    const link = linkWith(apiEndpoint(443), apiEndpoint(443, { service: 'runtime' }));
    const { unknown } = targetsOf({ ...link, status: linkWith(apiEndpoint(443)).status });
    expect(unknown.map(({ serviceName }) => serviceName)).toEqual(['runtime']);
  });

  test('that browsers alone use, where private DNS is off and nothing else is there', () => {
    const { url: _, ...withoutUrl } = apiEndpoint(443, { service: 'notebook', privateDNS: false });
    expect(targetsOf(linkWith(withoutUrl)).unknown).toMatchObject([{ serviceName: 'notebook' }]);
    expect(targetsOf(linkWith(withoutUrl, apiEndpoint(443))).unknown).toEqual([]);
  });
});

group('the addresses to try', () => {
  const interfaces = [
    { id: 'eni-1', subnetId: 'subnet-1', zone: 'us-east-1a', ipv4: '10.0.0.1', ipv6: 'fd00::1' },
    { id: 'eni-2', subnetId: 'subnet-2', zone: 'us-east-1b', ipv4: '10.0.1.1', ipv6: 'fd00::2' },
  ];
  const target = only(apiEndpoint(443, { networkInterfaces: interfaces }));
  const found = (...addresses: string[]): NameAnswer => ({ kind: 'Addresses', addresses });
  const cases: [string, NameAnswer, readonly string[]][] = [
    ['IPv4 where names lead there', found('10.0.1.1'), ['10.0.0.1', '10.0.1.1']],
    ['IPv6 where names lead there', found('fd00::1'), ['fd00::1', 'fd00::2']],
    [
      'both where names lead to both',
      found('10.0.0.1', 'fd00::1'),
      ['10.0.0.1', 'fd00::1', '10.0.1.1', 'fd00::2'],
    ],
    ['IPv4 where names lead elsewhere', found('2001:db8::1'), ['10.0.0.1', '10.0.1.1']],
    ['IPv4 where there is no answer', { kind: 'NotFound' }, ['10.0.0.1', '10.0.1.1']],
  ];
  test.each(cases)('are %s', (_, answer, expected) => {
    const tried = addressesToTry(target, [{ name: apiName, answer }]);
    expect(tried.map(({ address }) => address)).toEqual(expected);
  });

  test('are IPv6 where the endpoint has no other', () => {
    const alone = interfaces.map(({ id, subnetId, zone, ipv6 }) => ({ id, subnetId, zone, ipv6 }));
    const ipv6Only = only(apiEndpoint(443, { networkInterfaces: alone }));
    const tried = addressesToTry(ipv6Only, [{ name: apiName, answer: { kind: 'NotFound' } }]);
    expect(tried.map(({ address }) => address)).toEqual(['fd00::1', 'fd00::2']);
  });
});
