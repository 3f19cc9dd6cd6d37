/** Two replicas of the shipped operator, each of which works in a region of its own. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { rendezvous } from '../../../src/kubernetes/shards/rendezvous.ts';
import { eventually } from '../../environment/eventually.ts';
import { OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { liveEndpoints } from '../cluster/seen-at-aws.ts';
import { shardLeases } from '../cluster/shard-leases.ts';
import { type Replica, ReplicaSet } from './replica-set.ts';

jest.setTimeout(300_000);

const patience = { withinMs: 90_000, everyMs: 50 };
/** More than enough for each of two replicas to have one. */
const regions = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'eu-west-1',
  'eu-west-2',
  'eu-central-1',
  'ap-south-1',
  'ap-northeast-1',
  'ap-southeast-2',
  'sa-east-1',
];

let simulator: Simulator;
let cluster: OperatorCluster;
let set: ReplicaSet;
/** A region of each of the first two replicas. */
let places: readonly [string, string];

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url);
  set = new ReplicaSet(cluster, simulator, [unlimitedEndpoints]);
  await set.start();
  await set.start();
  await set.settled();
  places = await placesOf();
});

afterAll(async () => {
  await set?.stop();
  await cluster?.stop();
  await simulator?.close();
});

/** For each replica a region that is to be its own. */
async function placesOf(): Promise<readonly [string, string]> {
  const names = (await shardLeases(cluster)).flatMap(({ replica }) => replica ?? []);
  const [one, other] = names.map((name) =>
    regions.find((region) => rendezvous(region, names) === name),
  );
  if (one === undefined || other === undefined) throw new Error('too few regions');
  return [one, other];
}

function link(name: string, region: string, ...services: readonly string[]) {
  const endpoints = services.map((service) => ({ service, privateDNS: false }));
  return sampleLink(simulator.world.region(region), name, { region, endpoints });
}

/** Who changed something in a region since the last reset of the call log. */
function writersIn(region: string): readonly (string | undefined)[] {
  const keys = set.writes().flatMap((call) => (call.region === region ? [call.accessKeyId] : []));
  return [...new Set(keys)];
}

function endpointsIn(region: string): number {
  return liveEndpoints(simulator.world.region(region)).length;
}

async function ownersOf(): Promise<readonly Replica[]> {
  return Promise.all(places.map((place) => set.owner(undefined, place)));
}

test('F13: both work at once: one that hangs in its place holds up nothing in the place of the other', async () => {
  const [one, other] = places;
  simulator.resetCalls();
  const held = simulator.faults.add({
    service: 'ec2',
    action: 'CreateSecurityGroup',
    matches: ({ region }) => region === one,
    effect: { kind: 'delay', ms: 30_000 },
  });
  await cluster.apply(link('one', one, 'api', 'runtime'));
  await eventually(() => expect(held.hits()).toBe(1), patience);
  await cluster.apply(link('other', other, 'api', 'runtime'));
  await cluster.linkIsReady('other');
  expect(endpointsIn(one)).toBe(0);
  held.remove();
  await cluster.linkIsReady('one');

  const owners = await ownersOf();
  expect(new Set(owners).size).toBe(2);
  expect([writersIn(one), writersIn(other)]).toEqual(owners.map((owner) => [owner.accessKeyId]));
});

test('kubectl get lease tells who works where', async () => {
  const table = await cluster.kubectlOrThrow([
    'get',
    'lease',
    '-n',
    'sagemaker-privatelink-system',
    '-L',
    'sagemaker.privatelink.dev/lease-kind,sagemaker.privatelink.dev/region',
  ]);
  const leases = await shardLeases(cluster);
  for (const region of places) {
    const line = table.split('\n').find((one) => one.trimEnd().endsWith(region));
    const holder = leases.find(({ shard }) => shard === region)?.holder ?? 'nobody';
    expect(line).toContain(holder);
  }
});

test('F13: the place of a replica that is killed goes on with the other one, whose own place never stopped', async () => {
  const [victim, heir] = (await ownersOf()) as [Replica, Replica];
  const [lost, kept] = places;
  simulator.resetCalls();
  await victim.operator.stop('SIGKILL');
  await cluster.apply(link('one', lost, 'api'));
  await cluster.apply(link('other', kept, 'api'));
  await cluster.linkThat('other', 'edited', ({ status }) => status?.endpoints?.length === 1);
  expect(await set.owner(victim, lost)).toBe(heir);
  const movesOfKept = (await heir.operator.log()).filter(({ shard }) => shard === kept);
  expect(movesOfKept.map(({ message }) => message)).toEqual(['shard taken']);
  await cluster.linkThat('one', 'edited', ({ status }) => status?.endpoints?.length === 1);
  await eventually(() => expect([endpointsIn(lost), endpointsIn(kept)]).toEqual([1, 1]), patience);
  expect([writersIn(lost), writersIn(kept)]).toEqual([[heir.accessKeyId], [heir.accessKeyId]]);
});

test('F24: a rollout of all replicas changes nothing at AWS and nothing of a link', async () => {
  await set.keepUp(2);
  await set.settled();
  const versionsOf = async (): Promise<readonly unknown[]> =>
    Promise.all(
      ['one', 'other'].map(async (name) => (await cluster.link(name))?.metadata.resourceVersion),
    );
  for (const name of ['one', 'other']) await cluster.linkIsReady(name);
  const before = await versionsOf();
  simulator.resetCalls();
  for (const { operator } of set.replicas.filter((one) => !one.operator.hasExited())) {
    await set.start();
    await set.settled();
    await operator.stop('SIGTERM', 30_000);
    await set.settled();
  }
  const fresh = set.replicas.filter((one) => !one.operator.hasExited());
  expect(fresh).toHaveLength(2);
  // They have looked at AWS, and found everything as it should be.
  await eventually(() => {
    const readers = new Set(simulator.calls().map(({ accessKeyId }) => accessKeyId));
    const areReading = fresh.filter(({ accessKeyId }) => readers.has(accessKeyId));
    expect(areReading.length).toBeGreaterThan(0);
  }, patience);
  expect(set.writes()).toEqual([]);
  expect(await versionsOf()).toEqual(before);
});
