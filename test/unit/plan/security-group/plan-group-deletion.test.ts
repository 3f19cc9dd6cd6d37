import { expect, test } from '@jest/globals';
import type {
  Endpoint,
  GroupInterface,
  SecurityGroup,
  SecurityGroupUses,
} from '../../../../src/plan/facts.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { withRefusal } from '../../../../src/plan/actions/effects.ts';
import { nothingObserved, withAnswer } from '../../../../src/plan/observation.ts';
import { ownershipTagsOf } from '../../../../src/plan/ownership/ownership.ts';
import { planGroupDeletion } from '../../../../src/plan/security-group/plan-group-deletion.ts';
import { named } from '../../../model/endpoint-writes.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner, policies, serviceNames } from '../../../model/generated-worlds.ts';
import { LinkLife } from '../../../model/link-life.ts';
import type { AwsWorld } from '../../../model/aws-world.ts';

const groupId = 'sg-ours';
const tags = ownershipTagsOf(owner, 'security-group');
const group: SecurityGroup = { id: groupId, name: 'ours', vpcId: 'vpc-main', ownerId: '1', tags };

const deletion = { kind: 'DeleteSecurityGroup', groupId, reason: 'r' } as const;

function refusal(code: string): CloudError {
  return new CloudError({ kind: 'InUse', action: 'ec2:DeleteSecurityGroup', code, message: 'm' });
}

/** The plan after AWS refused to delete the group, and told what uses it. */
function planWith(
  use: Partial<SecurityGroupUses>,
  holdings: Partial<{ endpoints: readonly Endpoint[]; securityGroups: readonly SecurityGroup[] }>,
) {
  const refused = withRefusal(nothingObserved, owner, deletion, refusal('DependencyViolation'));
  const look = { kind: 'SecurityGroupUses', groupIds: [groupId] } as const;
  const uses = [{ groupId, interfaces: [], referringGroupIds: [], ...use }];
  return planGroupDeletion({
    owner,
    observation: withAnswer(refused, look, uses),
    holdings: { endpoints: [], securityGroups: [group], ...holdings },
    groupIds: [groupId],
    reason: 'the link is deleted',
  });
}

function ofEndpoint(state: Endpoint['state'], endpointTags = {}): GroupInterface {
  return { id: 'eni-9', endpoint: { id: 'vpce-9', state, tags: endpointTags } };
}

test('nobody is asked what uses a group before AWS refuses to delete it', () => {
  const input = { owner, holdings: { endpoints: [], securityGroups: [group] }, reason: 'r' };
  const plan = (code?: string) =>
    planGroupDeletion({
      ...input,
      groupIds: [groupId],
      observation:
        code === undefined
          ? nothingObserved
          : withRefusal(nothingObserved, owner, deletion, refusal(code)),
    });
  expect(plan().looks).toEqual([]);
  expect(plan('UnauthorizedOperation').looks).toEqual([]);
  const look = { kind: 'SecurityGroupUses', groupIds: [groupId] };
  expect(plan('DependencyViolation').looks).toEqual([look]);
  expect(plan('InvalidGroup.InUse').looks).toEqual([look]);
  expect(
    planGroupDeletion({ ...input, groupIds: [], observation: nothingObserved }).actions,
  ).toEqual([]);
});

const others: readonly [string, Partial<SecurityGroupUses>, string][] = [
  ['an interface', { interfaces: [{ id: 'eni-1' }] }, 'network interface eni-1.'],
  ['an endpoint', { interfaces: [ofEndpoint('available')] }, 'endpoint vpce-9.'],
  ['rules', { referringGroupIds: ['sg-2', 'sg-1'] }, 'rules of groups sg-1, sg-2.'],
];

test.each(others)('%s of others is named as what keeps the group', (_what, use, words) => {
  const { problems } = planWith(use, {});
  expect(problems).toMatchObject([
    { subject: 'SecurityGroupReady', reason: 'SecurityGroupInUse', severity: 'stalled' },
  ]);
  expect(problems[0]?.message).toBe(
    `Security group sg-ours can't be deleted while others use it: ${words} Take the group off them, or delete them; then it goes by itself.`,
  );
});

