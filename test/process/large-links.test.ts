/** Whoever may write links decides how large they are: that must not end the operator. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pMap from 'p-map';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { shippedMemory } from '../environment/shipped-memory.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { readMetrics } from './cluster/operator-metrics.ts';
import { quickAws, unlimitedEndpoints } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

jest.setTimeout(240_000);

const path = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks';
const count = 40;

let simulator: Simulator;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url);
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

/** A policy of about 1 MB in which every part is within its bound. */
function largePolicy(): object {
  const Resource = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(2_000, 'x'));
  const statement = { Effect: 'Allow', Principal: '*', Action: '*', Resource };
  return { Statement: Array.from({ length: 5 }, () => statement) };
}

async function create(
  name: string,
  spec: Record<string, unknown>,
  annotations: Readonly<Record<string, string>> = {},
): Promise<void> {
  const link = sampleLink(simulator.world.region('us-east-1'), name, spec);
  const body = { ...link, metadata: { name, annotations } };
  const { status } = await cluster.server.request({ method: 'POST', path, body });
  expect(status).toBe(201);
}

/** An operator with the heap of the image, which looks for orphans again and again. */
async function startWithShippedHeap(): Promise<OperatorProcess> {
  return cluster.startOperator({
    args: [unlimitedEndpoints, '--orphan-sweep=1s'],
    env: (await shippedMemory()).env,
  });
}

async function deleteAllBut(name: string): Promise<void> {
  const query = `fieldSelector=metadata.name!=${name}`;
  await cluster.server.request({ method: 'DELETE', path: `${path}?${query}` });
  await eventually(
    async () => {
      const { body } = await cluster.server.request({ path: `${path}?limit=1` });
      expect((body as { items: unknown[] }).items).toHaveLength(1);
    },
    { withinMs: 60_000, everyMs: 300 },
  );
}

test('40 links of 1 MB are refused, and the operator goes on working for the others', async () => {
  const names = Array.from({ length: count }, (_, index) => `large-${index}`);
  const endpoints = [{ service: 'api', privateDNS: false, policy: largePolicy() }];
  for (const name of names) await create(name, { endpoints });
  const operator = await startWithShippedHeap();
  await cluster.apply(sampleLink(simulator.world.region('us-east-1'), 'good'));
  await cluster.linkIsReady('good');
  for (const name of [names[0] ?? '', names.at(-1) ?? '']) {
    const link = await cluster.linkThat(
      name,
      'stalled',
      (one) => conditionOf(one, 'Stalled') !== undefined,
    );
    expect(conditionOf(link, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'InvalidSpec',
      message: expect.stringContaining('longer than 131072 characters'),
    });
  }
  await deleteAllBut('good');
  expect(operator.hasExited()).toBe(false);
  await operator.stop();
});

test('300 links with annotations of 200 kB are worked on, and orphans are looked for', async () => {
  const annotations = {
    'sagemaker.privatelink.dev/note': 'x'.repeat(100_000),
    'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(100_000),
  };
  const names = Array.from({ length: 300 }, (_, index) => `fat-${index}`);
  // Suspended, so that the test is about the memory and not about 600 endpoints.
  await pMap(names, (name) => create(name, { suspend: true }, annotations), { concurrency: 8 });
  const operator = await startWithShippedHeap();
  for (const name of names) {
    await cluster.linkThat(name, 'suspended', (link) => conditionOf(link, 'Ready') !== undefined);
  }
  // Each search reads a dozen of pages.
  const reads = async (): Promise<number> =>
    (await readMetrics(operator)).kubernetesRequests['GET'] ?? 0;
  const before = await reads();
  await eventually(async () => expect(await reads()).toBeGreaterThan(before + 50), {
    withinMs: 120_000,
    everyMs: 300,
  });
  expect(operator.hasExited()).toBe(false);
});
