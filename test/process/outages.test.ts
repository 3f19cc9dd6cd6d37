/** Nothing to work with: no kind, no credentials, no AWS. Said plainly, and over when it is over. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { sampleLink } from './cluster/sample-link.ts';

jest.setTimeout(180_000);

const patience = { withinMs: 90_000, everyMs: 150 };
const crd = 'crd/sagemakerprivatelinks.sagemaker.privatelink.dev';

let simulator: Simulator;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator({ pendingMs: 300, deletingMs: 300, throttling: false });
  cluster = await OperatorCluster.start(simulator.url);
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

async function readiness(operator: OperatorProcess): Promise<string> {
  const response = await fetch(`${await operator.healthUrl()}/readyz`);
  return `${response.status} ${await response.text()}`;
}

test('without the kind the operator waits and /readyz says why; installed, it gets to work', async () => {
  await cluster.kubectlOrThrow(['delete', crd]);
  const operator = await cluster.startOperator();
  await eventually(async () => {
    expect(await readiness(operator)).toMatch(
      /^503 \[-\]synced failed: the resource sagemakerprivatelinks\S* is not installed; apply its CustomResourceDefinition/,
    );
  }, patience);
  const health = await fetch(`${await operator.healthUrl()}/healthz`);
  expect(health.status).toBe(200);

  await cluster.install();
  await eventually(async () => expect(await readiness(operator)).toMatch(/^200 /), patience);
  await cluster.apply(sampleLink(simulator.world.region('us-east-1'), 'late'));
  await cluster.linkIsReady('late');
  await cluster.remove('late');
  await operator.stop();
});

test('F17: without credentials a condition says that there are none and what to do', async () => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  const operator = await cluster.startOperator({ env: none });
  await cluster.apply(sampleLink(simulator.world.region('us-east-1'), 'keyless'));
  const link = await cluster.linkThat(
    'keyless',
    'stalled',
    (one) => conditionOf(one, 'Stalled') !== undefined,
  );
  const { reason, message } = conditionOf(link, 'Ready') ?? {};
  expect(reason).toBe('CredentialsInvalid');
  expect(message).toContain('has no AWS credentials to call with');
  expect(message).toContain('Give the operator an IAM role (IRSA or EKS Pod Identity)');
  expect(simulator.calls().some(({ httpStatus }) => httpStatus === 0)).toBe(false);
  await operator.stop();
});

test('an AWS that refuses connections is retried, and all is well when it answers', async () => {
  const { url } = simulator;
  await simulator.close();
  const operator = await cluster.startOperator();
  const link = await cluster.linkThat(
    'keyless',
    'without AWS',
    (one) => conditionOf(one, 'Ready')?.reason === 'AWSUnreachable',
  );
  expect(conditionOf(link, 'Ready')?.message).toMatch(/got no answer \(ECONNREFUSED\)/);
  expect(conditionOf(link, 'Reconciling')?.reason).toBe('ProgressingWithRetry');
  expect(conditionOf(link, 'Stalled')).toBeUndefined();

  // The same ids in the same order: a simulated world follows from its seed.
  const options = { pendingMs: 300, deletingMs: 300, throttling: false };
  simulator = await startSimulator({ ...options, port: Number(new URL(url).port) });
  simulator.world.region('us-east-1');
  await cluster.linkIsReady('keyless');
  await operator.stop();
});
