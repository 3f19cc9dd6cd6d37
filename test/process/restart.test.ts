/** What an operator process costs and leaves behind when it starts, ends, dies or is not alone. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type EventuallyOptions, eventually } from '../environment/eventually.ts';
import { OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { readMetrics } from './cluster/operator-metrics.ts';
import { quickAws, unlimitedEndpoints } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { areSettled, holderOf } from './cluster/shard-leases.ts';
import { isLive, liveEndpoints } from './cluster/seen-at-aws.ts';

jest.setTimeout(240_000);

/** Several clusters may share a busy machine. */
const patience = { withinMs: 90_000, everyMs: 300 };

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let operator: OperatorProcess;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  operator = await startUnlimited();
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

/** An operator that makes endpoints as fast as it can: AWS's rates are not what is tested here. */
function startUnlimited(args: readonly string[] = []): Promise<OperatorProcess> {
  return cluster.startOperator({ args: [unlimitedEndpoints, ...args] });
}

async function applyLinks(names: readonly string[]): Promise<void> {
  const endpoints = ['api', 'runtime'].map((service) => ({ service, privateDNS: false }));
  const items = names.map((name) => sampleLink(region, name, { endpoints }));
  await cluster.apply({ apiVersion: 'v1', kind: 'List', items });
}

function namesOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

async function allReady(
  names: readonly string[],
  options: EventuallyOptions = patience,
): Promise<readonly SageMakerPrivateLink[]> {
  return Promise.all(names.map((name) => cluster.linkIsReady(name, options)));
}

/** Waits until a process has ended so many passes. */
async function passesOf(process: OperatorProcess, atLeast: number): Promise<number> {
  return eventually(async () => {
    const { passes } = await readMetrics(process);
    if (passes < atLeast) throw new Error(`${passes} of ${atLeast} passes were made`);
    return passes;
  }, patience);
}

function writes(): readonly string[] {
  return simulator.calls().flatMap(({ readOnly, action }) => (readOnly ? [] : [action]));
}

async function resourceVersions(names: readonly string[]): Promise<readonly unknown[]> {
  const links = await Promise.all(names.map((name) => cluster.link(name)));
  return links.map((link) => link?.metadata.resourceVersion);
}

/** Ends the operator, starts another one, and tells what that asked until it knew every link. */
async function callsOfRestart(links: number): Promise<Readonly<Record<string, number>>> {
  await operator.stop();
  simulator.resetCalls();
  operator = await startUnlimited();
  await passesOf(operator, links);
  return simulator.callCounts();
}

const twenty = namesOf('many', 20);

test('F24: a restart writes nothing, and asks the same for 20 links as for one', async () => {
  await applyLinks(twenty.slice(0, 1));
  await allReady(twenty.slice(0, 1));
  const callsForOne = await callsOfRestart(1);

  await applyLinks(twenty.slice(1));
  await allReady(twenty);
  const before = await resourceVersions(twenty);
  const callsForTwenty = await callsOfRestart(20);

  expect(callsForTwenty).toEqual(callsForOne);
  expect(callsForTwenty).toEqual({
    GetCallerIdentity: 1,
    DescribeVpcs: 1,
    DescribeSubnets: 1,
    DescribeVpcEndpointServices: 1,
    DescribeVpcEndpoints: 1,
    DescribeSecurityGroups: 1,
    DescribeSecurityGroupRules: 1,
  });
  expect(writes()).toEqual([]);
  expect(await resourceVersions(twenty)).toEqual(before);
});

test('sweeps without a change cost two reads for all links and write nothing anywhere', async () => {
  const versions = await resourceVersions(twenty);
  const { passes, kubernetesRequests } = await readMetrics(operator);
  simulator.resetCalls();
  const swept = (await passesOf(operator, passes + 2 * twenty.length)) - passes;

  // All links sweep on the same tick, so that 20 passes are one sweep; one more may have begun.
  const sweeps = Math.ceil(swept / twenty.length) + 1;
  const {
    DescribeVpcEndpoints: reads = 0,
    DescribeSecurityGroupRules: ofRules = 0,
    ...others
  } = simulator.callCounts();
  expect(reads).toBeLessThanOrEqual(sweeps);
  expect(Object.keys(others)).toEqual(['DescribeSecurityGroups']);
  expect(simulator.calls().length).toBeLessThanOrEqual(2 * sweeps + ofRules);
  // Where no permission has changed, rules are read once in ten minutes.
  expect(ofRules).toBeLessThanOrEqual(1);
  expect(await resourceVersions(twenty)).toEqual(versions);
  const after = (await readMetrics(operator)).kubernetesRequests;
  // PUT renews the lease; PATCH would be a status or a finalizer, POST an event.
  expect([after['PATCH'], after['POST']]).toEqual([
    kubernetesRequests['PATCH'],
    kubernetesRequests['POST'],
  ]);
});

