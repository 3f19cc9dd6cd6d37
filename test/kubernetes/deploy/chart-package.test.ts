import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { helm } from '../../environment/helm.ts';
import { runProgram } from '../../environment/run-program.ts';
import { shippedAlerts } from './shipped-alerts.ts';

// Helm is built once.
jest.setTimeout(900_000);

const root = join(import.meta.dirname, '../../..');
const digest = `sha256:${'5a'.repeat(32)}`;
const image = `registry.example.com:5000/platform/operator@${digest}`;
let folder: string;

const packageChart = (...args: readonly string[]) =>
  runProgram(process.execPath, [join(root, 'scripts/package-chart.mjs'), ...args]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-chart-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the chart of a release installs the image of the release by its digest', async () => {
  const chart = join(folder, 'chart');
  expect(await packageChart(image, chart)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await helm(['package', chart, '--destination', folder])).toMatchObject({ exitCode: 0 });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const file = `sagemaker-privatelink-operator-${version}.tgz`;
  expect(await readdir(folder)).toContain(file);

  const rendered = await helm([
    'template',
    'release',
    join(folder, file),
    '--kube-version',
    '1.34',
  ]);
  expect(rendered).toMatchObject({ exitCode: 0 });
  expect(imagesIn(rendered.stdout)).toEqual([image]);
  const plain = await helm([
    'template',
    'release',
    join(root, 'deploy/chart'),
    '--kube-version',
    '1.34',
  ]);
  expect(rendered.stdout).toBe(plain.stdout.replaceAll(imagesIn(plain.stdout)[0] ?? '', image));
});

test('the alerts of a release link to the documents of the release', async () => {
  const chart = join(folder, 'documented');
  const documents = 'https://git.example.org/owner/operator/blob/v1.2.3/docs';
  await packageChart(image, chart, documents);
  const rule = ['--set', 'metrics.prometheusRule.enabled=true', '--kube-version', '1.34'];
  const { stdout } = await helm(['template', 'release', chart, ...rule]);
  const links = [...stdout.matchAll(/runbook_url: (.*)$/gm)].map(([, link]) => link);
  expect(links).toHaveLength(shippedAlerts().length);
  expect(links.filter((link) => !link?.startsWith(`${documents}/`))).toEqual([]);
});

test('a values file keeps its comments', async () => {
  const chart = join(folder, 'commented');
  await packageChart(image, chart);
  const lines = async (path: string) =>
    (await readFile(join(path, 'values.yaml'), 'utf8')).split('\n').filter(isComment);
  expect(await lines(chart)).toEqual(await lines(join(root, 'deploy/chart')));
});

test.each(['', 'registry.example.com/operator', 'registry.example.com/operator:v1', '@sha256:00'])(
  'an image without a digest is refused: %j',
  async (bad) => {
    const { exitCode, stderr } = await packageChart(bad, join(folder, 'bad'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('IMAGE@sha256:DIGEST');
    expect(await readdir(folder)).not.toContain('bad');
  },
);

function imagesIn(manifests: string): readonly string[] {
  return [...manifests.matchAll(/^\s+image: (?<image>.*)$/gm)].map(({ groups }) =>
    String(parse(groups?.['image'] ?? '')),
  );
}

function isComment(line: string): boolean {
  return line.trimStart().startsWith('#');
}
