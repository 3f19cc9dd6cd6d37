/** The short form of verdicts. */
import { expect, test } from '@jest/globals';
import { reportOf } from '../../../src/verify/report-verdict.ts';
import type { AddressOutcome, LinkVerdict, NameOutcome } from '../../../src/verify/verdict.ts';

const message = 'It is so.';
const name = 'api.sagemaker.us-east-1.amazonaws.com';

function verdict(given: Partial<LinkVerdict>): LinkVerdict {
  return { name: 'ml', reachable: false, endpoints: [], unknown: [], shut: [], ...given };
}

function endpoint(
  names: readonly NameOutcome[],
  addresses: readonly AddressOutcome[],
): LinkVerdict['endpoints'][number] {
  return {
    serviceName: 'com.amazonaws.us-east-1.sagemaker.api',
    endpointId: 'vpce-1',
    names: names.map((outcome, index) => ({
      name: `${index}.${name}`,
      outcome,
      addresses: [],
      message,
    })),
    addresses: addresses.map((outcome, index) => {
      return { zone: `us-east-1${'abc'[index]}`, address: `10.0.${index}.7`, outcome, message };
    }),
  };
}

test('a reachable link has no fault, and says how many addresses answered in each zone', () => {
  const endpoints = [endpoint(['Private'], ['Reachable']), endpoint([], ['Reachable'])];
  expect(reportOf(verdict({ reachable: true, endpoints }))).toEqual({
    reachable: true,
    zones: [{ zone: 'us-east-1a', tried: 2, reached: 2 }],
    faults: [],
  });
});

test('faults of one kind stand together with their zones, the most telling kind first', () => {
  const endpoints = [
    endpoint(['Private', 'PublicAddresses'], ['Reachable', 'TimedOut', 'TimedOut']),
    endpoint(['NoAnswer'], ['Proxy', 'TimedOut', 'Reachable']),
  ];
  const shut = [{ address: 'fd00::1', port: 80, outcome: 'Open' as const, message }];
  expect(reportOf(verdict({ endpoints, shut }))).toEqual({
    reachable: false,
    zones: [
      { zone: 'us-east-1a', tried: 2, reached: 1 },
      { zone: 'us-east-1b', tried: 2, reached: 0 },
      { zone: 'us-east-1c', tried: 2, reached: 1 },
    ],
    faults: [
      { reason: 'ResolverSilent', count: 1, zones: [], subjects: [`0.${name}`] },
      { reason: 'PublicAddresses', count: 1, zones: [], subjects: [`1.${name}`] },
      { reason: 'ProxyInBetween', count: 1, zones: ['us-east-1a'], subjects: ['10.0.0.7'] },
      {
        reason: 'TimedOut',
        count: 3,
        zones: ['us-east-1b', 'us-east-1c'],
        subjects: ['10.0.1.7', '10.0.2.7'],
      },
      { reason: 'AddressOpen', count: 1, zones: [], subjects: ['[fd00::1]:80'] },
    ],
  });
});

test.each([
  [{ names: ['OtherAddresses'] as const }, 'OtherAddresses'],
  [{ names: ['NotFound'] as const }, 'NameNotFound'],
  [{ names: ['Proxy'] as const }, 'ProxyInBetween'],
  [{ addresses: ['Refused'] as const }, 'ConnectionRefused'],
  [{ addresses: ['NoRoute'] as const }, 'NoRoute'],
  [{ addresses: ['Policy'] as const }, 'PolicyDenies'],
  [{ addresses: ['NotTls'] as const }, 'NotTLS'],
  [{ addresses: ['WrongName'] as const }, 'WrongCertificate'],
  [{ addresses: ['Expired'] as const }, 'CertificateExpired'],
  [{ addresses: ['Untrusted'] as const }, 'CertificateUntrusted'],
])('what is seen, %j, is reported as the reason %s', (seen, reason) => {
  const { names = [], addresses = [] } = seen as {
    names?: readonly NameOutcome[];
    addresses?: readonly AddressOutcome[];
  };
  const { faults } = reportOf(verdict({ endpoints: [endpoint(names, addresses)] }));
  expect(faults).toMatchObject([{ reason, count: 1 }]);
});

test('a verdict that is not reachable always has a fault', () => {
  expect(reportOf(verdict({})).faults).toMatchObject([{ reason: 'EndpointsNotAvailable' }]);
  const unknown = [{ serviceName: 'api', message }];
  expect(reportOf(verdict({ unknown })).faults).toEqual([
    { reason: 'EndpointsNotAvailable', count: 1, zones: [], subjects: ['api'] },
  ]);
});
