import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { findProgram } from './control-plane-programs.ts';
import { helm } from './helm.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

const deploy = join(import.meta.dirname, '../../deploy');

/** An object as a tool would apply it. */
export interface RenderedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** An overlay on a folder of `deploy/`. */
export interface Overlay {
  /** @default base */
  readonly of?: string;
  readonly components?: readonly string[];
  readonly patches?: readonly object[];
  /** Other fields of the kustomization. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** What kustomize makes of an overlay. Throws with its words where it refuses. */
export async function kustomized(overlay: Overlay): Promise<readonly RenderedManifest[]> {
  const folder = await mkdtemp(join(tmpdir(), 'smpl-overlay-'));
  try {
    const own = join(folder, 'overlay');
    await mkdir(own);
    const path = (name: string) => relative(own, join(deploy, name));
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [path(overlay.of ?? 'base')],
      components: (overlay.components ?? []).map((name) => path(`components/${name}`)),
      patches: overlay.patches ?? [],
      ...overlay.more,
    };
    await writeFile(join(own, 'kustomization.yaml'), stringify(kustomization));
    return manifestsOf(await runProgram(await findProgram('kubectl'), ['kustomize', own]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What Helm makes of the chart and values. Throws with its words where it refuses. */
export async function templated(
  values: object,
  { files = [], namespace = 'sagemaker-privatelink-system' }: ChartOptions = {},
): Promise<readonly RenderedManifest[]> {
  const chart = join(deploy, 'chart');
  const from = files.flatMap((file) => ['--values', join(chart, file)]);
  const args = ['template', 'operator', chart, '--namespace', namespace, ...from, '--values', '-'];
  return manifestsOf(await helm(args, { input: JSON.stringify(values) }));
}

export interface ChartOptions {
  /** Files of values in the chart's folder. */
  readonly files?: readonly string[];
  readonly namespace?: string;
}

function manifestsOf({ exitCode, stdout, stderr }: ProgramResult): readonly RenderedManifest[] {
  if (exitCode !== 0 || stderr !== '') throw new Error(stderr);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as RenderedManifest | null)
    .filter((manifest) => manifest !== null);
}
