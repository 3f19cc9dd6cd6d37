/** The commands of docs/install.md, as a reader runs them, on a real API server without nodes. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { findProgram } from '../../environment/control-plane-programs.ts';
import { goBuildMs } from '../../environment/go-program.ts';
import { type Shell, shellBlocksOf, shellWith } from '../../environment/guide-commands.ts';
import { ensureHelm } from '../../environment/helm.ts';
import { installKindsOf } from '../../environment/other-kinds.ts';

const page = 'docs/install.md';

let folder: string;
let server: ApiServer;
let shell: Shell;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-guide-'));
  const programs = { kubectl: await findProgram('kubectl'), helm: await ensureHelm() };
  // Deleting a namespace takes its controller.
  server = await startApiServer({ controllers: ['namespace-controller'] });
  shell = await shellWith(folder, programs, { KUBECONFIG: server.kubeconfig });
}, goBuildMs);

afterEach(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** No pod ever starts here, so nobody waits for one. */
const waiting = /^kubectl -n \S+ rollout status .*$/gm;

async function follow(heading: string): Promise<number> {
  const blocks = await shellBlocksOf(page, heading);
  for (const block of blocks) {
    const result = await shell.run(block.replaceAll(waiting, ''));
    expect([block, result]).toEqual([block, expect.objectContaining({ exitCode: 0 })]);
  }
  return blocks.length;
}

async function say(script: string): Promise<string> {
  return (await shell.run(script)).stdout;
}

const settings = `kubectl -n sagemaker-privatelink-system get deployment -o \
  'jsonpath={.items[*].spec.replicas} {.items[*].spec.template.spec.containers[*].image}'`;

test('with Helm, from the install to the end', async () => {
  const [install, upgrade] = await shellBlocksOf(page, 'With Helm');
  await shell.run(`${install}`.replaceAll(waiting, ''));
  await shell.run(`${upgrade}`);
  // An upgrade keeps the values of the install.
  expect(await say(settings)).toBe(
    '3 registry.example.com/platform/sagemaker-privatelink-operator:0.1.0',
  );
  await shell.run('helm uninstall sagemaker-privatelink-operator -n sagemaker-privatelink-system');
  expect(await follow('With Helm')).toBe(4);
  expect(await say('kubectl get crd -o name; kubectl get clusterrole,pdb -A -o name')).not.toMatch(
    /sagemaker/,
  );
});

test('metrics, alerts and dashboard, by Helm and by the component', async () => {
  await installKindsOf(server, 'prometheus');
  const [install] = await shellBlocksOf(page, 'With Helm');
  await shell.run(`${install}`.replaceAll(waiting, ''));
  expect(await follow('Metrics, alerts and a dashboard')).toBe(1);
  const objects = 'servicemonitor,prometheusrule,configmap';
  const labels = `kubectl -n sagemaker-privatelink-system get ${objects} -l app.kubernetes.io/name -o \
    'jsonpath={range .items[*]}{.kind} {.metadata.labels.release}{.metadata.labels.grafana_dashboard};{end}'`;
  expect(await say(labels)).toBe(
    'ServiceMonitor kube-prometheus-stack;PrometheusRule kube-prometheus-stack;ConfigMap 1;',
  );
  const component = join(folder, 'overlay');
  await mkdir(component);
  const path = (name: string) => relative(component, join(import.meta.dirname, '../../..', name));
  await writeFile(
    join(component, 'kustomization.yaml'),
    `resources: [${path('deploy/base')}]\ncomponents: [${path('deploy/components/monitoring')}]\n`,
  );
  const apply = 'kubectl apply --server-side --force-conflicts --validate=strict --dry-run=server';
  expect(await shell.run(`${apply} -k ${component}`)).toMatchObject({ exitCode: 0 });
});

test('with kustomize, and from there to Helm', async () => {
  expect(await follow('With kustomize')).toBe(3);
  expect(await say(settings)).toBe('3 sagemaker-privatelink-operator:0.1.0');
  expect(await say('helm list -A -q')).toBe('sagemaker-privatelink-operator\n');
  expect(await follow('Roles for reading and writing links')).toBe(1);
});
