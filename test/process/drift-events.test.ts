/** Drift that AWS tells of: the shipped operator, a queue at moto, and a sweep that is an hour away. */
import { EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type CloudTrail, startCloudTrail } from '../environment/cloud-trail.ts';
import { eventually } from '../environment/eventually.ts';
import { type Moto, startMoto } from '../environment/moto.ts';
import { SqsQueue } from '../environment/sqs-queue.ts';
import { anEndpoint, driftEvent } from '../unit/plan/hints/drift-event.ts';
import { OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { readMetrics } from './cluster/operator-metrics.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { liveEndpoints, managedGroups } from './cluster/seen-at-aws.ts';

jest.setTimeout(180_000);

let simulator: Simulator;
let region: RegionControl;
let moto: Moto;
let queue: SqsQueue;
let trail: CloudTrail;
let cluster: OperatorCluster;
let operator: OperatorProcess;
/** Somebody else in the account. */
let somebody: EC2Client;

const missing = 'https://sqs.us-east-1.amazonaws.com/123456789012/made-later';

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  moto = await startMoto();
  queue = await SqsQueue.create(moto.url, 'drift-events');
  trail = await startCloudTrail(simulator.url, (event) => queue.send(JSON.stringify(event)));
  const credentials = { accessKeyId: 'AKIAOTHER00000000000', secretAccessKey: 'not-a-secret' };
  somebody = new EC2Client({ region: 'us-east-1', endpoint: trail.url, credentials });
  cluster = await OperatorCluster.start(trail.url);
  operator = await startOperator();
}, 180_000);

function startOperator(): Promise<OperatorProcess> {
  return cluster.startOperator({
    args: [`--drift-events-queue=${queue.url}`, `--drift-events-queue=${missing}`],
    env: { AWS_ENDPOINT_URL_SQS: moto.url },
  });
}

afterAll(async () => {
  somebody?.destroy();
  await cluster?.stop();
  await trail?.close();
  queue?.close();
  await moto?.stop();
  await simulator?.close();
});

/** A metric of the operator, by its name and labels as they are written. */
async function metric(series: string): Promise<number> {
  const text = await (await fetch(`${await operator.healthUrl()}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

function events(result: string): Promise<number> {
  return metric(`sagemaker_privatelink_drift_events_total{result="${result}"}`);
}

async function queueIsEmpty(): Promise<void> {
  await eventually(async () => expect(await queue.size()).toBe(0), { withinMs: 60_000 });
}

test('events about the operator’s own changes are read, and lead to no look', async () => {
  await cluster.apply(sampleLink(region, 'ml', { sweepInterval: '1h' }));
  await cluster.linkIsReady('ml');
  expect(trail.told).toEqual(
    expect.arrayContaining(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupEgress']),
  );
  await queueIsEmpty();
  expect(await events('Own')).toBeGreaterThan(0);
  expect(await metric('sagemaker_privatelink_early_looks_total')).toBe(0);
});

test('with queues the operator ends in good order, in the middle of a long poll', async () => {
  const begun = Date.now();
  await operator.stop('SIGTERM');
  // A long poll takes 20 s.
  expect(Date.now() - begun).toBeLessThan(15_000);
  expect((await operator.log()).at(-1)).toMatchObject({ level: 'info' });
});

test('a rule that somebody takes away is back soon, although the sweep is an hour away', async () => {
  // A process that made the rule itself would not believe for a minute that it is gone.
  operator = await startOperator();
  await eventually(async () => expect((await readMetrics(operator)).passes).toBeGreaterThan(0), {
    withinMs: 60_000,
  });
  const [group] = managedGroups(region);
  const [rule] = region.rules(group?.id);
  await somebody.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: group?.id,
      SecurityGroupRuleIds: [rule?.id ?? ''],
    }),
  );
  expect(region.rules(group?.id)).toEqual([]);
  await eventually(() => expect(region.rules(group?.id)).toMatchObject([{ fromPort: 443 }]), {
    withinMs: 60_000,
  });
  expect(await events('Hint')).toBe(1);
  expect(await metric('sagemaker_privatelink_early_looks_total')).toBe(1);
  await queueIsEmpty();
});

test('an endpoint that somebody deletes is made anew', async () => {
  const [victim] = liveEndpoints(region);
  region.deleteEndpoint(victim?.id ?? '');
  const parameters = { DeleteVpcEndpointsRequest: { VpcEndpointId: { content: victim?.id } } };
  await queue.send(JSON.stringify(driftEvent({ parameters })));
  await cluster.linkThat(
    'ml',
    'with another endpoint',
    ({ status }) => {
      const endpoints = status?.endpoints ?? [];
      const isWell = endpoints.every(({ id, state }) => id !== victim?.id && state === 'available');
      return endpoints.length === 2 && isWell;
    },
    { withinMs: 120_000 },
  );
});

test('messages that are none of AWS’s are taken out, and the operator works on', async () => {
  const bad = [
    '{',
    '[]',
    '"\\u0000"',
    'x'.repeat(200_000),
    JSON.stringify(driftEvent({ event: { account: { toString: 1 } } })),
    JSON.stringify(driftEvent({ detail: { eventName: '__proto__' } })),
    JSON.stringify(driftEvent({ parameters: { id: anEndpoint } })),
  ];
  await queueIsEmpty();
  const malformed = await events('Malformed');
  for (const body of bad) await queue.send(body);
  await queueIsEmpty();
  expect(await events('Malformed')).toBe(malformed + 5);
  expect(await events('NoLink')).toBeGreaterThan(0);
  await cluster.apply(sampleLink(region, 'after', { endpoints: [{ service: 'metrics' }] }));
  await cluster.linkIsReady('after');
  await cluster.remove('after');
});

test('a queue that is not there is one line in the log and a metric, and no readiness', async () => {
  const series =
    'sagemaker_privatelink_drift_events_readable{region="us-east-1",name="made-later"}';
  expect(await metric(series)).toBe(0);
  const lines = (await operator.log()).filter(({ queue: name }) => name === 'made-later');
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'warn',
      message: 'the queue of drift events cannot be read: drift is found by the sweep alone',
    }),
  ]);
  expect((await fetch(`${await operator.healthUrl()}/readyz`)).status).toBe(200);
});

test('the operator calls what its policy allows, and nothing else, of SQS', async () => {
  const { awsCalls } = await readMetrics(operator);
  const called = Object.entries(awsCalls).filter(([call, n]) => call.startsWith('sqs') && n > 0);
  const names = new Set(called.map(([call]) => `sqs:${call.split(' ')[1]?.replace(/Batch$/, '')}`));
  const file = join(import.meta.dirname, '../../deploy/iam/operator-drift-events-policy.json');
  const { Statement } = JSON.parse(await readFile(file, 'utf8')) as {
    Statement: readonly { Action: readonly string[] }[];
  };
  expect(new Set(Statement.flatMap(({ Action }) => Action))).toEqual(names);
});
