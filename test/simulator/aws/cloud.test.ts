import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../environment/eventually.ts';
import {
  apiService,
  owner,
  runtimeService,
  type SimulatedCloud,
  startSimulatedCloud,
  tagsOf,
} from './simulated-cloud.ts';

let world: SimulatedCloud;

beforeEach(async () => {
  // Long enough that the answer to a creation is read while the endpoint is pending, on a busy machine too.
  world = await startSimulatedCloud({ simulator: { pendingMs: 1_000 } });
});

afterEach(() => world.close());

const owned = { kind: 'Owned', owner } as const;

/** The link's endpoints once they satisfy the check. */
function endpointsOnce(check: (states: readonly string[]) => void) {
  return eventually(async () => {
    const { endpoints } = await world.look(owned);
    check(endpoints.map(({ state }) => state));
    return endpoints;
  });
}

test('an endpoint is pending, then available, then modified, then gone', async () => {
  const { aws, look, apply, creation, createGroup } = world;
  const groupId = await createGroup();
  const { endpoint } = await apply(creation({ securityGroupIds: [groupId] }));
  expect(endpoint.state).toBe('pending');
  const [available] = await endpointsOnce((states) => expect(states).toEqual(['available']));
  expect(available?.dnsNames).toContain('api.sagemaker.eu-west-1.amazonaws.com');
  expect(available?.dnsNames.some((name) => name.startsWith(`${endpoint.id}-`))).toBe(true);

  const ids = available?.networkInterfaceIds ?? [];
  const [networkInterface] = await look({ kind: 'NetworkInterfaces', ids });
  expect(networkInterface?.ipv4).toMatch(/^172\.31\./);

  const subnetIds = aws.subnets().map(({ id }) => id);
  await apply({
    kind: 'ModifyVpcEndpoint',
    reason: 'a zone more',
    endpointId: endpoint.id,
    addSubnetIds: subnetIds.slice(1, 2),
    removeSubnetIds: [],
    addSecurityGroupIds: [],
    removeSecurityGroupIds: [],
    addresses: [],
    policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }],
    },
    privateDnsEnabled: false,
  });
  const [modified] = await endpointsOnce((states) => expect(states).toEqual(['available']));
  expect(modified?.subnetIds.toSorted()).toEqual(subnetIds.slice(0, 2).toSorted());
  expect(modified?.privateDnsEnabled).toBe(false);
  expect(modified?.policy).toMatchObject({ Statement: [{ Effect: 'Deny' }] });

  const uses = { kind: 'SecurityGroupUses', groupIds: [groupId] } as const;
  expect((await look(uses))[0]?.interfaces[0]).toMatchObject({
    id: expect.stringMatching(/^eni-/),
    endpoint: { id: endpoint.id, state: 'available' },
  });
  // While the endpoint stands: how long it is on its way out a busy machine may not see.
  await expect(apply({ kind: 'DeleteSecurityGroup', reason: 'r', groupId })).rejects.toMatchObject({
    kind: 'InUse',
    code: 'DependencyViolation',
  });
  await apply({ kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds: [endpoint.id] });
  await endpointsOnce((states) => expect(states).toEqual([]));
  await apply({ kind: 'DeleteSecurityGroup', reason: 'r', groupId });
  await apply({ kind: 'DeleteVpcEndpoints', reason: 'again', endpointIds: [endpoint.id] });
  expect(await look(owned)).toEqual({ endpoints: [], securityGroups: [] });
  expect(aws.endpoints()).toEqual([]);
});

test('a creation that is repeated makes one endpoint', async () => {
  const { aws, apply, creation } = world;
  const first = await apply(creation({}));
  const second = await apply(creation({}));
  expect(second.endpoint.id).toBe(first.endpoint.id);
  expect(aws.endpoints()).toHaveLength(1);
});

test('F2: a creation whose answer was lost is found by its repeat', async () => {
  const { aws, simulator, apply, creation } = world;
  const effect = { kind: 'reset' } as const;
  simulator.faults.add({ action: 'CreateVpcEndpoint', nth: 1, when: 'after', effect });
  await expect(apply(creation({}))).rejects.toMatchObject({ kind: 'Unavailable' });
  const { endpoint } = await apply(creation({}));
  expect(aws.endpoints().map(({ id }) => id)).toEqual([endpoint.id]);
});

test('rules are authorised once and revoked for good', async () => {
  const { aws, look, apply, createGroup } = world;
  const groupId = await createGroup();
  const rules = ['10.0.0.0/8', '2001:db8::/32'].map((cidr) => ({ source: { cidr }, port: 443 }));
  const authorize = {
    kind: 'AuthorizeIngress',
    reason: 'r',
    groupId,
    tags: tagsOf('uid-1'),
  } as const;
  await apply({ ...authorize, rules: rules.slice(0, 1) });
  const answer = await apply({ ...authorize, rules });
  expect(answer.rules).toHaveLength(2);
  const egress = { id: '', isEgress: true, protocol: '-1', fromPort: -1, toPort: -1, tags: {} };
  const everywhere = [{ ...egress, source: { cidr: '0.0.0.0/0' } }];
  await apply({ kind: 'RevokeEgress', reason: 'r', groupId, rules: everywhere });
  expect((await look(owned)).securityGroups[0]?.rules).toHaveLength(2);
  const ruleIds = answer.rules.map(({ id }) => id);
  await apply({ kind: 'RevokeIngress', reason: 'r', groupId, ruleIds });
  await apply({ kind: 'RevokeIngress', reason: 'again', groupId, ruleIds });
  expect(aws.rules(groupId)).toEqual([]);
});

