import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import type { Vpc } from '../../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../../src/plan/looks.ts';
import { ownershipTags } from '../../../src/plan/ownership/ownership.ts';
import { countByAction, region, useMotoCloud } from './moto-cloud.ts';

const apiService = `com.amazonaws.${region}.sagemaker.api`;
const runtimeService = `com.amazonaws.${region}.sagemaker.runtime`;

const aws = useMotoCloud();
const { look, apply } = aws;
let vpc: Vpc;

beforeEach(async () => {
  vpc = await defaultVpc();
  aws.calls.length = 0;
});

/** Moto starts with a default VPC, whose id only a look by other means tells. */
async function defaultVpc(): Promise<Vpc> {
  const client = new EC2Client({ region });
  const Filters = [{ Name: 'is-default', Values: ['true'] }];
  const { Vpcs: [found] = [] } = await client.send(new DescribeVpcsCommand({ Filters }));
  const [only] = await look({ kind: 'Vpcs', selector: { id: found?.VpcId ?? '' } });
  if (only === undefined) throw new Error('moto has no default VPC');
  return only;
}

function ownerOf(uid: string): OwnerIdentity {
  return { clusterId: 'cluster-1', uid, name: uid };
}

function tagsOf(uid: string, role: string): Record<string, string> {
  const { cluster, name } = ownershipTags;
  return {
    [cluster]: 'cluster-1',
    [ownershipTags.uid]: uid,
    [name]: uid,
    [ownershipTags.role]: role,
  };
}

async function createGroup(uid: string): Promise<string> {
  const { group } = await apply({
    kind: 'CreateSecurityGroup',
    reason: 'missing',
    name: `group-of-${uid}`,
    description: 'test',
    vpcId: vpc.id,
    vpcHasIpv6: false,
    tags: tagsOf(uid, 'security-group'),
  });
  return group.id;
}

async function createEndpoint(uid: string, serviceName: string, groupId: string): Promise<string> {
  const subnets = await look({ kind: 'Subnets', vpcId: vpc.id });
  const { endpoint } = await apply({
    kind: 'CreateVpcEndpoint',
    reason: 'missing',
    serviceName,
    vpcId: vpc.id,
    subnetIds: subnets.slice(0, 2).map(({ id }) => id),
    addresses: [],
    securityGroupIds: [groupId],
    ipAddressType: 'ipv4',
    privateDnsEnabled: true,
    policy: { Version: '2012-10-17', Statement: [] },
    tags: tagsOf(uid, 'endpoint'),
    clientToken: `${uid}-${serviceName}`,
  });
  return endpoint.id;
}

test('the caller, the network and the services are read as facts', async () => {
  expect(await look({ kind: 'Caller' })).toMatchObject({
    account: '123456789012',
    partition: 'aws',
  });
  expect(vpc.cidrs).toEqual(['172.31.0.0/16']);
  expect(await look({ kind: 'VpcDnsAttributes', vpcId: vpc.id })).toEqual({
    enableDnsSupport: true,
    enableDnsHostnames: true,
  });
  const subnets = await look({ kind: 'Subnets', vpcId: vpc.id });
  expect(subnets.map(({ zone }) => zone).sort()).toContain('us-east-1a');
  const names = [apiService, 'com.amazonaws.us-east-1.sagemaker.no-such-thing', runtimeService];
  const services = await look({ kind: 'EndpointServices', names });
  expect(services.map(({ name }) => name).sort()).toEqual([apiService, runtimeService]);
  expect(services[0]?.privateDnsNames).not.toEqual([]);
});

