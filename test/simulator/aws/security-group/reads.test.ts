/** The readers of security groups, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSecurityGroupUsesReader } from '../../../../src/aws/security-group/read-security-group-uses.ts';
import {
  createSecurityGroupsReader,
  findRules,
  findSecurityGroups,
} from '../../../../src/aws/security-group/read-security-groups.ts';
import {
  accountId,
  apiService,
  type SimulatedCalls,
  startSimulatedCalls,
} from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

const absentId = 'sg-0123456789abcdef0';

function createGroup(name: string): string {
  const { id: vpcId } = world.aws.defaultVpc();
  return world.aws.createSecurityGroup({ vpcId, name, tags: { of: name } }).id;
}

test('groups are read by id, on all pages, without rules; those that are gone are left out', async () => {
  const { aws, reading, ask, pagesOf, sent } = world;
  const ids = Array.from({ length: 11 }, (_, index) => createGroup(`g${index}`));
  pagesOf(5);
  const found = await createSecurityGroupsReader(reading)([...ids, absentId], ask());
  expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(found.find(({ id }) => id === ids[3])).toEqual({
    id: ids[3],
    name: 'g3',
    vpcId: aws.defaultVpc().id,
    ownerId: accountId,
    tags: { of: 'g3' },
  });
  expect(sent('DescribeSecurityGroups')).toBe(3);
});

test('rules are read for all groups at once, each with its own, on all pages', async () => {
  const { aws, reading, ask, pagesOf, sent } = world;
  const [one, two] = [createGroup('one'), createGroup('two')];
  for (let index = 0; index < 6; index += 1) aws.addIngressRule(one, `10.${index}.0.0/16`, 443);
  aws.addIngressRule(two, '2001:db8::/32', 8443);
  pagesOf(5);
  const rules = await findRules(reading.calls, [one, two], ask().signal);
  const egress = expect.objectContaining({
    isEgress: true,
    protocol: '-1',
    fromPort: -1,
    toPort: -1,
    source: { cidr: '0.0.0.0/0' },
  });
  expect(rules.get(one)).toHaveLength(7);
  expect(rules.get(two)).toEqual([
    egress,
    expect.objectContaining({
      isEgress: false,
      protocol: 'tcp',
      fromPort: 8443,
      toPort: 8443,
      source: { cidr: '2001:db8::/32' },
    }),
  ]);
  expect(sent('DescribeSecurityGroupRules')).toBe(2);
});

test('for no groups AWS is not asked for rules', async () => {
  const { reading, ask, sent } = world;
  expect(await findRules(reading.calls, [], ask().signal)).toEqual(new Map());
  expect(sent('DescribeSecurityGroupRules')).toBe(0);
});

test('a rule that AWS does not tell the group of, or the source, is nobody’s', async () => {
  const { reading, ask, answering } = world;
  answering('ec2:DescribeSecurityGroupRules', (answer) => ({
    ...answer,
    SecurityGroupRules: [
      { GroupId: 'sg-1', SecurityGroupRuleId: 'sgr-1' },
      { SecurityGroupRuleId: 'sgr-2', CidrIpv4: '10.0.0.0/8' },
      { GroupId: 'sg-1', SecurityGroupRuleId: 'sgr-3', PrefixListId: 'pl-1' },
    ],
  }));
  const rules = await findRules(reading.calls, ['sg-1'], ask().signal);
  expect([...rules.keys()]).toEqual(['sg-1']);
  expect(rules.get('sg-1')).toMatchObject([{ id: 'sgr-3', source: { prefixListId: 'pl-1' } }]);
});

test.each(['GroupId', 'VpcId'] as const)(
  'a group without its %s fails the read: it must not look absent',
  async (part) => {
    const { reading, ask, answering } = world;
    const id = createGroup('one');
    answering('ec2:DescribeSecurityGroups', (answer) => ({
      ...answer,
      SecurityGroups: answer.SecurityGroups?.map(({ [part]: _left, ...rest }) => rest),
    }));
    const incomplete = { kind: 'Unknown', code: 'IncompleteAnswer' };
    const groups = createSecurityGroupsReader(reading);
    await expect(groups([id], ask())).rejects.toMatchObject(incomplete);
    const byName = [{ Name: 'group-name', Values: ['one'] }];
    await expect(findSecurityGroups(reading.calls, byName, ask().signal)).rejects.toMatchObject(
      incomplete,
    );
  },
);

test('the uses of a group are the interfaces that have it and the groups whose rules name it', async () => {
  const { aws, reading, ask } = world;
  const [used, refers, unused] = [createGroup('used'), createGroup('refers'), createGroup('no')];
  const vpcId = aws.defaultVpc().id;
  const subnetId = aws.subnets(vpcId)[0]?.id ?? '';
  const { id: eni } = aws.createNetworkInterface({ subnetId, groupIds: [used, unused] });
  aws.deleteNetworkInterface(eni);
  const { id: kept } = aws.createNetworkInterface({ subnetId, groupIds: [used] });
  for (const [action, GroupId] of [
    ['AuthorizeSecurityGroupIngress', refers],
    ['AuthorizeSecurityGroupIngress', used],
    ['AuthorizeSecurityGroupEgress', refers],
  ] as const) {
    aws.run(action, {
      GroupId,
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': '443',
      'IpPermissions.1.ToPort': '443',
      'IpPermissions.1.Groups.1.GroupId': used,
    });
  }
  const [first, second, third] = await createSecurityGroupUsesReader(reading)(
    [used, unused, absentId],
    ask(),
  );
  expect(first).toEqual({
    groupId: used,
    interfaces: [{ id: kept }],
    referringGroupIds: [refers],
  });
  expect(second).toEqual({ groupId: unused, interfaces: [], referringGroupIds: [] });
  expect(third).toEqual({ groupId: absentId, interfaces: [], referringGroupIds: [] });
});

test('an interface of an endpoint names it, with its state and its tags', async () => {
  const { aws, reading, ask, answering } = world;
  const group = createGroup('used');
  const vpcId = aws.defaultVpc().id;
  aws.run('CreateVpcEndpoint', {
    VpcId: vpcId,
    ServiceName: apiService,
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: 'false',
    'SubnetId.1': aws.subnets(vpcId)[0]?.id ?? '',
    'SecurityGroupId.1': group,
    'TagSpecification.1.ResourceType': 'vpc-endpoint',
    'TagSpecification.1.Tag.1.Key': 'of',
    'TagSpecification.1.Tag.1.Value': 'me',
  });
  const [endpoint] = aws.endpoints();
  const uses = createSecurityGroupUsesReader(reading);
  const id = endpoint?.id;
  expect(await uses([group], ask())).toMatchObject([
    { interfaces: [{ endpoint: { id, tags: { of: 'me' } } }] },
  ]);
  // AWS shows the interface for a moment longer than its endpoint.
  answering('ec2:DescribeVpcEndpoints', (answer) => ({ ...answer, VpcEndpoints: [] }));
  expect(await uses([group], ask())).toMatchObject([
    { interfaces: [{ endpoint: { id, state: 'deleted', tags: {} } }] },
  ]);
});

test.each(['DescribeNetworkInterfaces', 'DescribeSecurityGroups'])(
  'without %s the uses of a group are an error: it must not look free',
  async (action) => {
    const { simulator, reading, ask } = world;
    const group = createGroup('used');
    simulator.faults.add({ action, effect: { kind: 'deny' } });
    await expect(createSecurityGroupUsesReader(reading)([group], ask())).rejects.toMatchObject({
      kind: 'Denied',
      action: `ec2:${action}`,
    });
  },
);
