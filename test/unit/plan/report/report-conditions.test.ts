import { expect, test } from '@jest/globals';
import { change, tick } from '../../../model/aws-world.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { calmSeed, owner, worldFrom } from '../../../model/generated-worlds.ts';
import { ownedBy } from '../../../model/goal.ts';
import { LinkLife } from '../../../model/link-life.ts';

// Every pass of a `LinkLife` also holds each condition against the world: test/model/condition-truth.ts.

const somebody = { what: 'modified', by: 'somebody' } as const;

function conditionOf({ status }: LinkLife, type: string) {
  return status.conditions?.find((one) => one.type === type);
}

async function readyLife(): Promise<LinkLife> {
  const life = new LinkLife({ world: worldFrom(calmSeed), spec: plainSpec });
  await life.settle();
  expect(conditionOf(life, 'Ready')?.status).toBe('True');
  return life;
}

test('no endpoint at all is neither available nor as the spec says', async () => {
  const subnets = { ...plainSpec.subnets, tags: { no: 'subnet' } };
  const life = new LinkLife({ world: worldFrom(calmSeed), spec: { ...plainSpec, subnets } });
  await life.settle();
  expect(conditionOf(life, 'Stalled')?.reason).toBe('NoSubnet');
  for (const type of ['EndpointsAvailable', 'Available']) {
    expect(conditionOf(life, type)).toMatchObject({ status: 'False', reason: 'NoSubnet' });
  }
});

test('an endpoint without an interface, and one whose group is empty, are not available', async () => {
  const life = await readyLife();
  life.repair = false;
  const { endpoints, groups } = ownedBy(life.world, owner);
  for (const one of endpoints) {
    const value = { ...one, networkInterfaceIds: [] };
    change(life.world, life.world.endpoints, { id: one.id, value }, somebody);
  }
  await life.pass();
  expect(conditionOf(life, 'Available')?.message).toContain('(no network interface)');
  expect(conditionOf(life, 'Ready')).toMatchObject({ status: 'False', reason: 'Progressing' });
  for (const one of endpoints) {
    change(life.world, life.world.endpoints, { id: one.id, value: one }, somebody);
  }
  for (const one of groups) {
    const value = { ...one, rules: [] };
    change(life.world, life.world.groups, { id: one.id, value }, somebody);
  }
  await life.pass();
  expect(conditionOf(life, 'Available')).toMatchObject({
    status: 'False',
    reason: 'DriftDetected',
    message: expect.stringContaining('admits nobody'),
  });
});

test('endpoints that are known, in a group whose rules are not, are not said to be unseen', async () => {
  const life = new LinkLife({
    world: worldFrom(calmSeed),
    spec: { ...plainSpec, deletionPolicy: 'Retain', adoption: 'IfUnowned' },
  });
  await life.settle();
  life.deleting = true;
  await life.settle();
  const successor = new LinkLife({ world: life.world, spec: life.spec });
  await successor.pass();
  expect(successor.status.endpoints?.map(({ state }) => state)).toEqual(['available']);
  expect(conditionOf(successor, 'Available')).toMatchObject({
    status: 'Unknown',
    message: 'It is not known yet whether clients can use the endpoints.',
  });
});

test('the status of a link that is deleted shows what AWS still has', async () => {
  const life = await readyLife();
  expect(life.status.available).toBe('1/1');
  const [group] = ownedBy(life.world, owner).groups;
  const rule = {
    id: 'sgr-x',
    isEgress: false,
    protocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    tags: {},
  };
  const others = life.world.groups.get('sg-user');
  if (group === undefined || others === undefined) throw new Error('a group is not there');
  const rules = [{ ...rule, source: { securityGroupId: group.id } }];
  life.world.groups.set('sg-user', { ...others, rules });
  life.deleting = true;
  await life.settle();
  expect(life.status.available).toBe('0/1');
  expect(life.status.endpoints?.map(({ state }) => state)).toEqual([undefined]);
  expect(life.status.securityGroup?.id).toBe(group.id);
  expect(conditionOf(life, 'Stalled')?.reason).toBe('SecurityGroupInUse');
});

test('what is awaited for more than an hour needs a person, and goes on by itself', async () => {
  const world = worldFrom({ ...calmSeed, slowness: 1_000 });
  const life = new LinkLife({ world, spec: { ...plainSpec, privateDNSAt: 'Creation' } });
  await life.pass();
  await life.pass();
  expect(conditionOf(life, 'Reconciling')?.reason).toBe('EndpointPending');
  world.nowMs += 59 * 60_000;
  await life.pass();
  expect(conditionOf(life, 'Reconciling')?.reason).toBe('EndpointPending');
  world.nowMs += 2 * 60_000;
  for (let pass = 0; pass < 2; pass += 1) {
    await life.pass();
    expect(conditionOf(life, 'Stalled')?.reason).toBe('ProgressDeadlineExceeded');
    expect(conditionOf(life, 'Available')?.reason).toBe('EndpointPending');
  }
  world.remaining.clear();
  for (const id of world.endpoints.keys()) world.remaining.set(id, 1);
  tick(world);
  await life.pass();
  expect(conditionOf(life, 'Ready')?.status).toBe('True');
});

test.each([
  ['rejected', 'Stalled', 'EndpointRejected'],
  ['failed', 'Stalled', 'EndpointFailed'],
  ['pendingacceptance', 'Reconciling', 'PendingAcceptance'],
] as const)(
  'an endpoint that is %s is not available, and the link %s',
  async (state, type, reason) => {
    const life = await readyLife();
    for (const [id, one] of life.world.endpoints) {
      change(life.world, life.world.endpoints, { id, value: { ...one, state } }, somebody);
    }
    await life.pass();
    expect(conditionOf(life, type)).toMatchObject({ status: 'True', reason });
    expect(conditionOf(life, 'Available')).toMatchObject({
      status: 'False',
      reason,
      message: expect.stringContaining(`(${state})`),
    });
  },
);