test('F13, F20: one of two replicas works in a place; SIGTERM drains it and the other one goes on at once', async () => {
  // One stays, so that the place is one that somebody has to have.
  const [lasting = ''] = twenty;
  await cluster.remove(...twenty.slice(1));
  const other = await startUnlimited();
  await eventually(() => areSettled(cluster, 2), patience);
  const begun = simulator.faults.add({
    service: 'ec2',
    action: 'CreateVpcEndpoint',
    when: 'after',
    effect: { kind: 'delay', ms: 1_500 },
  });
  await applyLinks(['handed-over']);
  await eventually(() => expect(begun.hits()).toBe(1));
  const isOthers = (await readMetrics(other)).places === 1;
  const [working, idle] = isOthers ? [other, operator] : [operator, other];
  expect(await readMetrics(idle)).toMatchObject({ places: 0 });

  await working.stop('SIGTERM', 30_000);
  const holder = await holderOf(cluster, 'us-east-1');
  begun.remove();

  // The calls under way got their answers, so nothing had to be found out or made again.
  const log = await working.log();
  const messages = log.map(({ message }) => message);
  expect(messages).toEqual(expect.arrayContaining(['draining: running passes may end']));
  expect(messages.at(-1)).toBe('operator ends');
  // A Lease that was not given back would still carry the name of the one that has ended.
  const first = log.find(({ message }) => message === 'shard taken');
  expect(holder).not.toBe(first?.['instance']);
  await allReady(['handed-over']);
  expect(await readMetrics(idle)).toMatchObject({ places: 1, isLeader: true });
  expect(region.endpointHistory().filter(isLive)).toHaveLength(4);
  operator = idle;
  await cluster.remove('handed-over', lasting);
});

test('F1: killed at any of its first changes and started again, it makes nothing twice', async () => {
  await operator.stop();
  const former = region.endpointHistory().length;
  const formerGroups = region.securityGroups().length;
  const names = namesOf('killed', 3);
  await applyLinks(names);
  for (const change of [1, 2, 3, 4]) {
    // Without a lease, so that no successor has to wait until the dead one's has run out.
    const victim = await startUnlimited(['--no-leader-elect']);
    await killedAtChange(victim, change, names);
  }
  operator = await startUnlimited(['--no-leader-elect']);
  await allReady(names);

  expect(region.endpointHistory()).toHaveLength(former + 2 * names.length);
  expect(region.securityGroups()).toHaveLength(formerGroups + names.length);
  await cluster.remove(...names);
  expect(liveEndpoints(region)).toEqual([]);
  expect(region.securityGroups()).toHaveLength(formerGroups);
});

test('F20: asked to end during any of its first changes, it ends by itself and makes nothing twice', async () => {
  await operator.stop();
  const former = region.endpointHistory().length;
  const formerGroups = region.securityGroups().length;
  const names = namesOf('ended', 3);
  await applyLinks(names);
  for (const change of [1, 2, 3, 4]) {
    const ending = await startUnlimited();
    await endedAtChange(ending, change, names);
    const log = await ending.log();
    expect(log.at(-1)?.['message']).toBe('operator ends');
    const holder = await holderOf(cluster, 'us-east-1');
    // A lease that was not given back: the last warnings say why.
    const warnings = holder === '' ? [] : log.filter(({ level }) => level === 'warn').slice(-3);
    expect({ holder, warnings }).toEqual({ holder: '', warnings: [] });
  }
  operator = await startUnlimited();
  await allReady(names);

  expect(region.endpointHistory()).toHaveLength(former + 2 * names.length);
  expect(region.securityGroups()).toHaveLength(formerGroups + names.length);
  await cluster.remove(...names);
});

/** The n-th change is slow, and SIGTERM comes while it is under way. */
async function endedAtChange(
  ending: OperatorProcess,
  change: number,
  names: readonly string[],
): Promise<void> {
  let begun = 0;
  const slow = simulator.faults.add({
    service: 'ec2',
    action: '*',
    matches: ({ action }) => {
      if (action.startsWith('Describe')) return false;
      begun += 1;
      return begun === change;
    },
    when: 'after',
    effect: { kind: 'delay', ms: 2_000 },
  });
  // There is nothing to end before it has begun to listen.
  await ending.healthUrl();
  await eventually(async () => {
    if (slow.hits() === 0) await allReady(names, { withinMs: 0 });
  }, patience);
  process.kill(ending.pid, 'SIGTERM');
  await ending.exited;
  slow.remove();
}

test('F9: links in line for the rate of a call do not look at the network at each turn', async () => {
  await operator.stop();
  // 16 endpoints in 40 seconds: whoever is more than ten seconds away comes back when it is due.
  const slow = '--aws-call-rate=ec2:CreateVpcEndpoint=0.4/1';
  operator = await cluster.startOperator({ args: [slow, '--no-leader-elect'] });
  const names = namesOf('patient', 8);
  simulator.resetCalls();
  await applyLinks(names);
  await allReady(names);

  const throttled = (await operator.log()).filter(({ code }) => code === 'CallBudgetSpent');
  expect(throttled.length).toBeGreaterThan(3);
  const { DescribeVpcs, DescribeSubnets, DescribeVpcEndpointServices } = simulator.callCounts();
  // Twice at most: kubectl may need longer to send the links than the first read to begin.
  for (const reads of [DescribeVpcs, DescribeSubnets, DescribeVpcEndpointServices]) {
    expect(reads).toBeLessThanOrEqual(2);
  }
  await cluster.remove(...names);
});

/** The n-th change takes effect, but the one who asked for it dies without having its answer. */
async function killedAtChange(
  victim: OperatorProcess,
  change: number,
  names: readonly string[],
): Promise<void> {
  let seen = 0;
  const fault = simulator.faults.add({
    service: 'ec2',
    action: '*',
    matches: ({ action }) => {
      if (action.startsWith('Describe')) return false;
      seen += 1;
      return seen === change;
    },
    when: 'after',
    effect: { kind: 'hang' },
  });
  await eventually(async () => {
    // What the one before did may have left less to do than this one is to be killed at.
    if (fault.hits() === 0) await allReady(names, { withinMs: 0 });
  }, patience);
  await victim.stop('SIGKILL');
  fault.remove();
}
