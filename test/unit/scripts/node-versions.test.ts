/** The versions of Node stand in several places, and one that is forgotten lies to somebody. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Job {
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly steps: readonly { readonly with?: Readonly<Record<string, string>> }[];
}

const { jobs } = parse(read('.github/workflows/test.yml')) as {
  readonly jobs: Readonly<Record<string, Job>>;
};
const { engines } = JSON.parse(read('package.json')) as { readonly engines: { node: string } };
const oldest = engines.node.replace('>=', '');
const newest = read('.nvmrc').trim().replace(/^v/, '').split('.')[0];

test('the whole suite runs on the oldest version that package.json allows', () => {
  const versions = jobs['everything']?.steps.map((step) => step.with?.['node-version']);
  expect(versions?.filter((version) => version !== undefined)).toEqual([oldest]);
});

test('the bundle and the tests are compiled for it', () => {
  const target = `node${oldest.split('.')[0]}`;
  for (const file of [
    'scripts/build.mjs',
    'scripts/test-runner.mjs',
    'scripts/run-typescript.mjs',
  ]) {
    expect([file, /target: '(node\d+)'/.exec(read(file))?.[1]]).toEqual([file, target]);
  }
});

test('its types are those that the code is checked against', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  expect(devDependencies['@types/node']?.split('.')[0]).toBe(oldest.split('.')[0]);
});

test('the image has the version of .nvmrc, which is the newest that is tested', () => {
  const images = [...read('Dockerfile').matchAll(/^FROM .*(?:node:|nodejs)(\d+)/gm)];
  expect(images.map(([, major]) => major)).toEqual([newest, newest]);
  expect(jobs['node']?.strategy?.matrix.node.at(-1)).toBe(newest);
});

test('the versions after the oldest are the same in the workflow and in npm run test:node', () => {
  const inWorkflow = jobs['node']?.strategy?.matrix.node ?? [];
  const byDefault = /: (\['\d+'(?:, '\d+')*\]);$/m.exec(read('scripts/test-node.mjs'))?.[1];
  expect(JSON.parse((byDefault ?? '').replaceAll("'", '"'))).toEqual(inWorkflow);
});

test.each(['README.md', 'DEVELOPMENT.md'])('%s names the oldest version', (page) => {
  expect(read(page)).toMatch(new RegExp(`${oldest.replaceAll('.', '\\.')}\\s+(?:or|and) newer`));
});
