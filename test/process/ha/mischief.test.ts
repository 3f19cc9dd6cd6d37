/** Owners of a place die, freeze and lose the API server in the middle of changes, at random moments. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { eventually } from '../../environment/eventually.ts';
import { count, type Figure } from '../../environment/figures.ts';
import { runsFactor } from '../../environment/runs-factor.ts';
import { OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { liveEndpoints } from '../cluster/seen-at-aws.ts';
import { type Replica, ReplicaSet } from './replica-set.ts';
import { seededRandom } from '../../model/seeded-random.ts';

jest.setTimeout(300_000);

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let set: ReplicaSet;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  set = new ReplicaSet(cluster, simulator, [unlimitedEndpoints]);
  // Nothing is done for it, but somebody has to have its place.
  await cluster.apply(sampleLink(region, 'lasting', { suspend: true }));
});

afterAll(async () => {
  await set?.stop();
  await cluster?.stop();
  await simulator?.close();
});

type Mischief = 'killed' | 'frozen' | 'cut off' | 'asked to end';
const mischiefs: readonly Mischief[] = ['killed', 'frozen', 'cut off', 'asked to end'];

const figureOf: Readonly<Record<Mischief, Figure>> = {
  killed: 'replicas killed',
  frozen: 'replicas frozen',
  'cut off': 'replicas cut off from the API server',
  'asked to end': 'replicas asked to end',
};

/** Strikes the owner of the place, and undoes it when another one has the place. */
async function strike(mischief: Mischief, owner: Replica): Promise<void> {
  const { operator, proxy } = owner;
  count(figureOf[mischief]);
  switch (mischief) {
    case 'killed':
      await operator.stop('SIGKILL');
      await set.owner(owner);
      return;
    case 'frozen':
      process.kill(operator.pid, 'SIGSTOP');
      await set.owner(owner);
      process.kill(operator.pid, 'SIGCONT');
      await operator.exited;
      return;
    case 'cut off':
      proxy.partition();
      // Nobody can tell it that its time is over: it has to find out by itself.
      await eventually(() => expect(operator.hasExited()).toBe(true), { withinMs: 60_000 });
      proxy.heal();
      await set.owner(owner);
      return;
    case 'asked to end':
      await operator.stop('SIGTERM', 30_000);
      await set.owner(owner);
      return;
    default:
      throw new Error(`No such mischief: ${mischief satisfies never}`);
  }
}

/** Resolves when the n-th change from now on is on its way to AWS. */
async function atChange(nth: number, orElse: () => Promise<unknown>): Promise<void> {
  const before = set.writes().length;
  await eventually(
    async () => {
      if (set.writes().length < before + nth) await orElse();
    },
    { withinMs: 90_000, everyMs: 1 },
  );
}

async function exist(names: readonly string[]): Promise<boolean> {
  const links = await Promise.all(names.map((name) => cluster.link(name)));
  return links.some((link) => link !== undefined);
}

async function areReady(names: readonly string[]): Promise<void> {
  for (const name of names) await cluster.linkIsReady(name, { withinMs: 0 });
}

const services = ['api', 'runtime'];

function namesOf(seed: number, round: number): readonly string[] {
  return Array.from({ length: 3 }, (_, index) => `ha-${seed}-${round}-${index}`);
}

async function create(names: readonly string[]): Promise<void> {
  const endpoints = services.map((service) => ({ service, privateDNS: false }));
  const items = names.map((name) => sampleLink(region, name, { endpoints }));
  await cluster.apply({ apiVersion: 'v1', kind: 'List', items });
}

const seeds = Array.from({ length: 2 * runsFactor }, (_, index) => 1 + index);

test.each(seeds)('F13: nothing is doubled or lost, and no two write: seed %s', async (seed) => {
  const random = seededRandom(seed);
  const pick = (choices: number): number => Math.floor(random() * choices);
  // Each kind once, in an order that the seed chooses.
  const order = mischiefs
    .map((mischief) => ({ mischief, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ mischief }) => mischief);
  simulator.resetCalls();
  const madeBefore = region.endpointHistory().length;
  const groupsBefore = region.securityGroups().length;
  let former: readonly string[] = [];
  for (const [round, mischief] of order.entries()) {
    await set.keepUp(3);
    await set.settled();
    const writesBefore = set.writes().length;
    const names = namesOf(seed, round);
    await create(names);
    if (former.length > 0) {
      await cluster.kubectlOrThrow(['delete', 'smpl', '--wait=false', ...former]);
    }
    await atChange(1 + pick(12), () => areReady(names));
    await strike(mischief, await set.owner());
    for (const name of names) await cluster.linkIsReady(name);
    for (const name of former) await cluster.linkIsGone(name);
    // Nobody wrote any more after somebody else had begun.
    const turns = set.turns(writesBefore);
    expect(turns).toHaveLength(new Set(turns).size);
    former = names;
  }

  expect(liveEndpoints(region)).toHaveLength(former.length * services.length);
  expect(region.endpointHistory()).toHaveLength(madeBefore + order.length * 3 * services.length);
  expect(region.securityGroups()).toHaveLength(groupsBefore + former.length);

  await cluster.remove(...former);
  expect(await exist(former)).toBe(false);
  expect(liveEndpoints(region)).toEqual([]);
  expect(region.securityGroups()).toHaveLength(groupsBefore);
});
