import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CloudError } from '../../../src/plan/cloud.ts';
import type { PartRead } from '../../../src/aws/consistency/merged-part.ts';
import { createOwnedReader } from '../../../src/aws/read-owned.ts';
import { createRuleMemory } from '../../../src/aws/security-group/rule-memory.ts';
import { apiService, type SimulatedCalls, startSimulatedCalls } from './simulated-calls.ts';
import { owner, tagsOf } from './simulated-cloud.ts';

let world: SimulatedCalls;

/** The parts of a read, which has to have both. */
async function wholeOf(reading: ReturnType<ReturnType<typeof createOwnedReader>>) {
  const { endpoints, securityGroups } = await partsOf(reading);
  if (endpoints instanceof CloudError) throw endpoints;
  if (securityGroups instanceof CloudError) throw securityGroups;
  return { endpoints: endpoints.all, securityGroups: securityGroups.all };
}

/** A read with its facts. */
async function partsOf(reading: ReturnType<ReturnType<typeof createOwnedReader>>) {
  const { endpoints, securityGroups } = await reading;
  return {
    endpoints: endpoints instanceof CloudError ? endpoints : factsIn(endpoints),
    securityGroups: securityGroups instanceof CloudError ? securityGroups : factsIn(securityGroups),
  };
}

function factsIn<T>(part: PartRead<T> & { readonly rulesError?: CloudError }) {
  return { ...part, all: part.all.map((one) => one.fact()) };
}

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

function createEndpoint(uid: string): void {
  const { id: VpcId } = world.aws.defaultVpc();
  const tags = Object.entries(tagsOf(uid)).flatMap(([key, value], index) => [
    [`TagSpecification.1.Tag.${index + 1}.Key`, key],
    [`TagSpecification.1.Tag.${index + 1}.Value`, value],
  ]);
  world.aws.run('CreateVpcEndpoint', {
    VpcId,
    ServiceName: apiService,
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: 'false',
    'SubnetId.1': world.aws.subnets(VpcId)[0]?.id ?? '',
    'TagSpecification.1.ResourceType': 'vpc-endpoint',
    ...Object.fromEntries(tags),
  });
}

test('all that carries the cluster’s id is read, groups with their rules, and nothing else', async () => {
  const { aws, reading, ask, sent } = world;
  const { id: vpcId } = aws.defaultVpc();
  const [one, two] = ['one', 'two'].map(
    (name) => aws.createSecurityGroup({ vpcId, name, tags: tagsOf(name) }).id,
  );
  aws.addIngressRule(one ?? '', '10.0.0.0/8', 443);
  aws.createSecurityGroup({ vpcId, name: 'theirs', tags: { of: 'them' } });
  createEndpoint('one');
  const owned = createOwnedReader(owner.clusterId, reading, createRuleMemory());
  const { endpoints, securityGroups } = await wholeOf(owned(ask()));
  expect(endpoints.map(({ tags }) => tags)).toEqual([tagsOf('one')]);
  expect(securityGroups.map(({ id, rules }) => ({ id, rules: rules?.length }))).toEqual([
    { id: one, rules: 2 },
    { id: two, rules: 1 },
  ]);
  // However many ask at a time, they share the calls.
  await Promise.all([owned(ask()), owned(ask())]);
  expect(sent('DescribeVpcEndpoints')).toBe(2);
  expect(sent('DescribeSecurityGroupRules')).toBe(1);
});

test('rules are read again of the groups that have other ones, and of no others', async () => {
  const { aws, reading, ask, sent } = world;
  const { id: vpcId } = aws.defaultVpc();
  const [, two = ''] = ['one', 'two'].map(
    (name) => aws.createSecurityGroup({ vpcId, name, tags: tagsOf(name) }).id,
  );
  const owned = createOwnedReader(owner.clusterId, reading, createRuleMemory());
  const rulesNow = async (): Promise<readonly (number | undefined)[]> =>
    (await wholeOf(owned(ask()))).securityGroups.map(({ rules }) => rules?.length);
  expect(await rulesNow()).toEqual([1, 1]);
  expect(await rulesNow()).toEqual([1, 1]);
  expect(sent('DescribeSecurityGroupRules')).toBe(1);
  aws.addIngressRule(two, '10.0.0.0/8', 443);
  expect(await rulesNow()).toEqual([1, 2]);
  expect(sent('DescribeSecurityGroupRules')).toBe(2);
});

