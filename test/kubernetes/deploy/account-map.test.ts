import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { parseAccountMap } from '../../../src/aws/accounts/parse-account-map.ts';
import { runProgram } from '../../environment/run-program.ts';
import { findProgram } from '../../environment/control-plane-programs.ts';

const deploy = join(import.meta.dirname, '../../../deploy');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly template: { readonly spec: PodSpec } };
}

interface PodSpec {
  readonly volumes: readonly { readonly name: string; readonly configMap: { name: string } }[];
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
}

let folder: string;
let manifests: readonly Manifest[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-overlay-'));
  const overlay = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [relative(folder, deploy)],
    components: ['account-map', 'creation-guard'].map((name) =>
      relative(folder, join(deploy, 'components', name)),
    ),
  };
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(overlay));
  const built = await runProgram(await findProgram('kubectl'), ['kustomize', folder]);
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
  manifests = parseAllDocuments(built.stdout).map((document) => document.toJS() as Manifest);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the component mounts the map where the flag looks for it', () => {
  const { spec } = manifests.find(({ kind }) => kind === 'Deployment') ?? {};
  const pod = spec?.template.spec;
  const [container] = pod?.containers ?? [];
  const [mount] = container?.volumeMounts ?? [];
  const volume = pod?.volumes.find(({ name }) => name === mount?.name);
  const map = manifests.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume?.configMap.name,
  );
  const [key] = Object.keys(map?.data ?? {});
  expect(container?.args).toContain(`--account-map=${mount?.mountPath}/${key}`);
  expect(map?.metadata.namespace).toBe('sagemaker-privatelink-system');
});

test('the shipped map is valid and denies everything', () => {
  const map = manifests.find(({ metadata }) => metadata.name === 'sagemaker-privatelink-accounts');
  expect(parseAccountMap(map?.data?.['accounts.yaml'] ?? '').size).toBe(0);
});
