/** A part of a link's resources that cannot be read: its words, and all that goes on. */
import { expect, test } from '@jest/globals';
import type { HoldingsPart } from '../../../src/plan/facts.ts';
import { type AwsWorld, tick } from '../../model/aws-world.ts';
import { plainSpec } from '../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../model/generated-worlds.ts';
import { ownedBy } from '../../model/goal.ts';
import { LinkLife, reasonsOf } from '../../model/link-life.ts';
import { meddleWithEndpoint, meddleWithGroup, meddleWithPolicy } from '../../model/mishaps.ts';
import type { Fault } from '../../model/model-cloud.ts';

const spec = {
  ...plainSpec,
  endpoints: [
    { service: 'api' as const, privateDNS: true },
    { service: 'runtime' as const, privateDNS: false },
  ],
};

/** A link at rest, from whose answers parts can be taken. */
async function restingLink(ofSpec: typeof plainSpec = spec) {
  const state: { parts: readonly HoldingsPart[]; as: 'Denied' | 'Throttled' } = {
    parts: [],
    as: 'Denied',
  };
  const faultOf = ({ name }: { readonly name: string }): Fault | undefined =>
    name === 'Owned' && state.parts.length > 0
      ? { kind: 'unread', parts: state.parts, as: state.as }
      : undefined;
  const life = new LinkLife({ world: emptyWorld(), spec: ofSpec, faultOf, rulesAreUnread: true });
  const { end } = await life.settle();
  expect(reasonsOf(end)).toEqual([]);
  return { life, state };
}

