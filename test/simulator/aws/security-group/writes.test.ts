/** The writers of security groups and their rules, over the real SDK. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  authorizeIngress,
  revokeEgress,
  revokeIngress,
  updateRuleDescriptions,
} from '../../../../src/aws/security-group/write-rules.ts';
import {
  createSecurityGroup,
  deleteSecurityGroup,
} from '../../../../src/aws/security-group/write-security-groups.ts';
import type {
  AuthorizeIngress,
  CreateSecurityGroup,
  IngressRule,
} from '../../../../src/plan/security-group/actions.ts';
import type { SecurityGroupRule } from '../../../../src/plan/facts.ts';
import { accountId, type SimulatedCalls, startSimulatedCalls } from '../simulated-calls.ts';

let world: SimulatedCalls;

beforeEach(async () => {
  world = await startSimulatedCalls();
});

afterEach(() => world.close());

const absentId = 'sg-0123456789abcdef0';
const tags = { of: 'me' };

function creation(): CreateSecurityGroup {
  const vpcId = world.aws.defaultVpc().id;
  const fixed = { description: 'of a link', vpcHasIpv6: false, reason: 'r', tags } as const;
  return { kind: 'CreateSecurityGroup', name: 'mine', vpcId, ...fixed };
}

async function createGroup(): Promise<string> {
  return (await createSecurityGroup(creation(), world.writing)).group.id;
}

function groupOf(id: string) {
  return world.aws.securityGroups().find((group) => group.id === id);
}

/** Ports of the ingress rules that a group has at AWS. */
function ingressOf(groupId: string) {
  return world.aws.rules(groupId).filter(({ isEgress }) => !isEgress);
}

test('a group is made with its name, description and tags', async () => {
  const made = await createSecurityGroup(creation(), world.writing);
  const { vpcId } = creation();
  expect(made).toEqual({
    group: { id: expect.stringMatching(/^sg-/), name: 'mine', vpcId, ownerId: '', tags },
    existed: false,
  });
  expect(groupOf(made.group.id)).toMatchObject({
    name: 'mine',
    description: 'of a link',
    vpcId,
    tags,
  });
});

test('a name that is taken in the VPC leads to the group that has it, as it is', async () => {
  const { aws, writing } = world;
  const { vpcId } = creation();
  const { id: otherVpc } = aws.createVpc({ cidr: '10.1.0.0/16' });
  aws.createSecurityGroup({ vpcId: otherVpc, name: 'mine' });
  const theirs = aws.createSecurityGroup({ vpcId, name: 'mine', tags: { of: 'them' } });
  const { group, existed } = await createSecurityGroup(creation(), writing);
  expect({ group, existed }).toMatchObject({
    existed: true,
    group: { id: theirs.id, vpcId, ownerId: accountId, tags: { of: 'them' } },
  });
  expect(aws.securityGroups(vpcId).filter(({ name }) => name === 'mine')).toHaveLength(1);
});

test('a name that is taken by a group that no read shows stays the error that it was', async () => {
  const { writing, answering } = world;
  await createGroup();
  answering('ec2:DescribeSecurityGroups', (answer) => ({ ...answer, SecurityGroups: [] }));
  await expect(createSecurityGroup(creation(), writing)).rejects.toMatchObject({
    code: 'InvalidGroup.Duplicate',
  });
});

test('a creation that AWS answers without an id is no success', async () => {
  const { writing, answering } = world;
  answering('ec2:CreateSecurityGroup', ({ $metadata }) => ({ $metadata }));
  await expect(createSecurityGroup(creation(), writing)).rejects.toMatchObject({
    code: 'IncompleteAnswer',
    action: 'ec2:CreateSecurityGroup',
  });
});

test('a group is deleted once, is deleted already, and is not while something uses it', async () => {
  const { aws, writing } = world;
  const groupId = await createGroup();
  const { id: subnetId } = aws.subnets(creation().vpcId)[0] ?? { id: '' };
  const { id: eni } = aws.createNetworkInterface({ subnetId, groupIds: [groupId] });
  const deletion = { kind: 'DeleteSecurityGroup', reason: 'r', groupId } as const;
  await expect(deleteSecurityGroup(deletion, writing)).rejects.toMatchObject({ kind: 'InUse' });
  expect(groupOf(groupId)).toBeDefined();
  aws.deleteNetworkInterface(eni);
  await deleteSecurityGroup(deletion, writing);
  expect(groupOf(groupId)).toBeUndefined();
  await deleteSecurityGroup(deletion, writing);
});

const fromVpc: IngressRule = { source: { cidr: '10.0.0.0/8' }, port: 443, description: 'clients' };
const fromIpv6: IngressRule = { source: { cidr: '2001:db8::/32' }, port: 443 };
const toOtherPort: IngressRule = { source: { cidr: '10.0.0.0/8' }, port: 8443 };

function authorization(groupId: string, ...rules: readonly IngressRule[]): AuthorizeIngress {
  return { kind: 'AuthorizeIngress', reason: 'r', groupId, rules, tags };
}

test('rules are added with tags and descriptions, and come back with the ids that AWS gave them', async () => {
  const groupId = await createGroup();
  const wanted = authorization(groupId, fromVpc, fromIpv6, toOtherPort);
  const { rules } = await authorizeIngress(wanted, world.writing);
  expect(rules.map(({ id }) => id).toSorted()).toEqual(
    ingressOf(groupId)
      .map(({ id }) => id)
      .toSorted(),
  );
  expect(rules).toHaveLength(3);
  expect(rules).toContainEqual(
    expect.objectContaining({ source: fromVpc.source, toPort: 443, description: 'clients', tags }),
  );
  expect(ingressOf(groupId).every((rule) => rule.tags['of'] === 'me')).toBe(true);
});

