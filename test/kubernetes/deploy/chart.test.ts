/** The Helm chart and the kustomizations say the same. Nothing is applied here. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { isMap, parse, parseDocument, type YAMLMap } from 'yaml';
import { goBuildMs } from '../../environment/go-program.ts';
import { ensureHelm, helm } from '../../environment/helm.ts';
import {
  kustomized,
  type RenderedManifest,
  templated,
} from '../../environment/rendered-manifests.ts';
import { chartCases } from './chart-cases.ts';

const deploy = join(import.meta.dirname, '../../../deploy');
const chart = join(deploy, 'chart');
const keep = { 'helm.sh/resource-policy': 'keep' };

beforeAll(ensureHelm, goBuildMs);

type Named = { readonly name: string };

function byName(list: readonly Named[] | undefined): readonly Named[] {
  return [...(list ?? [])].toSorted((one, other) => one.name.localeCompare(other.name));
}

interface PodSpec {
  readonly volumes?: readonly Named[];
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly env: readonly Named[];
    readonly volumeMounts?: readonly Named[];
  }[];
}

/** A manifest without the order of lists that has no meaning to Kubernetes. */
function unordered(manifest: RenderedManifest): unknown {
  const { spec, data } = manifest as {
    spec?: { template?: { spec: PodSpec } };
    data?: Readonly<Record<string, string>>;
  };
  const accounts = data?.['accounts.yaml'];
  if (accounts !== undefined) return { ...manifest, data: parse(accounts) as unknown };
  const pod = spec?.template?.spec;
  if (pod === undefined) return manifest;
  const [subcommand, ...flags] = pod.containers[0]?.args ?? [];
  const containers = pod.containers.map((container) => ({
    ...container,
    args: [subcommand, ...flags.toSorted()],
    env: byName(container.env),
    volumeMounts: byName(container.volumeMounts),
  }));
  const template = {
    ...spec?.template,
    spec: { ...pod, containers, volumes: byName(pod.volumes) },
  };
  return { ...manifest, spec: { ...spec, template } };
}

