/** Whoever may write links decides how large they are: that must not end the operator. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

jest.setTimeout(240_000);

const path = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks';
const count = 40;
/** As in the image with the memory of the Deployment. */
const heapMb = 112;

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

async function create(name: string): Promise<void> {
  const endpoints = [{ service: 'api', privateDNS: false, policy: largePolicy() }];
  const body = sampleLink(simulator.world.region('us-east-1'), name, { endpoints });
  const { status } = await cluster.server.request({ method: 'POST', path, body });
  expect(status).toBe(201);
}

test('40 links of 1 MB are refused, and the operator goes on working for the others', async () => {
  const names = Array.from({ length: count }, (_, index) => `large-${index}`);
  for (const name of names) await create(name);
  const operator = await cluster.startOperator({
    args: [unlimitedEndpoints],
    env: { NODE_OPTIONS: `--max-old-space-size=${heapMb}` },
  });
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
  await cluster.server.request({
    method: 'DELETE',
    path: `${path}?fieldSelector=metadata.name!=good`,
  });
  await eventually(
    async () => {
      const { body } = await cluster.server.request({ path: `${path}?limit=1` });
      expect((body as { items: unknown[] }).items).toHaveLength(1);
    },
    { withinMs: 60_000, everyMs: 300 },
  );
  expect(operator.hasExited()).toBe(false);
});
