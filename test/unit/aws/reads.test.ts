import { expect, test } from '@jest/globals';
import type { OutputOf } from '../../../src/aws/client/operations.ts';
import { ownershipTags } from '../../../src/plan/ownership/ownership.ts';
import { scriptedCloud } from './scripted-cloud.ts';
import { ec2Error, type Script } from './scripted-transport.ts';

const services = ['api', 'runtime', 'notebook', 'studio', 'metrics'].map((name) => `aws.${name}`);

/** A region that has some services; AWS fails the whole call for one that it does not have. */
function regionWith(known: readonly string[]): Script {
  return {
    'ec2:DescribeVpcEndpointServices': ({ ServiceNames = [] }) => {
      const unknown = ServiceNames.find((name) => !known.includes(name));
      if (unknown !== undefined)
        throw ec2Error('InvalidServiceName', `'${unknown}' does not exist`);
      return {
        ServiceDetails: ServiceNames.map((ServiceName) => ({
          ServiceName,
          ServiceType: [{ ServiceType: ServiceName === 's3' ? 'Gateway' : 'Interface' }],
        })),
      };
    },
  };
}

test('one unknown service does not hide the others, and costs one call from then on', async () => {
  const { look, transport } = scriptedCloud(regionWith(services));
  const question = { kind: 'EndpointServices', names: ['aws.no-such', ...services] } as const;
  const names = (await look(question)).map(({ name }) => name);
  expect(names.toSorted()).toEqual(services.toSorted());
  const before = transport.sent.length;
  expect(await look(question)).toHaveLength(services.length);
  expect(transport.sent.slice(before).map(({ input }) => input['ServiceNames'])).toEqual([
    services.toSorted(),
    ['aws.no-such'],
  ]);
});

test('services of other types are absent', async () => {
  const { look } = scriptedCloud(regionWith(['s3', 'aws.api']));
  const found = await look({ kind: 'EndpointServices', names: ['s3', 'aws.api'] });
  expect(found.map(({ name }) => name)).toEqual(['aws.api']);
});

/** Groups and endpoints of a cluster's links, in pages. */
function clusterOf(links: number, pageSize: number): Script {
  function page<Item>(items: readonly Item[], token: string | undefined) {
    const start = Number(token ?? 0);
    const end = start + pageSize;
    const NextToken = end < items.length ? { NextToken: `${end}` } : {};
    return { items: items.slice(start, end), NextToken };
  }
  const tags = (uid: number) => [
    { Key: ownershipTags.cluster, Value: 'cluster-1' },
    { Key: ownershipTags.uid, Value: `uid-${uid}` },
  ];
  const uids = Array.from({ length: links }, (_, index) => index);
  const VpcId = 'vpc-1';
  const groups = uids.map((uid) => ({ GroupId: `sg-${uid}`, VpcId, Tags: tags(uid) }));
  const endpoints = uids.map((uid) => ({
    VpcEndpointId: `vpce-${uid}`,
    VpcId,
    ServiceName: 'aws.api',
    Tags: tags(uid),
  }));
  return {
    'ec2:DescribeVpcEndpoints': ({ NextToken: token }) => {
      const { items, NextToken } = page(endpoints, token);
      return { VpcEndpoints: items, ...NextToken };
    },
    'ec2:DescribeSecurityGroups': ({ NextToken: token }) => {
      const { items, NextToken } = page(groups, token);
      return { SecurityGroups: items, ...NextToken };
    },
    'ec2:DescribeSecurityGroupRules': ({ Filters }) => ({
      SecurityGroupRules: (Filters?.[0]?.Values ?? []).map((GroupId) => ({
        GroupId,
        SecurityGroupRuleId: `rule-of-${GroupId}`,
        CidrIpv4: '10.0.0.0/8',
      })),
    }),
  };
}

function ownedBy(uid: number) {
  const owner = { clusterId: 'cluster-1', uid: `uid-${uid}`, name: `link-${uid}` };
  return { kind: 'Owned', owner } as const;
}

test('what all links own is read once, in pages, and each gets its own', async () => {
  const { lookAtOnce, transport } = scriptedCloud(clusterOf(450, 200));
  const answers = await lookAtOnce(Array.from({ length: 450 }, (_, uid) => ownedBy(uid)));
  for (const [uid, { endpoints, securityGroups }] of answers.entries()) {
    expect(endpoints.map(({ id }) => id)).toEqual([`vpce-${uid}`]);
    expect(securityGroups.map(({ id }) => id)).toEqual([`sg-${uid}`]);
    expect(securityGroups[0]?.rules).toMatchObject([{ id: `rule-of-sg-${uid}` }]);
  }
  // Three pages of endpoints, three of groups, and the rules by 200 groups.
  expect(transport.sent).toHaveLength(9);
});

test('a cluster that owns nothing costs two calls', async () => {
  const { look, transport } = scriptedCloud(clusterOf(0, 100));
  expect(await look(ownedBy(1))).toEqual({ endpoints: [], securityGroups: [] });
  expect(transport.sent.map(({ action }) => action).toSorted()).toEqual([
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeVpcEndpoints',
  ]);
});

