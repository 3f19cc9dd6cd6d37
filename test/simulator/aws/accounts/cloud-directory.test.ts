/** Work in other accounts: who gets in, under which session, and all the ways to be confused. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { AccountEntry } from '../../../../src/aws/accounts/account-map.ts';
import type {
  CloudLocation,
  LocatedCallRecord,
} from '../../../../src/aws/accounts/cloud-directory.ts';
import type { Cloud } from '../../../../src/plan/cloud.ts';
import type { Caller } from '../../../../src/plan/facts.ts';
import { eventually } from '../../../environment/eventually.ts';
import { owner, type SimulatedCloud, startSimulatedCloud, tagsOf } from '../simulated-cloud.ts';

const mine = '444455556666';
const theirs = '777788889999';
const region = 'eu-west-1';
const uid = '0d6e3b1a-7c55-4c3a-9d0f-2f4f0f9e6a4b';

let world: SimulatedCloud;
let map: Map<string, AccountEntry>;
let records: LocatedCallRecord[];

beforeEach(async () => {
  map = new Map([['ml', entry(mine)]]);
  records = [];
  world = await startSimulatedCloud({
    directory: {
      accounts: () => map,
      onCall: (record) => records.push(record),
      // Four sessions, and then none for as long as a test lasts.
      limits: { 'sts:AssumeRole': { burst: 4, perSecond: 0.001 } },
    },
  });
  createRole(mine, `${owner.clusterId}/ml`);
});

afterEach(() => world.close());

function entry(accountId: string, externalId?: string, roleName = 'links'): AccountEntry {
  const roleArn = `arn:aws:iam::${accountId}:role/${roleName}`;
  return { roleArn, accountId, ...(externalId === undefined ? {} : { externalId }) };
}

/** A role that lets the operator's account in, if it knows the word. */
function createRole(accountId: string, externalId: string, name = 'links'): void {
  const Principal = { AWS: 'arn:aws:iam::111122223333:root' };
  const Condition = { StringEquals: { 'sts:ExternalId': externalId } };
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, Condition }];
  const trustPolicy = JSON.stringify({ Version: '2012-10-17', Statement });
  world.simulator.world.account(accountId).createPrincipal({ kind: 'role', name, trustPolicy });
}

function cloudOf(location: Partial<CloudLocation> = {}): Cloud {
  return world.directory.cloudFor({ account: 'ml', region, ...location });
}

function callerOf(cloud: Cloud): Promise<Caller> {
  const { signal } = new AbortController();
  return cloud.look({ kind: 'Caller' }, { since: cloud.now(), signal });
}

function createGroup(
  cloud: Cloud,
  name: string,
  accountId = mine,
  { signal } = new AbortController(),
): Promise<unknown> {
  const vpcId = world.simulator.world.region(region, accountId).defaultVpc().id;
  const tags = tagsOf(name);
  return cloud.apply(
    {
      kind: 'CreateSecurityGroup',
      reason: 'r',
      name,
      description: 'd',
      vpcId,
      vpcHasIpv6: false,
      tags,
    },
    { signal },
  );
}

/** The sessions that were asked for, by role and name. */
function sessions(): readonly string[] {
  const assumed = world.simulator.calls().filter(({ action }) => action === 'AssumeRole');
  return assumed.map(({ parameters }) => parameters['RoleSessionName'] ?? '');
}

function groupsIn(accountId: string): readonly string[] {
  const groups = world.simulator.world.region(region, accountId).securityGroups();
  return groups.map(({ name }) => name).filter((name) => name !== 'default');
}

test('a named account is worked in with its role, and no name is the own account', async () => {
  const cloud = cloudOf();
  expect(await callerOf(cloud)).toMatchObject({ account: mine, partition: 'aws' });
  const { signal } = new AbortController();
  const vpcId = world.simulator.world.region(region, mine).defaultVpc().id;
  const subnets = await cloud.look({ kind: 'Subnets', vpcId }, { since: cloud.now(), signal });
  expect(subnets).toHaveLength(3);
  expect(await world.look({ kind: 'Caller' })).toMatchObject({ account: '111122223333' });
});

test('all links of an account share one session for reads; each has its own for changes', async () => {
  const [one, two] = [cloudOf({ uid }), cloudOf({ uid: 'uid-2' })];
  await Promise.all([callerOf(one), callerOf(two)]);
  expect(sessions()).toEqual(['sagemaker-privatelink']);

  await createGroup(one, 'a');
  await createGroup(one, 'b');
  await createGroup(cloudOf({ uid }), 'c');
  await createGroup(two, 'd');
  expect(sessions()).toEqual([
    'sagemaker-privatelink',
    `sagemaker-privatelink-${uid}`,
    'sagemaker-privatelink-uid-2',
  ]);
  expect(groupsIn(mine)).toEqual(['a', 'b', 'c', 'd']);
});

test('each session is counted as a call of the own account, and one too many is not asked for', async () => {
  for (const name of ['uid-1', 'uid-2', 'uid-3']) await createGroup(cloudOf({ uid: name }), name);
  const assumed = records.filter(({ action }) => action === 'AssumeRole');
  expect(assumed).toHaveLength(4);
  expect(assumed[0]).toMatchObject({ service: 'sts', result: 'ok', account: undefined, region });
  await expect(createGroup(cloudOf({ uid: 'uid-4' }), 'd')).rejects.toMatchObject({
    kind: 'Throttled',
    code: 'CallBudgetSpent',
    retryAfterMs: expect.any(Number),
  });
  expect(sessions()).toHaveLength(4);
  expect(groupsIn(mine)).toEqual(['uid-1', 'uid-2', 'uid-3']);
});

