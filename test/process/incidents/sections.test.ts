/** The sections of the page that no incident leads to: their commands run as they stand, on a link that is ready. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { conditionOf, OperatorCluster } from '../cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { incidents } from './incidents.ts';
import { sections } from './page.ts';
import { instead, Reader } from './reader.ts';

const root = join(import.meta.dirname, '../../..');
const link = 'ml-prod';

let simulator: Simulator;
let cluster: OperatorCluster;
let reader: Reader;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  const region = simulator.world.region('us-east-1');
  simulator.world.account().createPrincipal({ kind: 'role', name: 'DataScientist' });
  cluster = await OperatorCluster.start(simulator.url, { own: {} });
  const component = join(root, 'deploy/components/clients/roles.yaml');
  await cluster.kubectlOrThrow(['apply', '-f', component]);
  await cluster.startOperator({ args: ['--clients', unlimitedEndpoints] });
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team-a', labels: { ml: 'true' } },
  });
  await cluster.apply(
    sampleLink(region, link, {
      endpoints: [{ service: 'api' }, { service: 'notebook' }],
      notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['DataScientist'] } },
      clients: {
        namespaceSelector: { matchLabels: { ml: 'true' } },
        networkPolicy: { podSelector: {} },
      },
    }),
  );
  await cluster.linkIsReady(link);
  const { kubeconfig } = cluster;
  reader = await Reader.start({ kubeconfig, awsUrl: simulator.url });
  await reader.lookAt(link);
});

afterAll(async () => {
  await reader?.end();
  await cluster?.stop();
  await simulator?.close();
});

const played = new Set(incidents.map(({ section }) => section));
// The one that is deleted is the last one.
const others = sections.filter(({ heading }) => !played.has(heading));
const last = others.filter(({ reasons }) => reasons.includes('Deleting'));
const first = others.filter((section) => !last.includes(section));

async function runAll(parts: (typeof sections)[number]['parts']): Promise<void> {
  for (const { blocks } of Object.values(parts)) {
    for (const block of blocks) await reader.run(block);
  }
}

test.each(first)('$heading', async ({ parts }) => {
  await runAll(parts);
  const seen = await cluster.linkIsReady(link);
  expect(conditionOf(seen, 'Ready')?.status).toBe('True');
});

test.each(last)('$heading, once the link is deleted', async ({ parts }) => {
  // Somebody else's finalizer: the link is there until the page's last resort takes all of them off.
  const keep = '[{"op":"add","path":"/metadata/finalizers/-","value":"example.com/kept"}]';
  await cluster.kubectlOrThrow(['patch', 'smpl', link, '--type=json', '-p', keep]);
  await cluster.kubectlOrThrow(['delete', 'smpl', link, '--wait=false']);
  await runAll(parts);
  expect(await cluster.link(link)).toBeUndefined();
});

test('every command that runs in another form is on the page', () => {
  const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
  expect(instead.filter(([command]) => page.match(command) === null)).toEqual([]);
});
