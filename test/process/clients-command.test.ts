/** `clients`: what the operator would do in namespaces, and which of their pods would lose what. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { CommandLine } from './cluster/command-line.ts';
import { OperatorCluster } from './cluster/operator-cluster.ts';

let cluster: OperatorCluster;
let shell: CommandLine;

const awsOfNobody = 'http://127.0.0.1:9';

const link = {
  apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
  kind: 'SageMakerPrivateLink',
  metadata: { name: 'ml' },
  spec: {
    region: 'eu-west-1',
    vpc: { id: 'vpc-0a1b2c3d4e5f67890' },
    subnets: { ids: ['subnet-0a1b2c3d4e5f67890'] },
    endpoints: [{ service: 'runtime' }],
    clients: {
      namespaceSelector: { matchLabels: { ml: 'true' } },
      configMap: { name: 'sagemaker-endpoints' },
      networkPolicy: { podSelector: {} },
    },
  },
};

const status = {
  endpoints: [
    {
      service: 'runtime',
      serviceName: 'com.amazonaws.eu-west-1.sagemaker.runtime',
      url: 'https://runtime.sagemaker.eu-west-1.amazonaws.com',
      networkInterfaces: [
        { id: 'eni-1', subnetId: 'subnet-1', zone: 'eu-west-1a', ipv4: '10.0.1.17' },
      ],
    },
  ],
  clients: { namespaces: 0, ready: 0, availableOnce: true },
};

beforeAll(async () => {
  cluster = await OperatorCluster.start(awsOfNobody);
  shell = await CommandLine.start(awsOfNobody);
  await cluster.apply(link);
  await patchStatus('smpl/ml', status);
  for (const name of ['team-a', 'db']) {
    const labels = name === 'db' ? {} : { ml: 'true' };
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    await runPod(
      name,
      name === 'db' ? 'postgres' : 'train',
      name === 'db' ? '10.1.0.9' : '10.1.0.5',
    );
  }
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'postgres', namespace: 'db' },
    spec: { selector: { app: 'postgres' }, ports: [{ port: 5432 }] },
  });
});

afterAll(async () => {
  await shell?.close();
  await cluster?.stop();
});

async function patchStatus(what: string, value: object, ...more: readonly string[]): Promise<void> {
  const patch = JSON.stringify({ status: value });
  const args = ['patch', ...what.split('/'), '--subresource=status', '--type=merge', '-p', patch];
  await cluster.kubectlOrThrow([...args, ...more]);
}

async function runPod(namespace: string, name: string, address: string): Promise<void> {
  const metadata = { name: 'default', namespace };
  await cluster.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'none' }] },
  });
  const running = { phase: 'Running', podIP: address, podIPs: [{ ip: address }] };
  await patchStatus(`pod/${name}`, running, '-n', namespace);
}

function clients(...args: readonly string[]) {
  return shell.run(['clients', '--kubeconfig', cluster.kubeconfig, ...args]);
}

test('what a namespace would get is shown, and the API server takes it', async () => {
  const shown = await clients();
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  const documents = parseAllDocuments(shown.stdout)
    .map((one) => one.toJS() as { kind: string } | null)
    .filter((one) => one !== null);
  expect(documents.map(({ kind }) => kind)).toEqual(['ConfigMap', 'NetworkPolicy']);
  expect(shown.stdout).toContain('AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME');
  expect(shown.stdout).toContain('cidr: 10.0.1.17/32');
  expect(shown.stdout).not.toMatch(/[&*]a1/);
  const args = ['create', '--dry-run=server', '-f', '-', '-o', 'json'];
  const taken = await cluster.kubectlOrThrow(args, shown.stdout);
  // The API server gives back what was written, or it would be written again for ever.
  const policy = taken
    .split(/(?<=^\})\n/m)
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as { kind: string; spec?: unknown })
    .find(({ kind }) => kind === 'NetworkPolicy');
  expect(policy?.spec).toEqual((documents[1] as unknown as { spec: unknown }).spec);
});

test('a file takes the place of the link of its name, and its addresses', async () => {
  const spec = { ...link.spec, clients: { ...link.spec.clients, configMap: { name: 'other' } } };
  const file = await shell.write('link.yaml', [{ ...link, spec }]);
  const shown = await clients('-f', file, '-o', 'json');
  const { namespaces } = JSON.parse(shown.stdout) as {
    namespaces: { namespace: string; objects: object[] }[];
  };
  expect(namespaces).toMatchObject([
    {
      namespace: 'team-a',
      objects: [
        { change: 'Create', object: { metadata: { name: 'other' } } },
        { change: 'Create', object: { metadata: { name: 'sagemaker-privatelink' } } },
      ],
    },
  ]);
});

test('a link that the cluster does not have knows no addresses', async () => {
  const file = await shell.write('new.yaml', [{ ...link, metadata: { name: 'new' } }]);
  const shown = await clients('-f', file, '-n', 'team-a');
  expect(shown.exitCode).toBe(2);
  expect(shown.stdout).toContain('# new: It is in a file alone, and addresses');
  const audit = await clients('-f', file, '--audit');
  expect(audit.stdout).toContain('Cut off from Service db/postgres, TCP 5432: 1 pod (train).');
  expect(audit.stdout).toContain('Not known: the endpoint of runtime, of which nothing is said.');
});

test('an audit says which pods would be cut off from what, and may be a gate', async () => {
  const shown = await clients('--audit');
  expect(shown).toMatchObject({ exitCode: 2, stderr: '' });
  expect(shown.stdout).toContain('The policy selects 1 pod (train).');
  expect(shown.stdout).toContain('Cut off from Service db/postgres, TCP 5432: 1 pod (train).');
  const ignore = ['--ignore', 'kubernetesAPI', '--ignore'];
  expect((await clients('--audit', ...ignore, 'service/db/*')).exitCode).toBe(0);
  expect((await clients('--audit', ...ignore, 'service/other/*')).exitCode).toBe(2);
});

test('namespaces that no link selects, and the operator’s own, get no policy', async () => {
  const unselected = await clients('-n', 'db');
  expect(unselected.exitCode).toBe(2);
  expect(unselected.stdout).toContain('# Namespace db, selected by no link\n');
  const own = await clients('--operator-namespace', 'team-a');
  expect(own.exitCode).toBe(2);
  expect(own.stdout).toContain('# ml: No NetworkPolicy is written into team-a');
  expect(own.stdout).not.toContain('kind: NetworkPolicy');
});

test('a selector with a mistake, a suspension and a cluster without cluster policies are told', async () => {
  const { clients: usual } = link.spec;
  const write = (name: string, spec: object) =>
    shell.write(`${name}.yaml`, [{ ...link, spec: { ...link.spec, ...spec } }]);
  const namespaceSelector = { matchLabels: { ml: 'ture' } };
  const typo = await clients(
    '-f',
    await write('typo', { clients: { ...usual, namespaceSelector } }),
  );
  expect(typo).toMatchObject({ exitCode: 2 });
  expect(typo.stdout).toContain('ml: Its spec.clients.namespaceSelector selects no namespace');
  const suspended = await clients('-f', await write('suspended', { suspend: true }));
  expect(suspended).toMatchObject({ exitCode: 2 });
  expect(suspended.stdout).toContain('# ml: It is suspended');
  expect(suspended.stdout).toContain('# NotWritten NetworkPolicy sagemaker-privatelink');
  const clusterPolicy = { flavor: 'Cilium', namespacedPolicies: 'Omit' };
  const file = await write('cluster', { clients: { ...usual, clusterPolicy } });
  const clusterWide = await clients('-f', file);
  expect(clusterWide).toMatchObject({ exitCode: 2 });
  expect(clusterWide.stdout).toContain(
    '# ml: The cluster does not serve CiliumClusterwideNetworkPolicy',
  );
  expect((await clients('-f', file, '--audit')).stdout).toContain('The policy selects 1 pod');
});

test('objects that are there are unchanged, edited ones updated, and needless ones deleted', async () => {
  const { stdout } = await clients();
  await cluster.kubectlOrThrow(['apply', '--server-side', '-f', '-'], stdout);
  const now = await clients();
  expect(now).toMatchObject({ exitCode: 0, stderr: '' });
  expect(now.stdout).toContain('# Unchanged ConfigMap sagemaker-endpoints');
  expect(now.stdout).toContain('# Unchanged NetworkPolicy sagemaker-privatelink');
  const patch = ['patch', 'configmap', 'sagemaker-endpoints', '-n', 'team-a', '--type=merge', '-p'];
  await cluster.kubectlOrThrow([...patch, JSON.stringify({ data: { AWS_REGION: 'us-east-1' } })]);
  const edited = await clients();
  expect(edited.stdout).toContain('# Update ConfigMap sagemaker-endpoints');
  expect(edited.stdout).toContain('# + AWS_REGION="eu-west-1"\n# - AWS_REGION="us-east-1"\n');
  const clientsWithout = { ...link.spec.clients, networkPolicy: undefined };
  const spec = { ...link.spec, clients: clientsWithout };
  const without = await clients('-f', await shell.write('without.yaml', [{ ...link, spec }]));
  expect(without.stdout).toContain('# Delete NetworkPolicy sagemaker-privatelink');
  const all = ['delete', 'configmap/sagemaker-endpoints', 'networkpolicy/sagemaker-privatelink'];
  await cluster.kubectlOrThrow([...all, '-n', 'team-a']);
});

test('a ConfigMap of somebody else is said to be in the way', async () => {
  const name = 'sagemaker-endpoints';
  const make = ['create', 'configmap', name, '--from-literal=a=b', '-n', 'team-a'];
  await cluster.kubectlOrThrow(make);
  const shown = await clients();
  expect(shown.exitCode).toBe(2);
  expect(shown.stdout).toContain(`# ml: The ConfigMap ${name} belongs to kubectl-create`);
  await cluster.kubectlOrThrow(['delete', 'configmap', name, '-n', 'team-a']);
});

test('a namespace that is not there, and a cluster that is not, are errors of one line', async () => {
  const unknown = await clients('-n', 'nowhere');
  expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
  expect(unknown.stderr).toBe('error: the cluster has no namespace nowhere\n');
  const missing = await shell.run(['clients', '--kubeconfig', '/nonexistent']);
  expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
});

test('a cluster without the kind is told what it lacks', async () => {
  await cluster.kubectlOrThrow([
    'delete',
    'crd',
    'sagemakerprivatelinks.sagemaker.privatelink.dev',
  ]);
  const file = await shell.write('link.yaml', [link]);
  expect(await clients('-f', file)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr:
      "error: the cluster's links cannot be read: it does not have the kind SageMakerPrivateLink. Install crds/.\n",
  });
});