test('what a link creates is its own until it is deleted', async () => {
  const owner = ownerOf('uid-1');
  const groupId = await createGroup('uid-1');
  const rule = { source: { cidr: '172.31.0.0/16' }, port: 443, description: 'clients' };
  const { rules } = await apply({
    kind: 'AuthorizeIngress',
    reason: 'missing',
    groupId,
    rules: [rule],
    tags: {},
  });
  expect(rules).toMatchObject([{ protocol: 'tcp', fromPort: 443, toPort: 443, isEgress: false }]);
  const endpointId = await createEndpoint('uid-1', apiService, groupId);

  const owned = await look({ kind: 'Owned', owner });
  expect(owned.endpoints).toMatchObject([
    { id: endpointId, state: 'available', serviceName: apiService, securityGroupIds: [groupId] },
  ]);
  expect(owned.endpoints[0]?.policy).toEqual({ Version: '2012-10-17', Statement: [] });
  expect(owned.securityGroups).toMatchObject([{ id: groupId, name: 'group-of-uid-1' }]);
  expect(await look({ kind: 'Owned', owner: ownerOf('uid-2') })).toEqual({
    endpoints: [],
    securityGroups: [],
  });

  const [endpoint] = owned.endpoints;
  const interfaces = await look({
    kind: 'NetworkInterfaces',
    ids: endpoint?.networkInterfaceIds ?? [],
  });
  expect(new Set(interfaces.map(({ subnetId }) => subnetId))).toEqual(
    new Set(endpoint?.subnetIds ?? []),
  );

  await apply({ kind: 'DeleteVpcEndpoints', reason: 'deleted', endpointIds: [endpointId] });
  await apply({ kind: 'DeleteSecurityGroup', reason: 'deleted', groupId });
  await apply({ kind: 'DeleteSecurityGroup', reason: 'again', groupId });
  const after = await look({ kind: 'Owned', owner });
  expect(after.securityGroups).toEqual([]);
  expect(after.endpoints.map(({ state }) => state)).toEqual(['deleted']);
});

test('an endpoint shows its modification and its new tags', async () => {
  const owner = ownerOf('uid-1');
  const endpointId = await createEndpoint('uid-1', apiService, await createGroup('uid-1'));
  const [, , third] = await look({ kind: 'Subnets', vpcId: vpc.id });
  await apply({
    kind: 'ModifyVpcEndpoint',
    reason: 'a zone more',
    endpointId,
    addSubnetIds: [third?.id ?? ''],
    removeSubnetIds: [],
    addSecurityGroupIds: [],
    removeSecurityGroupIds: [],
    addresses: [],
    policy: { Version: '2012-10-17', Statement: [{ Effect: 'Deny' }] },
  });
  await apply({
    kind: 'CreateTags',
    subject: 'EndpointsAvailable',
    reason: 'new',
    resourceIds: [endpointId],
    tags: { team: 'ml', old: '' },
  });
  await apply({
    kind: 'DeleteTags',
    subject: 'EndpointsAvailable',
    reason: 'unwanted',
    resourceIds: [endpointId],
    keys: ['old'],
  });
  const { endpoints } = await look({ kind: 'Owned', owner });
  const [endpoint] = endpoints;
  expect(endpoint?.subnetIds).toContain(third?.id);
  expect(endpoint?.policy).toMatchObject({ Statement: [{ Effect: 'Deny' }] });
  expect(endpoint?.tags).toMatchObject({ team: 'ml' });
  expect(endpoint?.tags).not.toHaveProperty('old');
  expect(endpoint).not.toHaveProperty('settling');
  const inVpc = { kind: 'VpcEndpoints', vpcId: vpc.id, serviceNames: [apiService] } as const;
  expect((await look(inVpc)).map(({ id }) => id)).toEqual([endpointId]);
});

test('a group whose name is taken is returned as it is', async () => {
  const groupId = await createGroup('uid-1');
  const answer = await apply({
    kind: 'CreateSecurityGroup',
    reason: 'missing',
    name: 'group-of-uid-1',
    description: 'test',
    vpcId: vpc.id,
    vpcHasIpv6: false,
    tags: tagsOf('uid-2', 'security-group'),
  });
  expect(answer).toMatchObject({ existed: true, group: { id: groupId } });
  expect(answer.group.tags[ownershipTags.uid]).toBe('uid-1');
});

