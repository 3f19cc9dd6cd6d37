import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createOwnedReader } from '../../../src/aws/read-owned.ts';
import { createRuleMemory } from '../../../src/aws/security-group/rule-memory.ts';
import { apiService, type SimulatedCalls, startSimulatedCalls } from './simulated-calls.ts';
import { owner, tagsOf } from './simulated-cloud.ts';

let world: SimulatedCalls;

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
  const { endpoints, securityGroups } = await owned(ask());
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
    (await owned(ask())).securityGroups.map(({ rules }) => rules?.length);
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
  const nothing = { endpoints: [], securityGroups: [] };
  expect(await createOwnedReader('cluster-2', reading, createRuleMemory())(ask())).toMatchObject(
    nothing,
  );
});

test('a group whose rules AWS does not show has none', async () => {
  const { aws, reading, ask, answering } = world;
  const { id: vpcId } = aws.defaultVpc();
  aws.createSecurityGroup({ vpcId, name: 'one', tags: tagsOf('one') });
  answering('ec2:DescribeSecurityGroupRules', ({ $metadata }) => ({ $metadata }));
  const { securityGroups } = await createOwnedReader(
    owner.clusterId,
    reading,
    createRuleMemory(),
  )(ask());
  expect(securityGroups).toMatchObject([{ rules: [] }]);
});

test.each(['DescribeVpcEndpoints', 'DescribeSecurityGroups', 'DescribeSecurityGroupRules'])(
  'without %s nothing is known of what is owned: half of it would look like a loss',
  async (action) => {
    const { aws, simulator, reading, ask } = world;
    const { id: vpcId } = aws.defaultVpc();
    aws.createSecurityGroup({ vpcId, name: 'one', tags: tagsOf('one') });
    simulator.faults.add({ action, effect: { kind: 'deny' } });
    await expect(
      createOwnedReader(owner.clusterId, reading, createRuleMemory())(ask()),
    ).rejects.toMatchObject({
      kind: 'Denied',
      action: `ec2:${action}`,
    });
  },
);