test('another cluster owns nothing here', async () => {
  createEndpoint('one');
  const { reading, ask } = world;
  const owned = createOwnedReader('cluster-2', reading, createRuleMemory());
  expect(await wholeOf(owned(ask()))).toEqual({ endpoints: [], securityGroups: [] });
});

test('a group whose rules AWS does not show has none', async () => {
  const { aws, reading, ask, answering } = world;
  const { id: vpcId } = aws.defaultVpc();
  aws.createSecurityGroup({ vpcId, name: 'one', tags: tagsOf('one') });
  answering('ec2:DescribeSecurityGroupRules', ({ $metadata }) => ({ $metadata }));
  const owned = createOwnedReader(owner.clusterId, reading, createRuleMemory());
  const { securityGroups } = await wholeOf(owned(ask()));
  expect(securityGroups).toMatchObject([{ rules: [] }]);
});

function denial(action: string) {
  return expect.objectContaining({ kind: 'Denied', action: `ec2:${action}` });
}

/** A link with one of each, and a way to deny its calls. */
function denying() {
  const { aws, simulator, reading } = world;
  const { id: vpcId } = aws.defaultVpc();
  aws.createSecurityGroup({ vpcId, name: 'one', tags: tagsOf('one') });
  createEndpoint('one');
  const owned = createOwnedReader(owner.clusterId, reading, createRuleMemory());
  const deny = (action: string) =>
    simulator.faults.add({ action, effect: { kind: 'deny' } }) as { remove(): void };
  return { owned, deny };
}

test('a part that is denied is missing with its reason, and the others are there', async () => {
  const { ask } = world;
  const { owned, deny } = denying();
  const endpoints = { all: [expect.objectContaining({ tags: tagsOf('one') })] };
  const fault = deny('DescribeSecurityGroups');
  expect(await partsOf(owned(ask()))).toEqual({
    endpoints: expect.objectContaining(endpoints),
    securityGroups: denial('DescribeSecurityGroups'),
  });
  fault.remove();
  deny('DescribeVpcEndpoints');
  expect(await partsOf(owned(ask()))).toMatchObject({
    endpoints: denial('DescribeVpcEndpoints'),
    securityGroups: { all: [{ name: 'one', rules: [{ isEgress: true }] }] },
  });
});

test('rules that are denied are missing of the groups that need them read', async () => {
  const { aws, ask } = world;
  const { owned, deny } = denying();
  const { id: vpcId } = aws.defaultVpc();
  await owned(ask());
  const fault = deny('DescribeSecurityGroupRules');
  // They are known from their permissions, which are as they were.
  expect(await wholeOf(owned(ask()))).toMatchObject({ securityGroups: [{ rules: [{}] }] });
  aws.createSecurityGroup({ vpcId, name: 'two', tags: tagsOf('two') });
  const { securityGroups } = await partsOf(owned(ask()));
  expect(securityGroups).toMatchObject({
    rulesError: denial('DescribeSecurityGroupRules'),
    all: [{ name: 'one', rules: [{}] }, { name: 'two' }],
  });
  expect(securityGroups).not.toMatchObject({ all: [{}, { rules: [] }] });
  fault.remove();
  expect(await partsOf(owned(ask()))).toMatchObject({
    securityGroups: { all: [{ rules: [{}] }, { rules: [{}] }] },
  });
});

test('a part that failed is asked for again, and one that did not is not', async () => {
  const { ask, sent } = world;
  const { owned, deny } = denying();
  const asked = ask();
  const fault = deny('DescribeSecurityGroups');
  await owned(asked);
  fault.remove();
  await wholeOf(owned(asked));
  expect(sent('DescribeVpcEndpoints')).toBe(1);
  expect(sent('DescribeSecurityGroups')).toBe(2);
});

test('where no part can be read the look fails', async () => {
  const { ask } = world;
  const { owned, deny } = denying();
  deny('DescribeSecurityGroups');
  deny('DescribeVpcEndpoints');
  await expect(owned(ask())).rejects.toEqual(denial('DescribeVpcEndpoints'));
});

test('asking that is cut off says nothing of any part', async () => {
  const { ask } = world;
  const { owned } = denying();
  const shutdown = new AbortController();
  const asking = owned({ ...ask(), signal: shutdown.signal });
  shutdown.abort();
  await expect(asking).rejects.toMatchObject({ kind: 'Aborted' });
  await wholeOf(owned(ask()));
});