test('of many who use the group the message names a few, and always the same', () => {
  const ids = ['eni-7', 'eni-3', 'eni-1', 'eni-2', 'eni-6', 'eni-5', 'eni-4'];
  const messageOf = (order: readonly string[]) =>
    planWith({ interfaces: order.map((id) => ({ id })) }, {}).problems[0]?.message;
  expect(messageOf(ids)).toContain(
    'network interfaces eni-1, eni-2, eni-3, eni-4, eni-5 and 2 more',
  );
  expect(messageOf(ids.toReversed())).toBe(messageOf(ids));
});

const tombstone = { tags, networkInterfaceIds: ['eni-1'], state: 'deleted' } as unknown as Endpoint;
const second = { ...group, id: 'sg-second' };

const passing: readonly [string, ...Parameters<typeof planWith>][] = [
  ['AWS shows no use any more', {}, {}],
  ['an endpoint is going', { interfaces: [ofEndpoint('deleting')] }, {}],
  ['an endpoint is gone', { interfaces: [ofEndpoint('deleted')] }, {}],
  ['an endpoint is ours', { interfaces: [ofEndpoint('available', tags)] }, {}],
  [
    'an interface was of our endpoint',
    { interfaces: [{ id: 'eni-1' }] },
    { endpoints: [tombstone] },
  ],
  [
    'a rule is of another group that we delete',
    { referringGroupIds: ['sg-second'] },
    { securityGroups: [group, second] },
  ],
  ['others use it too', { interfaces: [ofEndpoint('deleting'), { id: 'eni-1' }] }, {}],
];

test.each(passing)('while %s the deletion goes on by itself', (_what, use, holdings) => {
  expect(planWith(use, holdings).problems).toEqual([]);
});

/** A link that is going while somebody's endpoint, or group, uses its group. */
async function goingWith(use: (world: AwsWorld, ownGroupId: string) => void): Promise<LinkLife> {
  const life = new LinkLife({ world: emptyWorld(), spec: plainSpec });
  await life.settle();
  const own = life.status.securityGroup?.id ?? '';
  use(life.world, own);
  life.deleting = true;
  await life.settle();
  expect([...life.world.groups.keys()]).toContain(own);
  return life;
}

function condition(life: LinkLife, type: string) {
  return life.status.conditions?.find((one) => one.type === type);
}

test('a going link whose group an endpoint of others has is stalled, and goes once they let go', async () => {
  const life = await goingWith((world, own) => {
    const foreign = {
      id: 'vpce-theirs',
      vpcId: 'vpc-main',
      serviceName: serviceNames.metrics,
      state: 'available' as const,
      subnetIds: ['subnet-a'],
      securityGroupIds: [own],
      networkInterfaceIds: [],
      privateDnsEnabled: false,
      policy: policies.wide,
      dnsNames: [],
      requesterManaged: false,
      tags: {},
    };
    world.endpoints.set(foreign.id, named(world, foreign));
  });
  expect(condition(life, 'Stalled')).toMatchObject({
    reason: 'SecurityGroupInUse',
    message: expect.stringContaining('endpoint vpce-theirs'),
  });
  expect(condition(life, 'Ready')).toMatchObject({ status: 'False', reason: 'SecurityGroupInUse' });
  expect(condition(life, 'Reconciling')).toBeUndefined();
  life.world.endpoints.delete('vpce-theirs');
  expect((await life.settle()).end.plan.gone).toBe(true);
});

test('a going link whose group a rule of others names is stalled, and goes once the rule is gone', async () => {
  let before: SecurityGroup | undefined;
  const life = await goingWith((world, own) => {
    before = world.groups.get('sg-user');
    if (before === undefined) throw new Error('the world has no group of a user');
    const rule = {
      id: 'sgr-theirs',
      isEgress: true,
      protocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      source: { securityGroupId: own },
      tags: {},
    };
    world.groups.set(before.id, { ...before, rules: [rule] });
  });
  expect(condition(life, 'Stalled')).toMatchObject({
    reason: 'SecurityGroupInUse',
    message: expect.stringContaining('rules of group sg-user'),
  });
  if (before !== undefined) life.world.groups.set(before.id, before);
  expect((await life.settle()).end.plan.gone).toBe(true);
});
