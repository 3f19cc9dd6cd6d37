/** The writers of endpoints, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createVpcEndpoint,
  modifyVpcEndpoint,
} from '../../../../src/aws/endpoint/write-endpoints.ts';
import type {
  CreateVpcEndpoint,
  ModifyVpcEndpoint,
} from '../../../../src/plan/endpoint/actions.ts';
import type { PolicyDocument } from '../../../../src/plan/facts.ts';
import type { SimulatorOptions } from '../../../../src/simulator/options.ts';
import { eventually } from '../../../environment/eventually.ts';
import { apiService, type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

/** Where a test needs times of its own. */
async function beginAnew(options: SimulatorOptions): Promise<void> {
  await world.close();
  world = await startSimulatedCalls(options);
}

/** Subnets of the default VPC, one a zone. */
function subnetIds(): readonly string[] {
  return world.aws.subnets(world.aws.defaultVpc().id).map(({ id }) => id);
}

function creation(fields: Partial<CreateVpcEndpoint> = {}): CreateVpcEndpoint {
  return {
    kind: 'CreateVpcEndpoint',
    reason: 'r',
    serviceName: apiService,
    vpcId: world.aws.defaultVpc().id,
    subnetIds: subnetIds().slice(0, 1),
    addresses: [],
    securityGroupIds: [],
    ipAddressType: 'ipv4',
    privateDnsEnabled: false,
    tags: { of: 'me' },
    clientToken: 'token',
    ...fields,
  };
}

function allowing(Resource: string): PolicyDocument {
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sagemaker:*', Resource }];
  return { Version: '2012-10-17', Statement };
}

function endpointOf(id: string) {
  return world.aws.endpoints().find((endpoint) => endpoint.id === id);
}

/** An endpoint that AWS is done with. */
async function availableEndpoint(fields: Partial<CreateVpcEndpoint> = {}): Promise<string> {
  const { endpoint } = await createVpcEndpoint(creation(fields), world.writing);
  await isAvailable(endpoint.id);
  return endpoint.id;
}

async function isAvailable(id: string): Promise<void> {
  await eventually(async () => expect(endpointOf(id)?.state).toBe('available'));
}

test('an endpoint is what was asked for, and not what AWS would have chosen', async () => {
  const { id: group } = world.aws.createSecurityGroup({ vpcId: creation().vpcId, name: 'g' });
  const [subnetId = ''] = subnetIds();
  const policy = allowing('arn:aws:sagemaker:*:*:model/*');
  const { endpoint } = await createVpcEndpoint(
    creation({
      addresses: [{ subnetId, ipv4: '172.31.0.77' }],
      securityGroupIds: [group],
      policy,
      dnsRecordIpType: 'ipv4',
    }),
    world.writing,
  );
  expect(endpoint).toMatchObject({
    state: 'pending',
    serviceName: apiService,
    subnetIds: [subnetId],
    securityGroupIds: [group],
    policy,
    privateDnsEnabled: false,
    ipAddressType: 'ipv4',
    dnsRecordIpType: 'ipv4',
    tags: { of: 'me' },
  });
  expect(endpointOf(endpoint.id)).toMatchObject({ type: 'Interface', tags: { of: 'me' } });
  expect(world.aws.interfaces()).toMatchObject([{ subnetId, ipv4: '172.31.0.77' }]);
});

test('one token makes one endpoint, and another one when that was deleted', async () => {
  // For as long as the test takes AWS knows of the first one by its token.
  await beginAnew({ deletingMs: 600_000 });
  const first = await availableEndpoint();
  const { endpoint: again } = await createVpcEndpoint(creation(), world.writing);
  expect(again.id).toBe(first);
  world.aws.deleteEndpoint(first);
  const { endpoint: second } = await createVpcEndpoint(creation(), world.writing);
  expect(second.id).not.toBe(first);
  const { endpoint: repeated } = await createVpcEndpoint(creation(), world.writing);
  expect(repeated.id).toBe(second.id);
  expect(world.aws.endpointHistory()).toHaveLength(2);
});