test('a name that is taken leads to the group that has it', async () => {
  const { aws, apply, createGroup } = world;
  const groupId = await createGroup('uid-1');
  const answer = await apply({
    kind: 'CreateSecurityGroup',
    reason: 'r',
    name: 'group-of-uid-1',
    description: 'd',
    vpcId: aws.defaultVpc().id,
    vpcHasIpv6: false,
    tags: tagsOf('uid-2'),
  });
  expect(answer).toMatchObject({ existed: true, group: { id: groupId, tags: tagsOf('uid-1') } });
});

test('services that the region does not have are absent', async () => {
  const names = [apiService, 'com.amazonaws.eu-west-1.sagemaker.no-such', runtimeService];
  const services = await world.look({ kind: 'EndpointServices', names });
  expect(services.map(({ name }) => name).toSorted()).toEqual([apiService, runtimeService]);
  expect(services[0]?.zones.length).toBeGreaterThan(0);
});

test.each([
  [
    'a private DNS name that is taken',
    () => ({ clientToken: 'token-2' }),
    { kind: 'Conflict', code: 'InvalidParameter' },
  ],
  [
    'a service that does not exist',
    () => ({ serviceName: 'com.amazonaws.eu-west-1.sagemaker.no-such', clientToken: 'token-2' }),
    { kind: 'Invalid', code: 'InvalidServiceName' },
  ],
  [
    'a subnet that does not exist',
    () => ({ subnetIds: ['subnet-00000000000000000'], clientToken: 'token-2' }),
    { kind: 'NotFound' },
  ],
])('%s is refused for good', async (_what, fields, error) => {
  await world.apply(world.creation({}));
  await expect(world.apply(world.creation(fields()))).rejects.toMatchObject(error);
});

test('a VPC without DNS hostnames refuses private DNS', async () => {
  const { aws, look, apply, creation } = world;
  const vpc = aws.createVpc({ cidr: '10.1.0.0/16', tags: { env: 'bare' } });
  const zone = aws.subnets()[0]?.zone ?? '';
  const subnet = aws.createSubnet({ vpcId: vpc.id, cidr: '10.1.0.0/24', zone });
  expect(await look({ kind: 'VpcDnsAttributes', vpcId: vpc.id })).toEqual({
    enableDnsSupport: true,
    enableDnsHostnames: false,
  });
  const found = await look({ kind: 'Vpcs', selector: { tags: { env: 'bare' } } });
  expect(found.map(({ id }) => id)).toEqual([vpc.id]);
  const wanted = creation({ vpcId: vpc.id, subnetIds: [subnet.id] });
  await expect(apply(wanted)).rejects.toMatchObject({
    kind: 'Invalid',
    message: expect.stringContaining('enableDnsHostnames'),
  });
});

test('F17: each permission that is missing is named', async () => {
  const { simulator, apply, look, creation } = world;
  simulator.faults.add({ action: 'CreateVpcEndpoint', effect: { kind: 'deny' } });
  await expect(apply(creation({}))).rejects.toMatchObject({
    kind: 'Denied',
    message: expect.stringMatching(/^ec2:CreateVpcEndpoint is denied/),
  });
  simulator.faults.add({ action: 'DescribeSecurityGroups', effect: { kind: 'deny' } });
  expect(await look(owned)).toMatchObject({
    unread: { securityGroups: { kind: 'Denied', action: 'ec2:DescribeSecurityGroups' } },
  });
  simulator.faults.add({ action: 'DescribeVpcEndpoints', effect: { kind: 'deny' } });
  await expect(look(owned)).rejects.toMatchObject({
    kind: 'Denied',
    action: 'ec2:DescribeVpcEndpoints',
  });
});

test('F7: a deletion that AWS refuses in its answer is a failure', async () => {
  const { aws, apply, creation } = world;
  const { endpoint } = await apply(creation({}));
  aws.refuseDelete(endpoint.id, { code: 'OperationInProgress', message: 'busy' });
  const deletion = { kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds: [endpoint.id] } as const;
  await expect(apply(deletion)).rejects.toMatchObject({ kind: 'InTransition' });
  aws.refuseDelete(endpoint.id, undefined);
  await apply(deletion);
});

test('a server that fails at times is asked again for reads', async () => {
  const { simulator, look } = world;
  const effect = { kind: 'error', code: 'InternalError', httpStatus: 500 } as const;
  simulator.faults.add({ action: 'DescribeVpcEndpoints', times: 1, effect });
  expect(await look(owned)).toEqual({ endpoints: [], securityGroups: [] });
  expect(simulator.callCounts()['DescribeVpcEndpoints']).toBe(2);
});

test('a change for which AWS finds no VPC ends the belief in older answers that there is one', async () => {
  const { aws, cloud } = world;
  const { id: vpcId } = aws.createVpc({ cidr: '10.8.0.0/16' });
  const { signal } = new AbortController();
  // As old as can be: the network is asked about every ten minutes while all is well.
  const known = () => cloud.look({ kind: 'Vpcs', selector: { id: vpcId } }, { since: 0, signal });
  expect(await known()).toHaveLength(1);
  aws.run('DeleteVpc', { VpcId: vpcId });
  expect(await known()).toHaveLength(1);
  const group = { name: 'group', description: 'd', vpcId, vpcHasIpv6: false };
  const tags = tagsOf('uid-1');
  const creation = { kind: 'CreateSecurityGroup', reason: 'r', ...group, tags } as const;
  await expect(cloud.apply(creation, { signal })).rejects.toMatchObject({
    kind: 'NotFound',
  });
  expect(await known()).toEqual([]);
});
