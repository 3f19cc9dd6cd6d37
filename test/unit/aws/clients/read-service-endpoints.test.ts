import { expect, test } from '@jest/globals';
import { scriptedCloud } from '../scripted-cloud.ts';
import type { Script } from '../scripted-transport.ts';

const VpcId = 'vpc-1';
const [sts, s3] = ['com.amazonaws.eu-west-1.sts', 'com.amazonaws.eu-west-1.s3'];
const look = { kind: 'ClientServices', vpcId: VpcId, serviceNames: [s3, sts] } as const;

const script: Script = {
  'ec2:DescribeVpcEndpoints': ({ Filters = [] }) => {
    const names = Filters.find(({ Name }) => Name === 'service-name')?.Values ?? [];
    const all = [
      {
        VpcEndpointId: 'vpce-1',
        VpcId,
        ServiceName: sts,
        VpcEndpointType: 'Interface' as const,
        State: 'available' as never,
        NetworkInterfaceIds: ['eni-1', 'eni-2'],
      },
      {
        VpcEndpointId: 'vpce-2',
        VpcId,
        ServiceName: s3,
        VpcEndpointType: 'Gateway' as const,
        State: 'available' as never,
      },
      {
        VpcEndpointId: 'vpce-3',
        VpcId,
        ServiceName: sts,
        VpcEndpointType: 'Interface' as const,
        State: 'deleting' as never,
        NetworkInterfaceIds: ['eni-3'],
      },
    ];
    return { VpcEndpoints: all.filter(({ ServiceName }) => names.includes(ServiceName)) };
  },
  'ec2:DescribeNetworkInterfaces': ({ Filters = [] }) => ({
    NetworkInterfaces: (Filters[0]?.Values ?? []).map((NetworkInterfaceId) => ({
      NetworkInterfaceId,
      PrivateIpAddress: `10.0.0.${NetworkInterfaceId.slice(4)}`,
    })),
  }),
  'ec2:DescribeManagedPrefixLists': () => ({
    PrefixLists: [
      { PrefixListId: 'pl-1', PrefixListName: s3, OwnerId: 'AWS' },
      { PrefixListId: 'pl-2', PrefixListName: s3, OwnerId: '111122223333' },
    ],
  }),
  'ec2:GetManagedPrefixListEntries': ({ PrefixListId, NextToken }) =>
    NextToken === undefined
      ? {
          Entries: [{ Cidr: PrefixListId === 'pl-1' ? '52.218.0.0/17' : '0.0.0.0/0' }],
          NextToken: '2',
        }
      : { Entries: [{ Cidr: '3.5.64.0/21' }] },
};

test('an interface endpoint has its addresses, a gateway the blocks of AWS’s own list', async () => {
  const { look: ask } = scriptedCloud(script);
  const found = await ask(look);
  expect(found.toSorted((a, b) => (a.serviceName < b.serviceName ? -1 : 1))).toEqual([
    {
      serviceName: s3,
      state: 'available',
      addresses: [],
      isPartlyShown: false,
      cidrs: ['3.5.64.0/21', '52.218.0.0/17'],
    },
    {
      serviceName: sts,
      state: 'available',
      addresses: ['10.0.0.1', '10.0.0.2'],
      isPartlyShown: false,
      cidrs: [],
    },
  ]);
});

test('many links share the calls, and the lists are read again only after minutes', async () => {
  const { lookAtOnce, look: ask, transport } = scriptedCloud(script);
  await lookAtOnce(Array.from({ length: 20 }, () => look));
  const count = (action: string): number =>
    transport.sent.filter((one) => one.action === action).length;
  expect(count('ec2:DescribeVpcEndpoints')).toBe(1);
  expect(count('ec2:GetManagedPrefixListEntries')).toBe(2);
  await ask(look);
  expect(count('ec2:DescribeVpcEndpoints')).toBe(2);
  expect(count('ec2:GetManagedPrefixListEntries')).toBe(2);
});

test('an endpoint of which AWS does not show each interface is said to be partly shown', async () => {
  const { look: ask } = scriptedCloud({
    ...script,
    'ec2:DescribeNetworkInterfaces': () => ({
      NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.0.1' }],
    }),
  });
  const found = await ask(look);
  expect(found.find(({ serviceName }) => serviceName === sts)).toMatchObject({
    addresses: ['10.0.0.1'],
    isPartlyShown: true,
  });
});
