/** The Helm chart on a real API server, by the commands of docs/install.md. No pod starts here. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { eventually } from '../../environment/eventually.ts';
import { goBuildMs } from '../../environment/go-program.ts';
import { ensureHelm, helm } from '../../environment/helm.ts';
import { kubectl } from '../../environment/kubectl.ts';

const root = join(import.meta.dirname, '../../..');
const namespace = 'sagemaker-privatelink-system';
const operator = 'sagemaker-privatelink-operator';
const crd = 'sagemakerprivatelinks.sagemaker.privatelink.dev';
const kinds = ['deployment', 'clusterrole', 'crd', 'serviceaccount', 'networkpolicy', 'pdb'];

let server: ApiServer;
beforeAll(async () => {
  await ensureHelm();
  server = await startApiServer({ controllers: ['clusterrole-aggregation'] });
}, goBuildMs);
// The namespace stays, as it stays for whoever installs again.
afterEach(async () => {
  await onServer(`helm uninstall ${operator} -n ${namespace} --ignore-not-found`);
  await onServer(`kubectl delete crd ${crd} --ignore-not-found --timeout=60s`);
  expect(await onServer(`kubectl get ${kinds.join(',')} -n ${namespace} -o name`)).not.toContain(
    'sagemaker',
  );
});
afterAll(() => server?.stop());

async function onServer(command: string): Promise<string> {
  const [program, ...args] = command.split(' ');
  const { kubeconfig } = server;
  const options = { kubeconfig, cwd: root };
  const run = program === 'helm' ? helm(args, options) : kubectl(args, options);
  const { exitCode, stdout, stderr } = await run;
  if (exitCode !== 0) throw new Error(`${command}: ${stderr}`);
  return stdout.trim();
}

async function install(...more: readonly string[]): Promise<void> {
  await onServer('kubectl apply -f deploy/base/namespace.yaml');
  await onServer(`helm install ${operator} deploy/chart -n ${namespace} ${more.join(' ')}`.trim());
  await onServer(`kubectl wait --for=condition=Established --timeout=30s crd/${crd}`);
}

async function makeLink(): Promise<void> {
  await onServer('kubectl apply -f deploy/samples/minimal.yaml');
}

/** How often an object was written. */
async function versionsOf(...objects: readonly string[]): Promise<string> {
  const path = '-o=jsonpath={range.items[*]}{.metadata.name}={.metadata.resourceVersion},{end}';
  return onServer(`kubectl get ${objects.join(',')} -n ${namespace} ${path}`);
}

test('an upgrade without a change writes nothing', async () => {
  await install();
  const before = await versionsOf(...kinds);
  expect(before).toContain(operator);
  await onServer(`helm upgrade ${operator} deploy/chart -n ${namespace}`);
  expect(await versionsOf(...kinds)).toBe(before);
});

test('an upgrade brings the CRD of the chart, and its links stay', async () => {
  await install();
  await makeLink();
  const older = parse(await readFile(join(root, 'crds/sagemakerprivatelinks.yaml'), 'utf8')) as {
    spec: { versions: [{ additionalPrinterColumns: unknown[] }] };
  };
  older.spec.versions[0].additionalPrinterColumns.length = 1;
  const file = join(tmpdir(), `smpl-older-crd-${process.pid}.yaml`);
  await writeFile(file, stringify(older));
  const columns = `kubectl get crd ${crd} -o=jsonpath={.spec.versions[0].additionalPrinterColumns[*].name}`;
  try {
    const whole = await onServer(columns);
    await onServer(`kubectl replace -f ${file}`);
    expect(await onServer(columns)).toBe('Ready');
    await onServer(
      `helm upgrade ${operator} deploy/chart -n ${namespace} --take-ownership --force-conflicts`,
    );
    expect(await onServer(columns)).toBe(whole);
    expect(await onServer('kubectl get smpl -o name')).toContain('ml-minimal');
  } finally {
    await rm(file, { force: true });
  }
});

test('links outlive the release, and the next one takes their CRD back', async () => {
  await install();
  await makeLink();
  await onServer(`helm uninstall ${operator} -n ${namespace}`);
  expect(await onServer(`kubectl get deployment -n ${namespace} -o name`)).toBe('');
  expect(await onServer('kubectl get smpl -o name')).toContain('ml-minimal');
  await install();
  expect(await onServer(`kubectl get deployment -n ${namespace} -o name`)).toContain(operator);
});

test('the CRD can come by itself, before the release', async () => {
  await onServer('kubectl apply --server-side -f crds/sagemakerprivatelinks.yaml');
  await install('--set', 'crds.install=false');
  const labels = await onServer(`kubectl get crd ${crd} -o=jsonpath={.metadata.labels}`);
  expect(labels).toBe('');
  await onServer('kubectl apply --server-side -f crds/sagemakerprivatelinks.yaml');
  await makeLink();
});

test('a release takes over what kustomize installed, and the links with it', async () => {
  await onServer('kubectl apply -k deploy');
  await onServer(`kubectl wait --for=condition=Established --timeout=30s crd/${crd}`);
  await makeLink();
  await expect(install()).rejects.toThrow('cannot be imported into the current release');
  await install('--take-ownership', '--force-conflicts');
  expect(await onServer('kubectl get smpl -o name')).toContain('ml-minimal');
  const release = '-o=jsonpath={.metadata.annotations.meta\\.helm\\.sh/release-name}';
  expect(await onServer(`kubectl get deployment ${operator} -n ${namespace} ${release}`)).toBe(
    operator,
  );
});

async function mayDo(verb: string, user: string): Promise<string> {
  const { kubeconfig } = server;
  const args = ['auth', 'can-i', verb, crd, `--as=${user}`];
  return (await kubectl(args, { kubeconfig })).stdout.trim();
}

test('the roles for people give what they say, alone and added to view and edit', async () => {
  await install();
  for (const role of ['view', 'edit', 'admin']) {
    await onServer(
      `kubectl create clusterrolebinding ${role} --clusterrole=${role} --user=has-${role}`,
    );
  }
  for (const role of ['viewer', 'editor']) {
    const name = `sagemaker-privatelink-${role}`;
    await onServer(
      `kubectl create clusterrolebinding ${name} --clusterrole=${name} --user=own-${role}`,
    );
  }
  await eventually(async () => expect(await mayDo('list', 'own-viewer')).toBe('yes'));
  await eventually(async () => expect(await mayDo('create', 'own-editor')).toBe('yes'));
  expect(await mayDo('create', 'own-viewer')).toBe('no');
  for (const user of ['has-view', 'has-edit', 'has-admin'])
    expect(await mayDo('list', user)).toBe('no');

  await onServer(
    `helm upgrade ${operator} deploy/chart -n ${namespace} --set userRoles.aggregate=true`,
  );
  await eventually(async () => expect(await mayDo('list', 'has-view')).toBe('yes'));
  await eventually(async () => expect(await mayDo('create', 'has-edit')).toBe('yes'));
  await eventually(async () => expect(await mayDo('delete', 'has-admin')).toBe('yes'));
  expect(await mayDo('create', 'has-view')).toBe('no');
});
