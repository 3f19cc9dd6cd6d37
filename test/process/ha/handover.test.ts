/** Who may write to AWS when a place changes hands, and what a rollout and SIGTERM cost. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { eventually } from '../../environment/eventually.ts';
import { OperatorCluster } from '../cluster/operator-cluster.ts';
import { readMetrics } from '../cluster/operator-metrics.ts';
import { quickAws } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { shardLeases } from '../cluster/shard-leases.ts';
import { nameOf, type Replica, ReplicaSet } from './replica-set.ts';

jest.setTimeout(240_000);

const patience = { withinMs: 90_000, everyMs: 50 };

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let set: ReplicaSet;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url, { own: {}, install: false });
});

afterAll(async () => {
  await set?.stop();
  await cluster?.stop();
  await simulator?.close();
});

async function apply(name: string, ...services: readonly string[]): Promise<void> {
  const endpoints = services.map((service) => ({ service, privateDNS: false }));
  await cluster.apply(sampleLink(region, name, { endpoints }));
}

function writesOf({ accessKeyId }: Replica): number {
  return set.writes().filter((call) => call.accessKeyId === accessKeyId).length;
}

test('F20: SIGTERM before the links can be listed ends at once and leaves no Lease of the replica', async () => {
  await cluster.install();
  await cluster.kubectlOrThrow([
    'delete',
    'crd',
    'sagemakerprivatelinks.sagemaker.privatelink.dev',
  ]);
  set = new ReplicaSet(cluster, simulator, ['--aws-call-rate=ec2:CreateVpcEndpoint=1/1']);
  const early = await set.start();
  const presences = async (): Promise<number> =>
    (await shardLeases(cluster)).filter(({ replica }) => replica !== undefined).length;
  await eventually(async () => expect(await presences()).toBe(1), patience);

  // Far less than the drain time: what has not begun need not be drained.
  await early.operator.stop('SIGTERM', 15_000);
  expect((await early.operator.log()).at(-1)?.['message']).toBe('operator ends');
  expect(await presences()).toBe(0);
  await cluster.install();
});

/** Less than the 5 s for which the simulator keeps a silent connection. */
const shorterLease = ['--lease-duration=3s', '--renew-deadline=2.5s', '--retry-period=0.4s'];

test('F13: a replica that was frozen while a change waited for its turn does not send it', async () => {
  const both = [await set.start(shorterLease), await set.start(shorterLease)];
  await set.settled();
  simulator.resetCalls();
  // AWS's call rate lets one endpoint be made at once, and the other one a second later.
  await apply('frozen', 'api', 'runtime');
  const first = await set.owner();
  const second = both.find((one) => one !== first);
  await eventually(
    async () => {
      const actions = (await first.operator.log()).map(({ action }) => action);
      expect(actions).toContain('CreateVpcEndpoint');
    },
    { ...patience, everyMs: 5 },
  );
  process.kill(first.operator.pid, 'SIGSTOP');
  const before = writesOf(first);
  // It wakes up with its connections whole, its turn come, and its place gone.
  expect(await set.owner(first)).toBe(second);
  process.kill(first.operator.pid, 'SIGCONT');
  await first.operator.exited;
  await cluster.linkIsReady('frozen');

  expect(writesOf(first)).toBe(before);
  expect(set.turns()).toEqual([first.accessKeyId, second?.accessKeyId]);
  expect(region.endpointHistory()).toHaveLength(2);
});

test('F13: a place goes on when its dead owner can be nothing but dead, and not before', async () => {
  await set.start();
  await set.settled();
  const dead = await set.owner();
  const name = await nameOf(dead);
  await dead.operator.stop('SIGKILL');
  const last = (await shardLeases(cluster)).find(({ replica }) => replica === name);
  await set.owner(dead);

  const place = (await shardLeases(cluster)).find(({ shard }) => shard === 'us-east-1');
  const waitedMs = Date.parse(place?.acquireTime ?? '') - Date.parse(last?.renewTime ?? '');
  expect(waitedMs).toBeGreaterThanOrEqual(5_000);
});

test('F24: a rollout makes no change at AWS and none to a link', async () => {
  const versionBefore = (await cluster.linkIsReady('frozen')).metadata.resourceVersion;
  simulator.resetCalls();
  const old = await set.owner();
  // As the Deployment does it: a new replica is ready before an old one is ended.
  const fresh = await set.start();
  await eventually(
    async () =>
      expect((await fetch(`${await fresh.operator.healthUrl()}/readyz`)).status).toBe(200),
    patience,
  );
  await old.operator.stop('SIGTERM', 30_000);
  expect((await old.operator.log()).at(-1)?.['message']).toBe('operator ends');
  expect(await set.owner(old)).toBe(fresh);
  await eventually(
    async () => expect((await readMetrics(fresh.operator)).passes).toBeGreaterThan(0),
    patience,
  );

  expect(set.writes()).toEqual([]);
  expect((await cluster.link('frozen'))?.metadata.resourceVersion).toBe(versionBefore);
});

test('F20: SIGTERM lets the changes under way end and begins no more; a second one ends at once', async () => {
  const leader = await set.owner();
  simulator.resetCalls();
  const slow = simulator.faults.add({
    service: 'ec2',
    action: 'CreateSecurityGroup',
    when: 'after',
    effect: { kind: 'hang' },
  });
  await apply('held-up', 'api');
  await eventually(() => expect(slow.hits()).toBe(1), patience);
  process.kill(leader.operator.pid, 'SIGTERM');
  await eventually(async () => {
    const messages = (await leader.operator.log()).map(({ message }) => message);
    expect(messages).toContain('draining: running passes may end');
  }, patience);
  expect(leader.operator.hasExited()).toBe(false);
  await leader.operator.stop('SIGTERM', 20_000);
  slow.remove();

  // It did not wait for the answer that never comes, nor say goodbye.
  expect((await leader.operator.log()).at(-1)?.['message']).not.toBe('operator ends');
  expect(writesOf(leader)).toBe(1);
  await set.start();
  await cluster.linkIsReady('held-up');
  expect(region.securityGroups().filter(({ name }) => name.includes('held-up'))).toHaveLength(1);
  await cluster.remove('held-up');
  await cluster.remove('frozen');
});
