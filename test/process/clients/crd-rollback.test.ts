/** A CRD that is rolled back drops `enforcement`: no namespace is shut that was to be left alone, and none is opened. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { conditionOf, OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';

const root = join(import.meta.dirname, '../../..');
const presentCrd = join(root, 'crds/sagemakerprivatelinks.yaml');
const formerCrd = join(root, 'test/process/former-crds/first.yaml');

let simulator: Simulator;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url, { own: {} });
  await cluster.kubectlOrThrow(['apply', '-f', join(root, 'deploy/components/clients/roles.yaml')]);
  await cluster.startOperator({ args: ['--clients', unlimitedEndpoints] });
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

const namesOf = { audited: 'Audit', enforced: 'Enforce' } as const;

async function applyLinks(): Promise<void> {
  const region = simulator.world.region('us-east-1');
  const services = { audited: 'api', enforced: 'runtime' };
  for (const [name, enforcement] of Object.entries(namesOf)) {
    const service = services[name as keyof typeof services];
    await cluster.apply(
      sampleLink(region, name, {
        endpoints: [{ service, privateDNS: false }],
        clients: {
          namespaceSelector: { matchLabels: { team: name } },
          networkPolicy: { podSelector: {}, enforcement },
        },
      }),
    );
  }
}

/** Names of the namespaces that are shut, with the UID of each policy. */
function policies(): Promise<string> {
  return cluster.kubectlOrThrow([
    'get',
    'networkpolicies',
    '--all-namespaces',
    '-l',
    'app.kubernetes.io/managed-by=sagemaker-privatelink-operator',
    '-o',
    'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.uid}{"\\n"}{end}',
  ]);
}

test('policies stay as they are until the CRD is there again', async () => {
  for (const name of Object.keys(namesOf)) {
    const metadata = { name, labels: { team: name } };
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata });
  }
  await applyLinks();
  for (const name of Object.keys(namesOf)) await cluster.linkIsReady(name);
  const before = await policies();
  expect(before).toMatch(/^enforced \S+\n$/);

  await cluster.kubectlOrThrow(['replace', '-f', formerCrd]);
  for (const name of Object.keys(namesOf)) {
    await cluster.linkThat(
      name,
      'held for want of its enforcement',
      (link) => conditionOf(link, 'ClientsConfigured')?.reason === 'EnforcementUnknown',
    );
  }
  expect(await policies()).toBe(before);

  // As docs/upgrade.md says: the default of the field that was dropped must not be acted on.
  const suspended = '{"spec":{"suspend":true}}';
  await cluster.kubectlOrThrow(['patch', 'smpl', 'audited', '--type=merge', '-p', suspended]);
  await cluster.kubectlOrThrow(['apply', '--server-side', '--force-conflicts', '-f', presentCrd]);
  await cluster.linkThat(
    'audited',
    'suspended, and known to the API server as a whole',
    (link) =>
      link.spec.clients?.networkPolicy?.enforcement === 'Enforce' &&
      conditionOf(link, 'Ready')?.reason === 'Suspended',
  );
  expect(await policies()).toBe(before);
  await applyLinks();
  const resumed = '{"spec":{"suspend":false}}';
  await cluster.kubectlOrThrow(['patch', 'smpl', 'audited', '--type=merge', '-p', resumed]);
  for (const name of Object.keys(namesOf)) await cluster.linkIsReady(name);
  expect(await policies()).toBe(before);
});