test('of rules that are there in part, the missing ones are added and all come back', async () => {
  const { aws, writing } = world;
  const groupId = await createGroup();
  const { id: known } = aws.addIngressRule(groupId, '10.0.0.0/8', 443);
  aws.addIngressRule(groupId, '192.168.0.0/16', 443);
  const { rules } = await authorizeIngress(authorization(groupId, fromVpc, fromIpv6), writing);
  expect(rules.map(({ source }) => source)).toEqual([fromVpc.source, fromIpv6.source]);
  expect(rules[0]?.id).toBe(known);
  expect(ingressOf(groupId)).toHaveLength(3);
  // And once more, when nothing is missing any more.
  const again = await authorizeIngress(authorization(groupId, fromVpc, fromIpv6), writing);
  expect(again.rules).toEqual(rules);
});

test('an answer with a part of the rules is completed by a read', async () => {
  const { writing, answering } = world;
  const groupId = await createGroup();
  answering('ec2:AuthorizeSecurityGroupIngress', (answer) => ({
    ...answer,
    SecurityGroupRules: answer.SecurityGroupRules?.slice(0, 1),
  }));
  const { rules } = await authorizeIngress(authorization(groupId, fromVpc, fromIpv6), writing);
  expect(rules.map(({ source }) => source)).toEqual([fromVpc.source, fromIpv6.source]);
});

test('a refusal of rules is an error, and the group is as it was', async () => {
  const { simulator, writing } = world;
  const groupId = await createGroup();
  const code = 'RulesPerSecurityGroupLimitExceeded';
  const effect = { kind: 'error', code, httpStatus: 400 } as const;
  simulator.faults.add({ action: 'AuthorizeSecurityGroupIngress', effect });
  await expect(authorizeIngress(authorization(groupId, fromVpc), writing)).rejects.toMatchObject({
    kind: 'Quota',
    code,
  });
  expect(ingressOf(groupId)).toEqual([]);
});

test('ingress rules are revoked by id, and one that is gone does not keep the others', async () => {
  const { aws, writing, sent } = world;
  const groupId = await createGroup();
  const ids = ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16'].map(
    (cidr) => aws.addIngressRule(groupId, cidr, 443).id,
  );
  aws.removeRule(ids[1] ?? '');
  const revocation = { kind: 'RevokeIngress', reason: 'r', groupId } as const;
  await revokeIngress({ ...revocation, ruleIds: ids }, writing);
  expect(ingressOf(groupId)).toEqual([]);
  await revokeIngress({ ...revocation, ruleIds: ids.slice(0, 1) }, writing);
  const before = sent('RevokeSecurityGroupIngress');
  await revokeIngress({ ...revocation, ruleIds: [] }, writing);
  expect(sent('RevokeSecurityGroupIngress')).toBe(before);
});

function egress(id: string, cidr: string): SecurityGroupRule {
  const all = { isEgress: true, protocol: '-1', fromPort: -1, toPort: -1, tags: {} } as const;
  return { id, source: { cidr }, ...all };
}

test('egress rules are revoked by id where it is known and by content where it is not', async () => {
  const { aws, writing } = world;
  const [one, two] = [await createGroup(), creation().vpcId];
  const second = aws.createSecurityGroup({ vpcId: two, name: 'second' }).id;
  const revocation = { kind: 'RevokeEgress', reason: 'r' } as const;
  const unread = [egress('', '0.0.0.0/0'), egress('', '::/0')];
  await revokeEgress({ ...revocation, groupId: one, rules: unread }, writing);
  expect(aws.rules(one)).toEqual([]);
  const [{ id } = { id: '' }] = aws.rules(second);
  await revokeEgress({ ...revocation, groupId: second, rules: [egress(id, '0.0.0.0/0')] }, writing);
  expect(aws.rules(second)).toEqual([]);
});

test('a description changes and the rule stays the same', async () => {
  const { writing } = world;
  const groupId = await createGroup();
  const { rules } = await authorizeIngress(authorization(groupId, fromVpc, fromIpv6), writing);
  const descriptions = [{ ruleId: rules[0]?.id ?? '', description: 'new' }];
  const change = { kind: 'UpdateRuleDescriptions', reason: 'r', groupId, descriptions } as const;
  await updateRuleDescriptions(change, writing);
  const described = ingressOf(groupId).map(({ id, description }) => ({ id, description }));
  expect(described).toContainEqual({ id: rules[0]?.id, description: 'new' });
  expect(described).toContainEqual({ id: rules[1]?.id, description: undefined });
});

test.each(['RevokeIngress', 'RevokeEgress'] as const)(
  '%s that is denied is not taken for done',
  async (kind) => {
    const { aws, simulator, writing } = world;
    const groupId = await createGroup();
    const rule = aws.addIngressRule(groupId, '10.0.0.0/8', 443);
    simulator.faults.add({ action: '*', effect: { kind: 'deny' } });
    const change =
      kind === 'RevokeIngress'
        ? revokeIngress({ kind, reason: 'r', groupId, ruleIds: [rule.id, rule.id] }, writing)
        : revokeEgress({ kind, reason: 'r', groupId, rules: [egress('', '::/0')] }, writing);
    await expect(change).rejects.toMatchObject({ kind: 'Denied' });
    expect(aws.rules(groupId)).toHaveLength(2);
  },
);

test('a group that is gone takes its rules with it: to revoke one is done, to add one is not', async () => {
  const { writing } = world;
  const ruleIds = ['sgr-0123456789abcdef0'];
  await revokeIngress({ kind: 'RevokeIngress', reason: 'r', groupId: absentId, ruleIds }, writing);
  await expect(authorizeIngress(authorization(absentId, fromVpc), writing)).rejects.toMatchObject({
    kind: 'NotFound',
  });
});