/** By kind, namespace and name, so that a difference names its object. */
function catalogued(manifests: readonly RenderedManifest[]): Readonly<Record<string, unknown>> {
  const entries = manifests.map((manifest) => {
    const { kind, metadata } = manifest;
    return [`${kind} ${metadata.namespace ?? ''}/${metadata.name}`, unordered(manifest)] as const;
  });
  expect(new Set(entries.map(([key]) => key)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

/** As a release has it: in a namespace that was there before, with CRDs that outlive it. */
function asRelease(manifests: readonly RenderedManifest[]): readonly RenderedManifest[] {
  const inside = manifests.filter(({ kind }) => kind !== 'Namespace');
  expect(inside).toHaveLength(manifests.length - 1);
  return inside.map((manifest) => {
    if (manifest.kind !== 'CustomResourceDefinition') return manifest;
    return { ...manifest, metadata: { ...manifest.metadata, annotations: keep } };
  });
}

test('without values the chart has the objects of the base', async () => {
  const released = catalogued(await templated({}));
  expect(released).toEqual(catalogued(asRelease(await kustomized({}))));
  expect(released).toEqual(catalogued(asRelease(await kustomized({ of: 'overlays/plain' }))));
  expect(released).toEqual(catalogued(asRelease(await kustomized({ of: '.' }))));
});

test.each(Object.entries(chartCases))(
  '%s changes what an overlay changes',
  async (_, { values, overlay }) => {
    const released = catalogued(await templated(values));
    expect(released).toEqual(catalogued(asRelease(await kustomized(overlay))));
    expect(released).not.toEqual(catalogued(await templated({})));
  },
);

test.each(['high-availability', 'trial'])('the values of %s are its overlay', async (name) => {
  const released = await templated({}, { files: [`values-${name}.yaml`] });
  const overlaid = await kustomized({ of: `overlays/${name}` });
  expect(catalogued(released)).toEqual(catalogued(asRelease(overlaid)));
  expect(overlaid).not.toEqual(await kustomized({}));
});

test('every overlay has values, and every component a case', async () => {
  expect((await readdir(join(deploy, 'overlays'))).toSorted()).toEqual([
    'high-availability',
    'plain',
    'trial',
  ]);
  const used = Object.values(chartCases).flatMap(({ overlay }) => overlay.components ?? []);
  expect([...new Set(used)].toSorted()).toEqual(
    (await readdir(join(deploy, 'components'))).toSorted(),
  );
});

/** Paths of values that are set one by one: a map that is empty or free is one value. */
function pathsOf(map: YAMLMap, schema: Schema, prefix = ''): readonly string[] {
  return map.items.flatMap(({ key, value }) => {
    const name = String(key);
    const known = schema.properties?.[name];
    expect([`${prefix}${name}`, known]).toEqual([`${prefix}${name}`, expect.anything()]);
    const isNested = isMap(value) && known?.properties !== undefined && name !== 'resources';
    return isNested ? pathsOf(value as YAMLMap, known, `${prefix}${name}.`) : [`${prefix}${name}`];
  });
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Seen in another way than by an overlay: the tests below. */
const otherwise = ['crds.keep', 'creationGuard.rules'];

test('every value is in the schema and has a case', async () => {
  const schema = JSON.parse(await readFile(join(chart, 'values.schema.json'), 'utf8')) as Schema;
  const { contents } = parseDocument(await readFile(join(chart, 'values.yaml'), 'utf8'));
  const paths = pathsOf(contents as YAMLMap, schema);
  expect([...Object.keys(chartCases), ...otherwise].toSorted()).toEqual(paths.toSorted());
});

test('without crds.keep the CRD goes with the release', async () => {
  const crds = (await templated({ crds: { keep: false } })).filter(({ kind }) =>
    kind.startsWith('CustomResourceDefinition'),
  );
  expect(crds.map(({ metadata }) => metadata.annotations)).toEqual([undefined]);
});

test('without architectures the image may go to any node', async () => {
  const manifests = await templated({ image: { architectures: [] } });
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  expect(JSON.stringify(deployment)).toContain('podAntiAffinity');
  expect(JSON.stringify(deployment)).not.toContain('nodeAffinity');
});

test('the architectures are those that a release builds its image for', async () => {
  const release = await readFile(join(deploy, '../.github/workflows/release.yml'), 'utf8');
  const [, platforms = ''] = /^ +platforms: (.*)$/m.exec(release) ?? [];
  const { image } = parse(await readFile(join(chart, 'values.yaml'), 'utf8')) as {
    image: { architectures: readonly string[] };
  };
  expect(image.architectures.map((one) => `linux/${one}`).join()).toBe(platforms);
});

test('the creation guard without rules allows nobody', async () => {
  const manifests = await templated({ creationGuard: { enabled: true } });
  const rules = manifests.find(({ metadata }) => metadata.name.endsWith('creation-rules'));
  expect(rules?.['data']).toEqual({ rules: '' });
});

test('in another namespace nothing names the shipped one', async () => {
  const enabled = { enabled: true };
  const everything = {
    accountMap: enabled,
    clients: enabled,
    verify: enabled,
    creationGuard: enabled,
    customCA: { ...enabled, certificates: 'a certificate' },
    proxy: { httpsProxy: 'http://proxy.example.com:3128' },
    metrics: { serviceMonitor: enabled, prometheusRule: enabled, dashboard: enabled },
  };
  const manifests = await templated(everything, { namespace: 'elsewhere' });
  expect(JSON.stringify(manifests)).not.toContain('sagemaker-privatelink-system');
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  expect(JSON.stringify(deployment)).toContain('--lease-namespace=elsewhere');
});

describe('the schema', () => {
  test.each<[string, object, string]>([
    ['an unknown value', { replica: 2 }, "'replica' not allowed"],
    ['an unknown part', { crds: { instal: true } }, "'instal' not allowed"],
    ['text for a number', { replicas: 'two' }, 'replicas'],
    ['an unknown level', { logLevel: 'trace' }, 'logLevel'],
    ['an account without a role', { accountMap: { accounts: { prod: {} } } }, 'roleArn'],
    ['an argument that is no flag', { extraArgs: ['debug'] }, 'extraArgs'],
    ['a proxy of another kind', { proxy: { httpsProxy: 'socks5://proxy:1080' } }, 'httpsProxy'],
    ['a queue that is no URL', { driftEvents: { queues: ['drift'] } }, 'queues'],
    [
      'an architecture with its system',
      { image: { architectures: ['linux/arm64'] } },
      'architectures',
    ],
    ['a short digest', { image: { digest: 'sha256:abc' } }, 'digest'],
  ])('refuses %s', async (_, values, words) => {
    await expect(templated(values)).rejects.toThrow(words);
  });
});

test('verification without clients is refused, as the operator would', async () => {
  await expect(templated({ verify: { enabled: true } })).rejects.toThrow('clients.enabled');
});

test("Helm's linter finds nothing", async () => {
  expect(await helm(['lint', '--strict', chart])).toMatchObject({ exitCode: 0, stderr: '' });
});
