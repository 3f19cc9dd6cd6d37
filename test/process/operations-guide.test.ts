/** docs/operations.md below the install: orphans, a look that is asked for, and the removal, on simulated AWS. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { goBuildMs } from '../environment/go-program.ts';
import { shellBlocksOf } from '../environment/guide-commands.ts';
import { OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { liveEndpoints, managedGroups } from './cluster/seen-at-aws.ts';
import { Reader } from './incidents/reader.ts';

jest.setTimeout(180_000);

const page = 'docs/operations.md';
/** The page's own. */
const regionName = 'eu-west-1';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let operator: OperatorProcess;
let reader: Reader;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region(regionName);
  // Deleting a namespace takes its controller.
  cluster = await OperatorCluster.start(simulator.url, {
    own: { controllers: ['namespace-controller'] },
  });
  const rate = '--aws-call-rate=ec2:CreateVpcEndpoint=1000/1000';
  operator = await cluster.startOperator({ args: ['--orphan-sweep=1s', rate] });
  const { kubeconfig } = cluster;
  reader = await Reader.start({ kubeconfig, awsUrl: simulator.url });
}, goBuildMs);

afterAll(async () => {
  await reader?.end();
  await cluster?.stop();
  await simulator?.close();
});

/** No Pod Identity is simulated, nothing starts pods, and nobody sits at a terminal. */
const instead: readonly (readonly [RegExp, string])[] = [
  [/^aws eks (?:create|delete)-pod-identity-association (?:.*\n)*?.*[a-z"]\)?"?$/gm, 'true'],
  [/^sagemaker-privatelink prune .*$/gm, 'sagemaker-privatelink prune --region eu-west-1 --yes'],
  // The reader's shell puts what counts as a finding behind the command.
  [/^(sagemaker-privatelink status [^#\n]*?) *#.*$/gm, '$1'],
  [/\bNAME\b/g, 'ml'],
];

async function follow(heading: string, select: (block: string) => boolean = () => true) {
  const blocks = (await shellBlocksOf(page, heading)).filter(select);
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) {
    await reader.run(
      instead.reduce((text, [command, other]) => text.replace(command, other), block),
    );
  }
}

async function applied(name: string): Promise<void> {
  await cluster.apply(
    sampleLink(region, name, { region: regionName, endpoints: [{ service: 'api' }] }),
  );
  await cluster.linkIsReady(name);
}

/** Everything of ours in IAM. */
function inIam(): readonly string[] {
  return ['111122223333', '444455556666'].flatMap((account) => {
    const iam = simulator.world.account(account);
    const policies = iam.policies().filter(({ arn }) => !arn.includes(':iam::aws:'));
    return [...policies, ...iam.principals()].map(({ name }) => name);
  });
}

test('an orphan is shown and deleted by the commands of its section', async () => {
  await applied('ml');
  await operator.stop();
  const patch = '--patch={"metadata":{"finalizers":null}}';
  await cluster.kubectlOrThrow(['patch', 'smpl', 'ml', '--type=merge', patch]);
  await cluster.kubectlOrThrow(['delete', 'smpl', 'ml']);
  expect(liveEndpoints(region)).toHaveLength(1);
  await follow('A cluster that is rebuilt, and orphans');
  expect(liveEndpoints(region)).toEqual([]);
  expect(managedGroups(region)).toEqual([]);
});

test('the removal leaves nothing, neither in the cluster nor at AWS', async () => {
  operator = await cluster.startOperator();
  // By Pod Identity, for another account too, but without another install.
  const others = ['trust-policy-irsa.json', 'cloudformation deploy', 'kubectl apply -k deploy'];
  await follow('Install', (block) => !others.some((one) => block.includes(one)));
  expect(inIam()).toEqual(
    expect.arrayContaining(['sagemaker-privatelink-operator', 'sagemaker-privatelink-links']),
  );
  await applied('ml');
  await follow('When something is stuck');
  await follow('Removing it');
  expect(liveEndpoints(region)).toEqual([]);
  expect(managedGroups(region)).toEqual([]);
  expect(inIam()).toEqual([]);
  const left = await cluster.kubectlOrThrow([
    'get',
    'crd,namespace,clusterrole,clusterrolebinding',
    '-o',
    'name',
  ]);
  expect(left).not.toContain('sagemaker');
});

test('an object without its label is listed, and one that has it or is somebody else is not', async () => {
  const written = { 'sagemaker.privatelink.dev/content-hash': '0123456789abcdef' };
  const managed = { 'app.kubernetes.io/managed-by': 'sagemaker-privatelink-operator' };
  const configMap = (name: string, metadata: object) =>
    cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default', ...metadata },
    });
  await configMap('lost', { annotations: written });
  await configMap('kept', { annotations: written, labels: managed });
  await configMap('other', { annotations: { note: 'mine' } });
  const blocks = await shellBlocksOf(page, 'Install');
  const [listing = ''] = blocks.filter((block) => block.includes('content-hash'));
  expect((await reader.run(listing)).stdout).toBe('ConfigMap default/lost\n');
});

test('every command that runs in another form is on the page', async () => {
  const headings = ['Install', 'A cluster that is rebuilt, and orphans', 'Removing it'];
  const stuck = await shellBlocksOf(page, 'When something is stuck');
  const blocks = [...(await Promise.all(headings.map((one) => shellBlocksOf(page, one)))), stuck];
  const text = blocks.flat().join('\n');
  expect(instead.filter(([command]) => text.match(command) === null)).toEqual([]);
});
