import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AccountControl } from '../../src/simulator/control/account-control.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster } from './cluster/operator-cluster.ts';
import { sampleLink } from './cluster/sample-link.ts';

let simulator: Simulator;
let region: RegionControl;
let account: AccountControl;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator({
    pendingMs: 400,
    deletingMs: 400,
    tombstoneMs: 300,
    throttling: false,
  });
  region = simulator.world.region('us-east-1');
  account = simulator.world.account();
  for (const name of ['DataScientist', 'Analyst']) {
    account.createPrincipal({ kind: 'role', name });
  }
  account.createPrincipal({ kind: 'user', name: 'alice' });
  cluster = await OperatorCluster.start(simulator.url);
  await cluster.startOperator();
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

const endpoints = [{ service: 'api' }, { service: 'notebook' }];

function link(
  notebookAccess?: Record<string, unknown>,
  spec: Record<string, unknown> = {},
): object {
  const access = notebookAccess === undefined ? {} : { notebookAccess };
  return sampleLink(region, 'ml', { endpoints, ...access, ...spec });
}

function policies(): ReturnType<AccountControl['policies']> {
  return account.policies().filter(({ path }) => path === '/sagemaker-privatelink/');
}

/** Principals that the only policy is attached to. */
function attachedTo(): readonly string[] {
  const [policy] = policies();
  return account
    .principals()
    .filter(({ attachedPolicyArns }) => attachedPolicyArns.includes(policy?.arn ?? ''))
    .map(({ name }) => name)
    .sort();
}

/** The statements of the version in force. */
function document(): { readonly Statement: readonly { readonly Condition: unknown }[] } {
  const [policy] = policies();
  const version = policy?.versions.find(({ id }) => id === policy.defaultVersionId);
  return JSON.parse(version?.document ?? '{}') as ReturnType<typeof document>;
}

function endpointIds(): readonly string[] {
  return region
    .endpoints()
    .filter(({ state }) => state === 'available')
    .map(({ id }) => id)
    .sort();
}

test('the policy is in force with the ids of the endpoints before the link is ready', async () => {
  await cluster.apply(
    link({
      allowedCIDRs: ['203.0.113.0/24'],
      attachTo: { roles: ['DataScientist'], users: ['alice'] },
    }),
  );
  const ready = await cluster.linkIsReady('ml');

  expect(conditionOf(ready, 'NotebookAccessEnforced')?.status).toBe('True');
  expect(attachedTo()).toEqual(['DataScientist', 'alice']);
  expect(document().Statement).toMatchObject([
    {
      Effect: 'Deny',
      Condition: {
        NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] },
        StringNotEquals: { 'aws:SourceVpce': endpointIds() },
      },
    },
  ]);
  expect(region.endpoints().every(({ privateDnsEnabled }) => privateDnsEnabled)).toBe(true);
  expect(ready.status?.notebookAccess).toMatchObject({
    policyArn: policies()[0]?.arn,
    attachedTo: { roles: ['DataScientist'], users: ['alice'] },
  });
});

test('policy and attachments changed by hand are put right', async () => {
  const [policy] = policies();
  const role = account.principals().find(({ name }) => name === 'DataScientist');
  if (role === undefined || policy === undefined) throw new Error('the set-up is gone');
  account.changePrincipal(role, { attachedPolicyArns: [] });
  await eventually(() => expect(attachedTo()).toEqual(['DataScientist', 'alice']));
});

test('a replaced endpoint is in the policy, and the old one no more', async () => {
  const before = endpointIds();
  region.deleteEndpoint(before[0] ?? '');
  await eventually(async () => {
    expect(endpointIds()).toHaveLength(2);
    expect(endpointIds()).not.toEqual(before);
    expect(document().Statement[0]?.Condition).toMatchObject({
      StringNotEquals: { 'aws:SourceVpce': endpointIds() },
    });
  });
  await cluster.linkIsReady('ml');
});

test('a foreign attachment is reported and not touched', async () => {
  const [policy] = policies();
  const analyst = account.principals().find(({ name }) => name === 'Analyst');
  if (analyst === undefined || policy === undefined) throw new Error('the set-up is gone');
  account.changePrincipal(analyst, { attachedPolicyArns: [policy.arn] });
  const reported = await cluster.linkThat(
    'ml',
    'reporting the foreign attachment',
    (one) => conditionOf(one, 'NotebookAccessEnforced')?.reason === 'ForeignAttachment',
  );
  expect(conditionOf(reported, 'NotebookAccessEnforced')?.message).toContain('role Analyst');
  expect(conditionOf(reported, 'Available')?.status).toBe('True');
  expect(attachedTo()).toContain('Analyst');
  account.changePrincipal(analyst, { attachedPolicyArns: [] });
  await cluster.lookNow('ml');
  await cluster.linkIsReady('ml');
});

test('a principal that does not exist is named, and the others are attached', async () => {
  await cluster.apply(
    link({
      allowedCIDRs: ['198.51.100.0/24', '203.0.113.0/24'],
      attachTo: { roles: ['DataScientist', 'NoSuchRole'] },
    }),
  );
  const stalled = await cluster.linkThat(
    'ml',
    'naming the missing role',
    (one) => conditionOf(one, 'NotebookAccessEnforced')?.message.includes('NoSuchRole') === true,
  );
  expect(conditionOf(stalled, 'Available')?.status).toBe('True');
  await eventually(() => expect(attachedTo()).toEqual(['DataScientist']));
});

test('IAM denied: the endpoints become available, the condition names the action, and it recovers', async () => {
  simulator.faults.add({ service: 'iam', action: '*', effect: { kind: 'deny' } });
  await cluster.apply({
    ...link(
      { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['Analyst'] } },
      {
        endpoints: [{ service: 'studio' }],
      },
    ),
    metadata: { name: 'denied' },
  });
  const denied = await cluster.linkThat(
    'denied',
    'available without its policy',
    (one) =>
      conditionOf(one, 'Available')?.status === 'True' &&
      conditionOf(one, 'NotebookAccessEnforced')?.reason === 'AccessDenied',
  );
  expect(conditionOf(denied, 'NotebookAccessEnforced')?.message).toMatch(/iam:\w+/);
  expect(conditionOf(denied, 'Ready')?.status).toBe('False');
  simulator.faults.clear();
  await cluster.lookNow('denied');
  await cluster.linkIsReady('denied');
  await cluster.remove('denied');
});

test('without notebookAccess the policy goes and the endpoints stay', async () => {
  const before = endpointIds();
  await cluster.apply(link());
  await cluster.linkIsReady('ml');
  await eventually(() => expect(policies()).toEqual([]));
  expect(endpointIds()).toEqual(before);
});

test('deleting a link takes the policy away as well', async () => {
  await cluster.apply(link({ allowedCIDRs: ['203.0.113.0/24'], attachTo: { users: ['alice'] } }));
  await cluster.linkIsReady('ml');
  await cluster.remove('ml');
  expect(policies()).toEqual([]);
  expect(attachedTo()).toEqual([]);
  expect(region.endpoints().filter(({ state }) => state === 'available')).toEqual([]);
});
