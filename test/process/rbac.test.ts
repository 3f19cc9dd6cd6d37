/** The requests that the operator makes in its life, held against what `deploy/` grants it. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { type AuditedRequest, isDiscovery, requestsOf } from './cluster/audit-log.ts';
import { covers, type Grant, grantsIn } from './cluster/granted-rules.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { readMetrics } from './cluster/operator-metrics.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { managedGroups } from './cluster/seen-at-aws.ts';

const account = 'system:serviceaccount:sagemaker-privatelink-system:sagemaker-privatelink-operator';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let requests: readonly AuditedRequest[];
let grants: readonly Grant[];

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  cluster = await OperatorCluster.start(simulator.url, { own: { audit: 'Metadata' } });
  const first = await cluster.startOperator();
  await leads(first);
  const second = await cluster.startOperator();
  await live();
  await first.stop();
  await leads(second);
  await end();
  await second.stop();
  requests = await requestsOf(account, cluster.server.auditLog);
  grants = await grantsIn(join(import.meta.dirname, '../../deploy/base'));
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

async function leads(operator: OperatorProcess): Promise<void> {
  await eventually(async () => expect((await readMetrics(operator)).isLeader).toBe(true), {
    withinMs: 60_000,
  });
}

/** Which pass is under way when the label is set cannot be known, so it is set until one met it. */
async function meetConflict(): Promise<void> {
  for (let time = 0; time < 6; time += 1) {
    await setLabelDuringPass(`met-${time}`);
    const soFar = await requestsOf(account, cluster.server.auditLog);
    const hasRead = soFar.some(
      ({ verb, objectRef }) => verb === 'get' && objectRef?.resource === 'sagemakerprivatelinks',
    );
    if (hasRead) return;
  }
}

/** A label set while a pass is under way makes its write of the status a conflict. */
async function setLabelDuringPass(value: string): Promise<void> {
  const fault = simulator.faults.add({
    service: 'ec2',
    action: 'DescribeVpcEndpoints',
    effect: { kind: 'delay', ms: 3_000 },
  });
  region.setVpcDns(region.defaultVpc().id, { enableDnsHostnames: false });
  const struck = fault.hits();
  await cluster.lookNow('ml');
  // A call is struck when it arrives, and answered three seconds later: the pass is under way.
  await eventually(() => expect(fault.hits()).toBeGreaterThan(struck));
  await cluster.kubectlOrThrow(['label', 'smpl', 'ml', `team=${value}`, '--overwrite']);
  await cluster.linkThat(
    'ml',
    'stalled for its VPC',
    (link) => conditionOf(link, 'NetworkResolved')?.reason === 'VPCDNSDisabled',
  );
  fault.remove();
  region.setVpcDns(region.defaultVpc().id, { enableDnsHostnames: true });
  await cluster.lookNow('ml');
  await cluster.linkIsReady('ml');
}

/** Created, updated, broken and repaired twice, so that an event repeats itself. */
async function live(): Promise<void> {
  await cluster.apply(sampleLink(region, 'ml', { sweepInterval: '10s' }));
  await cluster.linkIsReady('ml');
  await cluster.apply(sampleLink(region, 'ml', { endpoints: [{ service: 'api' }] }));
  await cluster.linkIsReady('ml');
  for (let time = 0; time < 2; time += 1) await breakAndMend();
  await meetConflict();
  await cluster.apply(sampleLink(region, 'wrong', { vpc: { id: 'vpc-00000000000000000' } }));
  await cluster.linkThat(
    'wrong',
    'stalled',
    (link) => conditionOf(link, 'NetworkResolved')?.reason === 'VPCNotFound',
  );
}

async function breakAndMend(): Promise<void> {
  const [group] = managedGroups(region);
  region.addIngressRule(group?.id ?? '', '203.0.113.0/24', 22);
  await cluster.lookNow('ml');
  await eventually(() => expect(region.rules(group?.id)).toHaveLength(1));
}

async function end(): Promise<void> {
  await cluster.kubectlOrThrow(['delete', 'smpl', '--all', '--wait=false']);
  await cluster.linkIsGone('ml');
  await cluster.linkIsGone('wrong');
}

/** In words, for messages of failures. */
function inWords({ verb, objectRef, requestURI }: AuditedRequest): string {
  if (objectRef === undefined) return `${verb} ${requestURI}`;
  const { resource, subresource, apiGroup, namespace, name } = objectRef;
  const what = [resource, subresource].filter(Boolean).join('/');
  return [verb, `${what}.${apiGroup ?? ''}`, namespace, name].filter(Boolean).join(' ');
}

test('nothing that the operator asks of the API server is forbidden to it', () => {
  expect(requests.length).toBeGreaterThan(20);
  const refused = requests.filter(({ responseStatus }) => responseStatus?.code === 403);
  expect(refused.map(inWords)).toEqual([]);
});

test('every request is covered by a rule in deploy/ or is discovery, and by no other role of the cluster', () => {
  const bare = requests
    .filter((request) => !isDiscovery(request))
    .filter((request) => !grants.some((grant) => covers(grant, request)));
  expect([...new Set(bare.map(inWords))]).toEqual([]);
});

test('every verb that deploy/ grants is used', () => {
  const spare = grants.filter((grant) => !requests.some((request) => covers(grant, request)));
  expect(spare).toEqual([]);
});
