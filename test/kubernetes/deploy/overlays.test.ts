/** Every overlay that the docs and the components show is built, as a reader would. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { findProgram } from '../../environment/control-plane-programs.ts';
import { runProgram } from '../../environment/run-program.ts';

const root = join(import.meta.dirname, '../../..');
const components = join(root, 'deploy/components');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-overlays-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Builds a kustomization whose paths are as in the docs or as in a component's comment. */
async function build(name: string, text: string): Promise<readonly Manifest[]> {
  const own = join(folder, name);
  await mkdir(own);
  const toRoot = relative(own, root);
  const text2 = text
    .replaceAll('../sagemaker-privatelink-operator/', `${toRoot}/`)
    .replaceAll('../../deploy', `${toRoot}/deploy`);
  await writeFile(join(own, 'kustomization.yaml'), text2);
  // What a generator reads is the reader's own.
  await writeFile(join(own, 'ca.crt'), 'a certificate');
  const built = await runProgram(await findProgram('kubectl'), ['kustomize', own]);
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
  return parseAllDocuments(built.stdout).map((document) => document.toJS() as Manifest);
}

function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

test('each kustomization of the operations guide', async () => {
  const guide = await readFile(join(root, 'docs/operations.md'), 'utf8');
  const blocks = [...guide.matchAll(/```yaml\n(.*?)```/gs)]
    .map(([, text = '']) => text)
    .filter((text) => text.includes('kind: Kustomization'));
  expect(blocks.length).toBeGreaterThanOrEqual(4);
  const built = [];
  for (const [index, text] of blocks.entries()) built.push(await build(`guide-${index}`, text));
  const all = built.flat();
  // What the reader wrote has got to where it is read.
  const rules = all.filter(({ metadata }) => metadata.name.endsWith('creation-rules'));
  expect(rules.map(({ data }) => data?.['rules'])).toEqual([
    expect.stringContaining('group:ml-platform'),
  ]);
  const accounts = all.filter(({ metadata }) => metadata.name.endsWith('-accounts'));
  expect(parse(accounts[0]?.data?.['accounts.yaml'] ?? '')).toMatchObject({
    accounts: { 'ml-prod': { roleArn: expect.stringContaining('444455556666') } },
  });
});

describe('the example of each component', () => {
  test('builds', async () => {
    for (const name of await readdir(components)) {
      const text = await readFile(join(components, name, 'kustomization.yaml'), 'utf8');
      const example = [...text.matchAll(/^#   (.*)$/gm)].map(([, line = '']) => line).join('\n');
      // The component itself, after those that it needs.
      expect(example).toMatch(
        new RegExp(`components: \\[.*\\.\\./\\.\\./deploy/components/${name}\\]`),
      );
      const head = stringify({
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
      });
      await build(`example-${name}`, `${head}${example}\n`);
    }
  });
});

test('all components together leave each other in place', async () => {
  const names = await readdir(components);
  const manifests = await build(
    'together',
    stringify({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: ['../../deploy'],
      components: names.map((name) => `../../deploy/components/${name}`),
    }),
  );
  const { spec } = find(manifests, 'Deployment', 'sagemaker-privatelink-operator');
  expect(spec).toMatchObject({
    template: {
      spec: {
        volumes: expect.arrayContaining([
          { name: 'accounts', configMap: { name: 'sagemaker-privatelink-accounts' } },
          { name: 'ca', configMap: { name: 'sagemaker-privatelink-ca' } },
        ]),
        containers: [
          {
            args: expect.arrayContaining([
              '--account-map=/etc/sagemaker-privatelink/accounts.yaml',
              '--lease-namespace=sagemaker-privatelink-system',
            ]),
            env: expect.arrayContaining([
              expect.objectContaining({ name: 'AWS_EC2_METADATA_DISABLED' }),
              expect.objectContaining({ name: 'HTTPS_PROXY' }),
              expect.objectContaining({ name: 'NODE_EXTRA_CA_CERTS' }),
            ]),
          },
        ],
      },
    },
  });
  const policy = find(manifests, 'NetworkPolicy', 'sagemaker-privatelink-operator');
  expect(JSON.stringify(policy.spec)).toContain('3128');
});
