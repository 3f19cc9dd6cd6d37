/** The samples for Argo CD and Flux, held against their own kinds on a real API server. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import { parse, parseAllDocuments } from 'yaml';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { findProgram } from '../../environment/control-plane-programs.ts';
import { goBuildMs } from '../../environment/go-program.ts';
import { shellBlocksOf, shellWith } from '../../environment/guide-commands.ts';
import { kubectl } from '../../environment/kubectl.ts';
import { installKindsOf } from '../../environment/other-kinds.ts';
import { templated } from '../../environment/rendered-manifests.ts';

const root = join(import.meta.dirname, '../../..');
const argo = ['application.yaml', 'applicationset.yaml', 'links.yaml'];

let server: ApiServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-gitops-'));
  server = await startApiServer();
  await installKindsOf(server, 'argo');
  await installKindsOf(server, 'flux');
  const { kubeconfig } = server;
  for (const name of ['argocd', 'flux-system']) {
    await kubectl(['create', 'namespace', name], { kubeconfig });
  }
}, goBuildMs);

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function applied(...args: readonly string[]) {
  const { kubeconfig } = server;
  return kubectl(['apply', '--server-side', '--validate=strict', ...args], {
    kubeconfig,
    cwd: root,
  });
}

test.each(argo)("Argo CD's kinds take %s, every field of it", async (file) => {
  expect(await applied('-f', join('deploy/argocd', file))).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
});

test("Flux's kinds take the sample, every field of it", async () => {
  expect(await applied('-k', 'deploy/flux')).toMatchObject({ exitCode: 0, stderr: '' });
});

test("Flux's kinds take the sample with the chart, every field of it", async () => {
  const inPlace = ['-f', 'deploy/flux/operator-by-helm.yaml', '--force-conflicts'];
  expect(await applied(...inPlace)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await applied('-k', 'deploy/flux/helm')).toMatchObject({ exitCode: 0, stderr: '' });
});

test('the HelmRelease has values that the chart takes, in a namespace like that of the install', async () => {
  const file = async (path: string) =>
    parseAllDocuments(await readFile(join(root, path), 'utf8')).map(
      (document) => document.toJS() as HelmSample,
    );
  const [namespace, source, release] = await file('deploy/flux/helm/release.yaml');
  expect(namespace).toEqual((await file('deploy/base/namespace.yaml'))[0]);
  expect(release?.spec.chartRef).toEqual({ kind: source?.kind, name: source?.metadata.name });
  const chart = parse(await readFile(join(root, 'deploy/chart/Chart.yaml'), 'utf8')) as {
    version: string;
  };
  expect(source?.spec.ref?.tag).toBe(chart.version);
  const manifests = await templated(release?.spec.values ?? {});
  expect(manifests.map(({ kind }) => kind)).toContain('Deployment');
});

test("the operator's Kustomization has one name, by kustomize and by Helm", async () => {
  const nameIn = async (path: string) =>
    parseAllDocuments(await readFile(join(root, path), 'utf8'))
      .map((document) => document.toJS() as HelmSample)
      .find(({ kind }) => kind === 'Kustomization')?.metadata.name;
  expect(await nameIn('deploy/flux/operator-by-helm.yaml')).toBe(
    await nameIn('deploy/flux/operator.yaml'),
  );
});

interface HelmSample {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly ref?: { readonly tag: string };
    readonly chartRef?: object;
    readonly values?: object;
  };
}

interface Sample {
  readonly kind: string;
  readonly spec: {
    readonly path?: string;
    readonly source?: { readonly path: string };
    readonly sources?: readonly { readonly path: string }[];
    readonly healthCheckExprs?: readonly { readonly current: string; readonly failed: string }[];
    readonly template?: Sample;
  };
}

async function samples(): Promise<readonly Sample[]> {
  const files = [
    ...argo.map((file) => `deploy/argocd/${file}`),
    'deploy/flux/operator.yaml',
    'deploy/flux/operator-by-helm.yaml',
    'deploy/flux/links.yaml',
  ];
  const texts = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
  return texts.flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as Sample),
  );
}

test('each path of this repository that a sample names has a kustomization', async () => {
  const paths = (await samples()).flatMap(({ spec }) => {
    const own = spec.template?.spec ?? spec;
    return [own.path, own.source?.path, ...(own.sources ?? []).map(({ path }) => path)];
  });
  const here = paths.filter((path) => path?.replace(/^\.\//, '').startsWith('deploy'));
  expect(here.length).toBeGreaterThanOrEqual(3);
  for (const path of here) {
    expect(await readdir(join(root, path ?? ''))).toContain('kustomization.yaml');
  }
});

/** Evaluated as Flux does: the fields of the object are the variables. An error is not yet. */
function holds(expression: string, object: object): boolean {
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  try {
    return environment.evaluate(expression, object as Record<string, unknown>) === true;
  } catch {
    return false;
  }
}

describe("Flux's health checks", () => {
  const ready = (status: string) => ({ type: 'Ready', status });
  const stalled = { type: 'Stalled', status: 'True' };
  const at = (observedGeneration: number, ...conditions: object[]) => ({
    metadata: { generation: 2n },
    spec: { region: 'eu-west-1' },
    status: { observedGeneration: BigInt(observedGeneration), conditions },
  });

  test.each<[string, object, 'current' | 'failed' | 'neither']>([
    ['just made', { metadata: { generation: 1n }, spec: {} }, 'neither'],
    ['without conditions', { ...at(2), status: { observedGeneration: 2n } }, 'neither'],
    ['ready', at(2, ready('True')), 'current'],
    ['ready before the last change', at(1, ready('True')), 'neither'],
    ['at work', at(2, ready('Unknown')), 'neither'],
    ['stalled', at(2, stalled, ready('False')), 'failed'],
    ['stalled before the last change', at(1, stalled, ready('False')), 'neither'],
    ['suspended', { ...at(1, ready('Unknown')), spec: { suspend: true } }, 'current'],
    ['suspended at once', { metadata: { generation: 1n }, spec: { suspend: true } }, 'current'],
    ['no longer suspended', { ...at(1, ready('Unknown')), spec: { suspend: false } }, 'neither'],
  ])('say of a link that is %s what it is', async (_, object, expected) => {
    const [checks] = (await samples()).flatMap(({ spec }) => spec.healthCheckExprs ?? []);
    const said = {
      current: holds(checks?.current ?? '', object),
      failed: holds(checks?.failed ?? '', object),
    };
    expect(said).toEqual({ current: expected === 'current', failed: expected === 'failed' });
  });
});

test('the command of the guide teaches Argo CD the health of links', async () => {
  const shell = await shellWith(
    folder,
    { kubectl: await findProgram('kubectl') },
    { KUBECONFIG: server.kubeconfig },
  );
  await shell.run('kubectl -n argocd create configmap argocd-cm --from-literal=url=https://argo');
  for (const block of await shellBlocksOf('docs/gitops.md', 'Argo CD')) {
    expect([block, await shell.run(block)]).toEqual([
      block,
      expect.objectContaining({ exitCode: 0 }),
    ]);
  }
  const keys = await shell.run(
    "kubectl -n argocd get configmap argocd-cm -o go-template='{{range $k, $_ := .data}}{{$k}};{{end}}'",
  );
  expect(keys.stdout).toContain('health.sagemaker.privatelink.dev_SageMakerPrivateLink');
  expect(keys.stdout).toContain('url;');
});
