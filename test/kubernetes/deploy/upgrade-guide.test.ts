/** The commands of docs/upgrade.md, as a reader runs them, on a real API server without nodes. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { findProgram } from '../../environment/control-plane-programs.ts';
import { goBuildMs } from '../../environment/go-program.ts';
import { type Shell, shellBlocksOf, shellWith } from '../../environment/guide-commands.ts';
import { ensureHelm } from '../../environment/helm.ts';

const page = 'docs/upgrade.md';
const root = join(import.meta.dirname, '../../..');

let folder: string;
let server: ApiServer;
let shell: Shell;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-guide-'));
  // The backup is written beside them.
  for (const name of ['deploy', 'crds']) await symlink(join(root, name), join(folder, name));
  const programs = { kubectl: await findProgram('kubectl'), helm: await ensureHelm() };
  server = await startApiServer();
  shell = await shellWith(folder, programs, { KUBECONFIG: server.kubeconfig }, folder);
}, goBuildMs);

afterEach(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** No pod ever starts here, and no operator makes a link ready. */
const waiting = /^kubectl (?:-n \S+ rollout status|wait smpl) .*$/gm;

async function mustRun(block: string): Promise<string> {
  const result = await shell.run(block.replaceAll(waiting, ''));
  expect([block, result]).toEqual([block, expect.objectContaining({ exitCode: 0 })]);
  return result.stdout;
}

/** The blocks of a section but those of the other tool. */
async function follow(heading: string, otherTool: RegExp): Promise<void> {
  const blocks = await shellBlocksOf(page, heading);
  for (const block of blocks.filter((one) => !otherTool.test(one))) await mustRun(block);
}

const settings = `kubectl -n sagemaker-privatelink-system get deployment -o \
  'jsonpath={.items[*].spec.template.spec.containers[*].image}'`;
const links =
  'kubectl get smpl -o jsonpath=\'{range .items[*]}{.metadata.name} {.spec}{"\\n"}{end}\'';

const byHelm = /^helm /m;
const ofTheCrd = /links-before-rollback/;
const byKustomize = /-k deploy$|set image deployment/m;

test('with Helm: to the new version and back, and the links are as they were', async () => {
  const [install = ''] = await shellBlocksOf('docs/install.md', 'With Helm');
  await mustRun(install);
  await mustRun('kubectl apply -f deploy/samples/minimal.yaml -f deploy/samples/clients.yaml');
  const before = await mustRun(links);
  await follow('Order of an upgrade', byKustomize);
  expect(await mustRun(settings)).toMatch(/sagemaker-privatelink-operator:0\.2\.0$/);
  await follow('Rollback', new RegExp(`${byKustomize.source}|${ofTheCrd.source}`, 'm'));
  expect(await mustRun(settings)).toMatch(/sagemaker-privatelink-operator:0\.1\.0$/);
  expect(await mustRun(links)).toBe(before);
  // Before a rollback of the CRD: those with Audit are suspended, and the others are not.
  const blocks = await shellBlocksOf(page, 'Rollback');
  await mustRun(blocks.find((block) => ofTheCrd.test(block)) ?? '');
  const suspended = `kubectl get smpl -o jsonpath='{.items[?(@.spec.suspend==true)].metadata.name}'`;
  expect(await mustRun(suspended)).toBe('ml-clients');
});

test('with kustomize: to the new version and back; the backup brings links back', async () => {
  await mustRun('kubectl apply --server-side -k deploy');
  await mustRun('kubectl apply -f deploy/samples/minimal.yaml');
  const before = await mustRun(links);
  await follow('Versions of the API', byHelm);
  await follow('Order of an upgrade', byHelm);
  await follow('Rollback', new RegExp(`${byHelm.source}|${ofTheCrd.source}`, 'm'));
  expect(await mustRun(settings)).toBe('sagemaker-privatelink-operator:0.1.0');
  await mustRun('kubectl delete smpl --all');
  await mustRun('kubectl apply -f links-before-upgrade.yaml');
  expect(await mustRun(links)).toBe(before);
});