test('rules are added once, whatever was there before', async () => {
  const groupId = await createGroup('uid-1');
  const first = { source: { cidr: '10.0.0.0/8' }, port: 443 };
  const second = { source: { securityGroupId: groupId }, port: 443 };
  const third = { source: { cidr: '2001:db8::/32' }, port: 443 };
  const add = (rules: readonly (typeof first | typeof second | typeof third)[]) =>
    apply({ kind: 'AuthorizeIngress', reason: 'r', groupId, rules, tags: {} });
  await add([first]);
  const { rules } = await add([first, second, third]);
  expect(rules.map(({ source }) => source)).toEqual(
    expect.arrayContaining([first.source, second.source, third.source]),
  );
  const [group] = (await look({ kind: 'Owned', owner: ownerOf('uid-1') })).securityGroups;
  expect(group?.rules?.filter(({ isEgress }) => !isEgress)).toHaveLength(3);
});

test('the egress rule that was never read is revoked by its content', async () => {
  const groupId = await createGroup('uid-1');
  const rule = { isEgress: true, protocol: '-1', fromPort: -1, toPort: -1, tags: {} };
  const rules = [{ ...rule, id: '', source: { cidr: '0.0.0.0/0' } }];
  const revoke = { kind: 'RevokeEgress', reason: 'unused', groupId, rules } as const;
  await apply(revoke);
  await apply(revoke);
  const [group] = (await look({ kind: 'Owned', owner: ownerOf('uid-1') })).securityGroups;
  expect(group?.rules).toEqual([]);
});

test('twenty links that look at once cost as many calls as one', async () => {
  const uids = Array.from({ length: 20 }, (_, index) => `uid-${index}`);
  for (const uid of uids) await createGroup(uid);
  aws.calls.length = 0;
  await Promise.all(
    uids.map(async (uid) => {
      await look({ kind: 'Caller' });
      await look({ kind: 'Vpcs', selector: { id: vpc.id } });
      await look({ kind: 'Subnets', vpcId: vpc.id });
      await look({ kind: 'VpcDnsAttributes', vpcId: vpc.id });
      await look({ kind: 'EndpointServices', names: [apiService, runtimeService] });
      await look({ kind: 'VpcEndpoints', vpcId: vpc.id, serviceNames: [apiService] });
      const { securityGroups } = await look({ kind: 'Owned', owner: ownerOf(uid) });
      expect(securityGroups).toHaveLength(1);
    }),
  );
  expect(countByAction(aws.calls)).toEqual({
    GetCallerIdentity: 1,
    DescribeVpcs: 1,
    DescribeSubnets: 1,
    DescribeVpcAttribute: 2,
    DescribeVpcEndpointServices: 1,
    DescribeVpcEndpoints: 2,
    DescribeSecurityGroups: 1,
    DescribeSecurityGroupRules: 1,
  });
});

test('links that are deleted at the same time share one call', async () => {
  const groupId = await createGroup('uid-1');
  const ids = [
    await createEndpoint('uid-1', apiService, groupId),
    await createEndpoint('uid-1', runtimeService, groupId),
  ];
  aws.calls.length = 0;
  await Promise.all(
    ids.map((id) => apply({ kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds: [id] })),
  );
  expect(countByAction(aws.calls)).toEqual({ DeleteVpcEndpoints: 1 });
});

test('a VPC that does not exist is absent, and has no DNS attributes', async () => {
  expect(await look({ kind: 'Vpcs', selector: { id: 'vpc-00000000' } })).toEqual([]);
  await expect(look({ kind: 'VpcDnsAttributes', vpcId: 'vpc-00000000' })).rejects.toMatchObject({
    kind: 'NotFound',
    action: 'ec2:DescribeVpcAttribute',
    code: 'InvalidVpcID.NotFound',
  });
});
