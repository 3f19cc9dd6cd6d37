import { expect, test } from '@jest/globals';
import type { DesiredEndpoint } from '../../../../src/plan/endpoint/desired-endpoint.ts';
import { compareEndpoint } from '../../../../src/plan/endpoint/endpoint-differences.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';

const identity = { serviceName: 'com.amazonaws.eu-west-1.sagemaker.api', vpcId: 'vpc-1' };

const desired: DesiredEndpoint = {
  ...identity,
  label: 'api',
  subnets: [],
  skipped: [],
  addresses: [],
  privateDns: true,
  ipAddressType: 'dualstack',
  held: {},
};

const actual: Endpoint = {
  ...identity,
  id: 'vpce-1',
  state: 'available',
  subnetIds: [],
  securityGroupIds: [],
  networkInterfaceIds: [],
  privateDnsEnabled: true,
  ipAddressType: 'dualstack',
  dnsNames: [],
  requesterManaged: false,
  tags: {},
};

/** The record type that a modification sets; undefined when there is none. */
function recordSet(wanted: string | undefined, found: string | undefined): string | undefined {
  const [modify] = compareEndpoint({
    desired: wanted === undefined ? desired : { ...desired, dnsRecordIpType: wanted },
    actual: found === undefined ? actual : { ...actual, dnsRecordIpType: found },
    groupIds: [],
    groupsAreReady: true,
    groupsAreUnread: false,
    privateDns: true,
    subnetOf: () => undefined,
    freeAddressesOf: () => undefined,
    interfaces: [],
    inParts: false,
    takesAnyAddress: false,
  }).modifications;
  return modify?.dnsRecordIpType;
}

test('DNS records are those of the addresses unless the spec says otherwise', () => {
  expect(recordSet(undefined, 'dualstack')).toBeUndefined();
  // A spec of before wanted them so.
  expect(recordSet(undefined, 'ipv4')).toBe('dualstack');
  expect(recordSet('ipv4', 'dualstack')).toBe('ipv4');
  expect(recordSet('service-defined', 'dualstack')).toBe('service-defined');
});

test('DNS records that the service defines are left to it', () => {
  expect(recordSet(undefined, 'service-defined')).toBeUndefined();
  expect(recordSet('dualstack', 'service-defined')).toBe('dualstack');
});

test('DNS records that AWS says nothing of are not touched', () => {
  expect(recordSet('ipv4', undefined)).toBeUndefined();
});