function conditionsOf({ status }: LinkLife) {
  const entries = (status.conditions ?? []).map(({ type, status: is, reason, message }) => {
    const seen = message.startsWith('As last seen') ? ' as last seen' : '';
    return [type, `${is} ${reason}${seen}`];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

test.each([
  ['endpoints', { EndpointsAvailable: 'False AccessDenied', SecurityGroupReady: 'True Succeeded' }],
  [
    'securityGroups',
    { EndpointsAvailable: 'False AccessDenied', SecurityGroupReady: 'False AccessDenied' },
  ],
  [
    'rules',
    { EndpointsAvailable: 'Unknown AccessDenied', SecurityGroupReady: 'False AccessDenied' },
  ],
] as const)(
  'without the %s their condition says why, and the status keeps what it knew',
  async (part, said) => {
    const { life, state } = await restingLink();
    const { endpoints, available, securityGroup, vpcId, subnets, lastSweepTime } = life.status;
    state.parts = [part];
    tick(life.world);
    const { done } = await life.pass();
    expect(done).toEqual([]);
    expect(life.status).toMatchObject({ endpoints, available, securityGroup, vpcId, subnets });
    expect(life.status.lastSweepTime).toBe(lastSweepTime);
    expect(conditionsOf(life)).toMatchObject({
      ...said,
      Ready: 'False AccessDenied',
      Stalled: 'True AccessDenied',
      Available: 'True Succeeded as last seen',
      NetworkResolved: part === 'endpoints' ? 'Unknown AccessDenied' : 'True Succeeded',
    });
    expect(life.status.conditions?.[0]?.message).toContain('This part was made to fail.');
    state.parts = [];
    await life.pass();
    expect(conditionsOf(life)).toMatchObject({
      Ready: 'True Succeeded',
      Available: 'True Succeeded',
    });
  },
);

test('a part that is throttled is tried again, and not for a person to repair', async () => {
  const { life, state } = await restingLink();
  Object.assign(state, { parts: ['rules'], as: 'Throttled' });
  await life.pass();
  expect(conditionsOf(life)).toMatchObject({ Reconciling: 'True ProgressingWithRetry' });
});

test('with groups of the user no part of the groups is needed, and their reading is no secret', async () => {
  const { life, state } = await restingLink({ ...spec, securityGroup: { ids: ['sg-user'] } });
  state.parts = ['rules'];
  await life.pass();
  expect(conditionsOf(life)).toMatchObject({ Ready: 'True Succeeded' });
  state.parts = ['securityGroups'];
  meddleWithEndpoint(life.world, 'without private DNS');
  expect((await life.pass()).done).toMatchObject([{ privateDnsEnabled: true }]);
  expect(conditionsOf(life)).toMatchObject({ SecurityGroupReady: 'False AccessDenied' });
});

/** The link's endpoint for the API of SageMaker. */
function apiOf(world: AwsWorld) {
  return ownedBy(world, owner).endpoints.find((one) => one.serviceName.endsWith('.api'));
}

test('an endpoint is made without private DNS behind rules that nobody can read, and gets it later', async () => {
  const { life, state } = await restingLink();
  meddleWithEndpoint(life.world, 'deleted');
  for (let round = 0; round < 5; round += 1) tick(life.world);
  meddleWithGroup(life.world, 'without rules');
  state.parts = ['rules'];
  for (let passes = 0; passes < 5; passes += 1) {
    await life.pass();
    tick(life.world);
  }
  expect(apiOf(life.world)).toMatchObject({ state: 'available', privateDnsEnabled: false });
  state.parts = [];
  await life.settle();
  expect(apiOf(life.world)).toMatchObject({ privateDnsEnabled: true });
});

test('an endpoint that would lead callers at once waits for the rules', async () => {
  const { life, state } = await restingLink({ ...spec, privateDNSAt: 'Creation' });
  meddleWithEndpoint(life.world, 'deleted');
  for (let round = 0; round < 5; round += 1) tick(life.world);
  state.parts = ['rules'];
  const { done } = await life.pass();
  expect(done).toEqual([]);
});

test('a group that is made while no rules can be read is known, and its endpoints are whole', async () => {
  const { life, state } = await restingLink({ ...spec, securityGroup: { ids: ['sg-user'] } });
  state.parts = ['rules'];
  life.change({ ...spec });
  const kinds = (await life.pass()).done.map(({ kind }) => kind);
  expect(kinds).toEqual([
    'CreateSecurityGroup',
    'AuthorizeIngress',
    'RevokeEgress',
    'ModifyVpcEndpoint',
    'ModifyVpcEndpoint',
  ]);
});

test('an endpoint that left the spec stays while nobody can tell whom the others admit', async () => {
  const { life, state } = await restingLink();
  state.parts = ['rules'];
  life.change({ ...spec, endpoints: spec.endpoints.slice(0, 1) });
  expect((await life.pass()).done).toEqual([]);
  expect(conditionsOf(life)).toMatchObject({ EndpointsAvailable: 'False AccessDenied' });
  state.parts = [];
  expect((await life.pass()).done).toMatchObject([{ kind: 'DeleteVpcEndpoints' }]);
});

test('a restriction that names endpoints is not said to be in force while nobody knows them', async () => {
  const notebookAccess = {
    allowedCIDRs: ['203.0.113.0/24'],
    allowEndpoints: true,
    actions: ['NotebookInstances' as const],
    attachTo: { roles: [], users: [], groups: [] },
    onImpact: 'Fail' as const,
    additionalEndpointIds: [],
    allowedPrivateCIDRs: [],
  };
  const { life, state } = await restingLink({ ...spec, notebookAccess });
  expect(conditionsOf(life)).toMatchObject({ NotebookAccessEnforced: 'True Succeeded' });
  meddleWithPolicy(life.world, 'without tags');
  state.parts = ['endpoints'];
  expect((await life.pass()).done).toEqual([]);
  expect(conditionsOf(life)).toMatchObject({ NotebookAccessEnforced: 'False AccessDenied' });
});

test('a deletion goes as far as is known, and ends when everything was read and is gone', async () => {
  const { life, state } = await restingLink();
  life.deleting = true;
  state.parts = ['endpoints'];
  expect((await life.pass()).done).toEqual([]);
  state.parts = ['securityGroups'];
  expect((await life.pass()).done).toMatchObject([{ kind: 'DeleteVpcEndpoints' }]);
  for (let round = 0; round < 8; round += 1) {
    const { plan, done } = await life.pass();
    expect([plan.gone, done]).toEqual([false, []]);
    tick(life.world);
  }
  expect(ownedBy(life.world, owner)).toMatchObject({ endpoints: [], groups: [{}] });
  state.parts = ['rules'];
  expect((await life.pass()).done).toMatchObject([{ kind: 'DeleteSecurityGroup' }]);
  state.parts = [];
  expect((await life.settle()).end.plan.gone).toBe(true);
});