test('ids go out 200 to a call, and those that are not there are absent', async () => {
  const ids = Array.from({ length: 450 }, (_, index) => `eni-${index}`);
  const { look, transport } = scriptedCloud({
    'ec2:DescribeNetworkInterfaces': ({ Filters }) => ({
      NetworkInterfaces: (Filters?.[0]?.Values ?? [])
        .filter((id) => id !== 'eni-7')
        .map((NetworkInterfaceId) => ({ NetworkInterfaceId, PrivateIpAddress: '10.0.0.1' })),
    }),
  });
  const found = await look({ kind: 'NetworkInterfaces', ids });
  expect(found).toHaveLength(449);
  const sizes = transport
    .inputsOf('ec2:DescribeNetworkInterfaces')
    .map(({ Filters }) => Filters?.[0]?.Values?.length);
  expect(sizes).toEqual([200, 200, 50]);
});

test('what uses groups is found for all of them by one call of each kind', async () => {
  const pairs = (...ids: string[]) => [{ UserIdGroupPairs: ids.map((GroupId) => ({ GroupId })) }];
  const { look, lookAtOnce, transport } = scriptedCloud({
    'ec2:DescribeNetworkInterfaces': () => ({
      NetworkInterfaces: [
        { NetworkInterfaceId: 'eni-1', Groups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-x' }] },
        {
          NetworkInterfaceId: 'eni-2',
          Groups: [{ GroupId: 'sg-2' }],
          InterfaceType: 'vpc_endpoint',
          Description: 'VPC Endpoint Interface vpce-0a1b',
        },
        {
          NetworkInterfaceId: 'eni-3',
          Groups: [{ GroupId: 'sg-2' }],
          InterfaceType: 'vpc_endpoint',
          Description: 'VPC Endpoint Interface vpce-0c2d',
        },
        {
          NetworkInterfaceId: 'eni-4',
          Groups: [{ GroupId: 'sg-2' }],
          InterfaceType: 'interface',
          Description: 'looks like vpce-0a1b',
        },
      ],
    }),
    'ec2:DescribeSecurityGroups': ({ Filters }) => ({
      SecurityGroups:
        Filters?.[0]?.Name === 'ip-permission.group-id'
          ? [{ GroupId: 'sg-in', IpPermissions: pairs('sg-1', 'sg-x') }]
          : [
              { GroupId: 'sg-out', IpPermissionsEgress: pairs('sg-2') },
              { GroupId: 'sg-2', IpPermissionsEgress: pairs('sg-2') },
            ],
    }),
    'ec2:DescribeVpcEndpoints': () => ({
      VpcEndpoints: [{ ...whole, VpcEndpointId: 'vpce-0a1b', State: 'Available', Tags: [] }],
    }),
  });
  const uses = (...groupIds: string[]) => ({ kind: 'SecurityGroupUses', groupIds }) as const;
  const [first] = await lookAtOnce([uses('sg-1', 'sg-2', 'sg-3'), uses('sg-3')]);
  expect(first).toEqual([
    { groupId: 'sg-1', interfaces: [{ id: 'eni-1' }], referringGroupIds: ['sg-in'] },
    {
      groupId: 'sg-2',
      interfaces: [
        { id: 'eni-2', endpoint: { id: 'vpce-0a1b', state: 'available', tags: {} } },
        { id: 'eni-3', endpoint: { id: 'vpce-0c2d', state: 'deleted', tags: {} } },
        { id: 'eni-4' },
      ],
      referringGroupIds: ['sg-out'],
    },
    { groupId: 'sg-3', interfaces: [], referringGroupIds: [] },
  ]);
  expect(transport.sent.map(({ action }) => action).toSorted()).toEqual([
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeVpcEndpoints',
  ]);
  expect(await look(uses('sg-3'))).toMatchObject([{ interfaces: [] }]);
});

test('a VPC that AWS does not know fails only those who asked about it', async () => {
  const { lookAtOnce, look } = scriptedCloud({
    'ec2:DescribeVpcAttribute': ({ VpcId, Attribute }) => {
      if (VpcId === 'vpc-0') throw ec2Error('InvalidVpcID.NotFound');
      return Attribute === 'enableDnsSupport'
        ? { EnableDnsSupport: { Value: true } }
        : { EnableDnsHostnames: { Value: false } };
    },
  });
  const attributesOf = (vpcId: string) => ({ kind: 'VpcDnsAttributes', vpcId }) as const;
  await expect(look(attributesOf('vpc-0'))).rejects.toMatchObject({ kind: 'NotFound' });
  const both = lookAtOnce([attributesOf('vpc-1')]);
  expect(await both).toEqual([{ enableDnsSupport: true, enableDnsHostnames: false }]);
});

test('a VPC is found by its exact tags although filters know wildcards', async () => {
  const tag = (Value: string) => [{ Key: 'env', Value }];
  const { look, transport } = scriptedCloud({
    'ec2:DescribeVpcs': () => ({
      Vpcs: [
        { VpcId: 'vpc-1', Tags: tag('a*') },
        { VpcId: 'vpc-2', Tags: tag('ab') },
      ],
    }),
  });
  const found = await look({ kind: 'Vpcs', selector: { tags: { env: 'a*' } } });
  expect(found.map(({ id }) => id)).toEqual(['vpc-1']);
  expect(transport.sent[0]?.input).toMatchObject({
    Filters: [{ Name: 'tag:env', Values: ['a*'] }],
  });
});

test('endpoints of several VPCs are one call, and each question gets its part', async () => {
  const { lookAtOnce, transport } = scriptedCloud({
    'ec2:DescribeVpcEndpoints': () => ({
      VpcEndpoints: [
        { VpcEndpointId: 'vpce-1', VpcId: 'vpc-1', ServiceName: 'aws.api' },
        { VpcEndpointId: 'vpce-2', VpcId: 'vpc-2', ServiceName: 'aws.api' },
        { VpcEndpointId: 'vpce-3', VpcId: 'vpc-2', ServiceName: 'aws.runtime' },
      ],
    }),
  });
  const question = (vpcId: string, serviceName: string) =>
    ({ kind: 'VpcEndpoints', vpcId, serviceNames: [serviceName] }) as const;
  const answers = await lookAtOnce([
    question('vpc-1', 'aws.api'),
    question('vpc-2', 'aws.runtime'),
  ]);
  expect(answers.map((endpoints) => endpoints.map(({ id }) => id))).toEqual([
    ['vpce-1'],
    ['vpce-3'],
  ]);
  expect(transport.sent).toHaveLength(1);
});

type SdkEndpoint = NonNullable<OutputOf<'ec2:DescribeVpcEndpoints'>['VpcEndpoints']>[number];

async function readEndpoint(fields: SdkEndpoint) {
  const { look } = scriptedCloud({
    'ec2:DescribeVpcEndpoints': () => ({
      VpcEndpoints: [{ VpcEndpointId: 'vpce-1', VpcId: 'v', ServiceName: 's', ...fields }],
    }),
  });
  return (await look({ kind: 'VpcEndpoints', vpcId: 'v', serviceNames: ['s'] }))[0];
}

test.each([
  ['pendingAcceptance', 'pendingacceptance'],
  ['Available', 'available'],
  ['deleted', 'deleted'],
  ['constructor', 'unknown'],
])('the state %s on the wire is %s', async (State, state) => {
  expect(await readEndpoint({ State } as unknown as SdkEndpoint)).toMatchObject({ state });
});

test.each([
  ['{"Statement": []}', { Statement: [] }],
  ['%7B%22Sid%22%3A%22a+b%22%7D', { Sid: 'a+b' }],
  ['no JSON', undefined],
  ['[]', undefined],
  ['%', undefined],
  ['', undefined],
])('the policy text %j is the document %j', async (PolicyDocument, policy) => {
  expect((await readEndpoint({ PolicyDocument }))?.policy).toEqual(policy);
});

test('a failed endpoint says why, and DNS names are as AWS has them', async () => {
  const names = ['vpce-1.b.example', 'Vpce-1.A.example', 'api.example'];
  const found = await readEndpoint({
    State: 'Failed',
    LastError: { Code: 'NoAddresses', Message: 'the subnet is full' },
    DnsEntries: names.map((DnsName) => ({ DnsName })),
  });
  expect(found?.failure).toEqual({ code: 'NoAddresses', message: 'the subnet is full' });
  expect(found?.dnsNames).toEqual(names);
});

const whole = { VpcEndpointId: 'vpce-1', VpcId: 'vpc-1', ServiceName: 'aws.api' };

test.each(['VpcEndpointId', 'VpcId', 'ServiceName'] as const)(
  'F23: an endpoint without its %s fails the read: it must not look unwanted or absent',
  async (part) => {
    const { look } = scriptedCloud({
      'ec2:DescribeVpcEndpoints': () => ({ VpcEndpoints: [whole, { ...whole, [part]: '' }] }),
    });
    await expect(
      look({ kind: 'VpcEndpoints', vpcId: 'vpc-1', serviceNames: ['aws.api'] }),
    ).rejects.toMatchObject({ kind: 'Unknown', code: 'IncompleteAnswer' });
  },
);

test('endpoints of resources and of service networks, which have no service, are left out', async () => {
  const { ServiceName: _, ...bare } = whole;
  const { look } = scriptedCloud({
    'ec2:DescribeVpcEndpoints': () => ({
      VpcEndpoints: [
        { ...bare, VpcEndpointType: 'Resource' },
        { ...bare, VpcEndpointType: 'ServiceNetwork' },
        whole,
      ],
    }),
  });
  const question = { kind: 'VpcEndpoints', vpcId: 'vpc-1', serviceNames: ['aws.api'] } as const;
  expect((await look(question)).map(({ id }) => id)).toEqual(['vpce-1']);
});