test('an STS that hangs holds nobody longer than the signal of the call', async () => {
  const { faults } = world.simulator;
  const cloud = cloudOf({ uid });
  await callerOf(cloud);
  faults.add({ action: 'AssumeRole', effect: { kind: 'hang' } });
  const controller = new AbortController();
  const cutOff = createGroup(cloud, 'a', mine, controller).catch((error: unknown) => error);
  await eventually(() => expect(sessions()).toHaveLength(2));
  controller.abort();
  expect(await cutOff).toMatchObject({ kind: 'Aborted' });
  faults.clear();
  await createGroup(cloud, 'b');
  expect(groupsIn(mine)).toEqual(['b']);
});

test('deletions of two links at once do not share a call: each is in its own name', async () => {
  const { signal } = new AbortController();
  const deleteIn = (cloud: Cloud, id: string) =>
    cloud.apply({ kind: 'DeleteVpcEndpoints', reason: 'r', endpointIds: [id] }, { signal });
  const absent = ['vpce-00000000000000001', 'vpce-00000000000000002'] as const;
  await Promise.all([
    deleteIn(cloudOf({ uid }), absent[0]),
    deleteIn(cloudOf({ uid: 'uid-2' }), absent[1]),
  ]);
  expect(world.simulator.callCounts()['DeleteVpcEndpoints']).toBe(2);
});

test('an account that is not in the map can not be reached, whatever it is called', () => {
  for (const account of ['other', mine, 'toString', '__proto__', `arn:aws:iam::${mine}:role/x`]) {
    expect(() => cloudOf({ account })).toThrow(expect.objectContaining({ code: 'UnknownAccount' }));
  }
  expect(world.simulator.calls()).toEqual([]);
});

test.each([
  ['another cluster', 'another-cluster/ml'],
  ['another name', `${owner.clusterId}/other`],
])('a role that waits for the external id of %s stays closed', async (_, wanted) => {
  map.set('ml', entry(mine, undefined, 'closed'));
  createRole(mine, wanted, 'closed');
  await expect(callerOf(cloudOf())).rejects.toMatchObject({
    kind: 'Credentials',
    message: expect.stringContaining('sts:AssumeRole is denied'),
  });
  await expect(createGroup(cloudOf({ uid }), 'a')).rejects.toMatchObject({ kind: 'Credentials' });
  expect(groupsIn(mine)).toEqual([]);
});

test('an external id in the map takes the place of the derived one', async () => {
  createRole(mine, 'agreed-word', 'agreed');
  map.set('ml', entry(mine, 'agreed-word', 'agreed'));
  expect(await callerOf(cloudOf())).toMatchObject({ account: mine });
});

test('a role of an account that never let the operator in stays closed', async () => {
  map.set('ml', entry(theirs));
  await expect(callerOf(cloudOf())).rejects.toMatchObject({ kind: 'Credentials' });
});

test('credentials of another account than the role is of are used for nothing', async () => {
  createRole(theirs, `${owner.clusterId}/ml`);
  // A map whose entry says one account and whose role is of another can only be a fault of ours.
  map.set('ml', { ...entry(theirs), accountId: mine });
  await expect(callerOf(cloudOf())).rejects.toMatchObject({
    kind: 'Credentials',
    code: 'WrongAccount',
    message: expect.stringContaining(`shows ${theirs}`),
  });
  await expect(createGroup(cloudOf({ uid }), 'a', theirs)).rejects.toMatchObject({
    code: 'WrongAccount',
  });
  expect(groupsIn(theirs)).toEqual([]);
});

test('a name that is taken out of the map ends work that is under way', async () => {
  const cloud = cloudOf({ uid });
  await callerOf(cloud);
  map = new Map();
  await expect(createGroup(cloud, 'a')).rejects.toMatchObject({ code: 'UnknownAccount' });
  await expect(callerOf(cloud)).rejects.toMatchObject({ code: 'UnknownAccount' });
  expect(groupsIn(mine)).toEqual([]);
});

test('a name that is given to another account: new work goes there, old work and old links do not', async () => {
  const before = cloudOf({ uid, boundTo: mine });
  await callerOf(before);
  createRole(theirs, `${owner.clusterId}/ml`);
  map = new Map([['ml', entry(theirs)]]);
  await expect(createGroup(before, 'a')).rejects.toMatchObject({ code: 'AccountChanged' });
  expect(() => cloudOf({ uid, boundTo: mine })).toThrow(/is in 444455556666/);
  expect(await callerOf(cloudOf({ uid: 'uid-2' }))).toMatchObject({ account: theirs });
  expect([groupsIn(mine), groupsIn(theirs)]).toEqual([[], []]);
});

test('two names for one account work side by side, and count on its call rates together', async () => {
  createRole(mine, `${owner.clusterId}/again`, 'second');
  map.set('again', entry(mine, undefined, 'second'));
  const [one, two] = [cloudOf({ uid }), cloudOf({ account: 'again', uid: 'uid-2' })];
  await createGroup(one, 'a');
  await createGroup(two, 'b');
  expect(groupsIn(mine)).toEqual(['a', 'b']);
  expect(await callerOf(two)).toMatchObject({ arn: expect.stringContaining('/second/') });
});
