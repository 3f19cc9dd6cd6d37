import { expect, test } from '@jest/globals';
import type { VpcEndpoint } from '@aws-sdk/client-ec2';
import { endpointFromSdk } from '../../../../src/aws/endpoint/endpoint-from-sdk.ts';

const bare = { VpcEndpointId: 'vpce-1', VpcId: 'vpc-1', ServiceName: 'aws.api' };

test('all that AWS says of an endpoint is a fact', () => {
  const endpoint: VpcEndpoint = {
    ...bare,
    State: 'Available',
    SubnetIds: ['subnet-1'],
    Groups: [{ GroupId: 'sg-1' }, {}],
    NetworkInterfaceIds: ['eni-1'],
    PolicyDocument: '{"Statement":[]}',
    PrivateDnsEnabled: true,
    IpAddressType: 'dualstack',
    DnsOptions: { DnsRecordIpType: 'ipv6' },
    DnsEntries: [{ DnsName: 'b.example' }, {}, { DnsName: 'A.example' }],
    RequesterManaged: true,
    Tags: [{ Key: 'of', Value: 'me' }],
    CreationTimestamp: new Date('2026-01-02T03:04:05Z'),
  };
  expect(endpointFromSdk(endpoint)).toEqual({
    id: 'vpce-1',
    vpcId: 'vpc-1',
    serviceName: 'aws.api',
    state: 'available',
    subnetIds: ['subnet-1'],
    securityGroupIds: ['sg-1'],
    networkInterfaceIds: ['eni-1'],
    policy: { Statement: [] },
    privateDnsEnabled: true,
    ipAddressType: 'dualstack',
    dnsRecordIpType: 'ipv6',
    dnsNames: ['b.example', 'A.example'],
    requesterManaged: true,
    tags: { of: 'me' },
    createdAt: '2026-01-02T03:04:05.000Z',
  });
});

test('nothing is made up where AWS says nothing', () => {
  expect(endpointFromSdk(bare)).toEqual({
    id: 'vpce-1',
    vpcId: 'vpc-1',
    serviceName: 'aws.api',
    state: 'unknown',
    subnetIds: [],
    securityGroupIds: [],
    networkInterfaceIds: [],
    privateDnsEnabled: false,
    dnsNames: [],
    requesterManaged: false,
    tags: {},
  });
});

test.each(['VpcEndpointId', 'VpcId', 'ServiceName'] as const)(
  'without its %s it is no endpoint',
  (part) => {
    expect(endpointFromSdk({ ...bare, [part]: '' })).toBeUndefined();
    expect(endpointFromSdk({ ...bare, [part]: undefined })).toBeUndefined();
  },
);

test.each([
  ['pendingAcceptance', 'pendingacceptance'],
  ['PendingAcceptance', 'pendingacceptance'],
  ['Deleting', 'deleting'],
  ['partial', 'partial'],
  ['hibernating', 'unknown'],
  ['__proto__', 'unknown'],
])('the state %s is %s', (State, state) => {
  expect(endpointFromSdk({ ...bare, State } as VpcEndpoint)).toMatchObject({ state });
});

test.each<[Partial<VpcEndpoint>, object | undefined]>([
  [{ LastError: { Code: 'NoRoom', Message: 'full' } }, { code: 'NoRoom', message: 'full' }],
  [{ LastError: { Message: 'full' } }, { code: 'Unknown', message: 'full' }],
  [
    { LastError: { Code: 'NoRoom' }, FailureReason: 'the subnet' },
    { code: 'NoRoom', message: 'the subnet' },
  ],
  [{ FailureReason: 'the subnet' }, { code: 'Failed', message: 'the subnet' }],
  [{ FailureReason: '', LastError: {} }, undefined],
])('of %j the failure is %j', (fields, failure) => {
  expect(endpointFromSdk({ ...bare, ...fields })?.failure).toEqual(failure);
});