test('an answer without an id is no endpoint, and one without VPC and service is of those asked for', async () => {
  const { answering, writing } = world;
  answering('ec2:CreateVpcEndpoint', ({ $metadata }) => ({ $metadata }));
  await expect(createVpcEndpoint(creation(), writing)).rejects.toMatchObject({
    code: 'IncompleteAnswer',
  });
  answering('ec2:CreateVpcEndpoint', (answer) => {
    const { VpcEndpointId } = answer.VpcEndpoint ?? {};
    return { ...answer, VpcEndpoint: { VpcEndpointId } };
  });
  const { endpoint } = await createVpcEndpoint(creation(), writing);
  expect(endpoint).toMatchObject({ vpcId: creation().vpcId, serviceName: apiService });
  expect(world.aws.endpoints()).toHaveLength(1);
});

test('tokens that lead only to deleted endpoints come to an end', async () => {
  const { answering, sent, writing } = world;
  answering('ec2:CreateVpcEndpoint', (answer) => ({
    ...answer,
    VpcEndpoint: { ...answer.VpcEndpoint, State: 'Deleted' },
  }));
  await expect(createVpcEndpoint(creation(), writing)).rejects.toMatchObject({
    code: 'IncompleteAnswer',
  });
  expect(sent('CreateVpcEndpoint')).toBe(20);
});

test('a creation that AWS refuses makes nothing', async () => {
  const refused = createVpcEndpoint(
    creation({ securityGroupIds: ['sg-0123456789abcdef0'] }),
    world.writing,
  );
  await expect(refused).rejects.toMatchObject({ kind: 'NotFound' });
  expect(world.aws.endpoints()).toEqual([]);
});

function modification(fields: Partial<ModifyVpcEndpoint>): ModifyVpcEndpoint {
  return {
    kind: 'ModifyVpcEndpoint',
    reason: 'r',
    endpointId: '',
    addSubnetIds: [],
    removeSubnetIds: [],
    addSecurityGroupIds: [],
    removeSecurityGroupIds: [],
    addresses: [],
    ...fields,
  };
}

test('all changes of an endpoint are one call, and the rest of it stays', async () => {
  const { aws, sent, writing } = world;
  const [first = '', second = ''] = subnetIds();
  const { vpcId } = creation();
  const [old, fresh] = ['old', 'fresh'].map((name) => aws.createSecurityGroup({ vpcId, name }).id);
  const policy = allowing('arn:aws:sagemaker:*:*:model/*');
  const endpointId = await availableEndpoint({ securityGroupIds: [old ?? ''], policy });
  await modifyVpcEndpoint(
    modification({
      endpointId,
      addSubnetIds: [second],
      removeSubnetIds: [first],
      addSecurityGroupIds: [fresh ?? ''],
      removeSecurityGroupIds: [old ?? ''],
      addresses: [{ subnetId: second, ipv4: '172.31.16.77' }],
    }),
    writing,
  );
  expect(endpointOf(endpointId)).toMatchObject({
    groupIds: [fresh],
    privateDnsEnabled: false,
    policy: JSON.stringify(policy),
  });
  expect(aws.interfaces()).toMatchObject([{ subnetId: second, ipv4: '172.31.16.77' }]);
  expect(sent('ModifyVpcEndpoint')).toBe(1);
  await isAvailable(endpointId);
  const open = allowing('*');
  const rest = { policy: open, privateDnsEnabled: true, dnsRecordIpType: 'ipv4' } as const;
  aws.setVpcDns(vpcId, { enableDnsHostnames: true });
  await modifyVpcEndpoint(modification({ endpointId, ipAddressType: 'ipv4', ...rest }), writing);
  expect(endpointOf(endpointId)).toMatchObject({
    groupIds: [fresh],
    privateDnsEnabled: true,
    policy: JSON.stringify(open),
  });
});

test('a modification of what AWS is at work on, or does not know, is an error', async () => {
  await beginAnew({ pendingMs: 600_000 });
  const { writing } = world;
  const { endpoint } = await createVpcEndpoint(creation(), writing);
  const change = { privateDnsEnabled: false };
  await expect(
    modifyVpcEndpoint(modification({ endpointId: endpoint.id, ...change }), writing),
  ).rejects.toMatchObject({ kind: 'InTransition' });
  const endpointId = 'vpce-0123456789abcdef0';
  await expect(
    modifyVpcEndpoint(modification({ endpointId, ...change }), writing),
  ).rejects.toMatchObject({ kind: 'NotFound' });
});
