import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { liveEndpoints, managedGroups } from './cluster/seen-at-aws.ts';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let operator: OperatorProcess;

beforeAll(async () => {
  simulator = await startSimulator({
    pendingMs: 500,
    deletingMs: 500,
    tombstoneMs: 500,
    throttling: false,
  });
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url);
  operator = await cluster.startOperator();
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

test('a link becomes ready with its endpoints available and its group tight', async () => {
  await cluster.apply(sampleLink(region, 'ml'));
  const link = await cluster.linkIsReady('ml');

  expect(link.status?.available).toBe('2/2');
  expect(conditionOf(link, 'Available')?.status).toBe('True');
  expect(conditionOf(link, 'Reconciling')).toBeUndefined();
  expect(liveEndpoints(region).map(({ serviceName, state }) => [serviceName, state])).toEqual(
    expect.arrayContaining([
      ['com.amazonaws.us-east-1.sagemaker.api', 'available'],
      ['com.amazonaws.us-east-1.sagemaker.runtime', 'available'],
    ]),
  );
  const [group] = managedGroups(region);
  expect(region.rules(group?.id)).toMatchObject([{ isEgress: false, fromPort: 443, toPort: 443 }]);
  expect(link.status?.endpoints?.map(({ url }) => url)).toEqual([
    'https://api.sagemaker.us-east-1.amazonaws.com',
    'https://runtime.sagemaker.us-east-1.amazonaws.com',
  ]);
  expect(link.status?.endpoints?.[0]?.networkInterfaces).toHaveLength(3);
});

test('printer columns tell the story', async () => {
  const table = await cluster.kubectlOrThrow(['get', 'smpl', 'ml', '-o', 'wide']);
  expect(table).toMatch(/NAME\s+READY\s+AVAILABLE\s+VPC\s+REGION\s+ACCOUNT\s+REASON\s+AGE/);
  expect(table).toMatch(/ml\s+True\s+2\/2\s+vpc-\w+\s+us-east-1\s+111122223333\s+Succeeded/);
});

test('an endpoint deleted behind the back is made anew, and Ready comes back', async () => {
  const [victim] = liveEndpoints(region);
  region.deleteEndpoint(victim?.id ?? '');

  const link = await cluster.linkThat('ml', 'ready with another endpoint', (one) => {
    const ids = one.status?.endpoints?.map(({ id }) => id) ?? [];
    return conditionOf(one, 'Ready')?.status === 'True' && !ids.includes(victim?.id);
  });
  expect(link.status?.drift).toBeUndefined();
  expect(liveEndpoints(region)).toHaveLength(2);
  const events = await cluster.kubectlOrThrow([
    'get',
    'events',
    '-o',
    'jsonpath={.items[*].reason}',
  ]);
  expect(events).toContain('DriftDetected');
});

test('rules added by hand to the managed group are taken away', async () => {
  const [group] = managedGroups(region);
  region.addIngressRule(group?.id ?? '', '203.0.113.0/24', 22);
  await eventually(() => expect(region.rules(group?.id)).toHaveLength(1));
});

test('the spec is changed in place: a service is added and one removed', async () => {
  const before = liveEndpoints(region).find(({ serviceName }) => serviceName.endsWith('.api'))?.id;
  await cluster.apply(
    sampleLink(region, 'ml', {
      endpoints: [{ service: 'api' }, { service: 'featurestore-runtime' }],
    }),
  );
  const link = await cluster.linkIsReady('ml');
  await eventually(() => expect(liveEndpoints(region)).toHaveLength(2));
  expect(link.status?.endpoints?.map(({ service }) => service)).toEqual([
    'api',
    'featurestore-runtime',
  ]);
  expect(liveEndpoints(region).find(({ serviceName }) => serviceName.endsWith('.api'))?.id).toBe(
    before,
  );
});

test('clients are refused by a condition where nobody looks after namespaces; AWS is looked after', async () => {
  await cluster.apply(
    sampleLink(region, 'refused', {
      endpoints: [{ service: 'metrics' }],
      clients: { namespaceSelector: { matchLabels: { ml: 'true' } }, configMap: { name: 'x' } },
    }),
  );
  const refused = await cluster.linkThat(
    'refused',
    'stalled',
    (one) => conditionOf(one, 'Stalled') !== undefined,
  );
  expect(conditionOf(refused, 'ClientsConfigured')).toMatchObject({
    status: 'False',
    reason: 'ClientsDisabled',
  });
  expect(conditionOf(refused, 'Available')?.status).toBe('True');

  const patch = '[{"op":"remove","path":"/spec/clients"}]';
  await cluster.kubectlOrThrow(['patch', 'smpl', 'refused', '--type=json', '-p', patch]);
  const link = await cluster.linkIsReady('refused');
  expect(conditionOf(link, 'ClientsConfigured')).toBeUndefined();
  await cluster.remove('refused');
});

test('deleting the link leaves nothing at AWS', async () => {
  await cluster.remove('ml');
  expect(liveEndpoints(region)).toEqual([]);
  expect(managedGroups(region)).toEqual([]);
});

test('the operator never wrote a secret to its log', async () => {
  const text = JSON.stringify(await operator.log());
  expect(text).not.toMatch(/not-a-secret|Bearer |eyJ/);
});
