/**
 * Writes the table of the tested versions of Kubernetes into docs/install.md, from the list in
 * tools/kube-apiserver. With --check it writes nothing and exits 1 when the page is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replacePart } from './generated-part.mjs';
import { kubernetesVersions } from './kubernetes-versions.mjs';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/install.md';

const [newest, ...older] = kubernetesVersions;
const rows = [
  `| ${newest.minor} | ${newest.version} | every change, by the whole suite |`,
  ...older.map(
    ({ minor, version }) => `| ${minor} | ${version} | every week, by its lifecycle part |`,
  ),
];
const table = [
  '| Kubernetes | release that tests run on | when |',
  '| --- | --- | --- |',
  ...rows,
].join('\n');

const before = readFileSync(join(root, page), 'utf8');
const wanted = replacePart(before, 'kubernetes versions', table, page);
if (wanted !== before) {
  if (process.argv.includes('--check')) {
    console.error(`${page} is out of date: run npm run generate`);
    process.exitCode = 1;
  } else writeFileSync(join(root, page), wanted);
}
