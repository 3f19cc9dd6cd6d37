/**
 * Writes the index of deploy/samples into docs/README.md, from the first sentence of each sample's comment. With
 * --check nothing is written, and the exit code is 1 when the page is out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replacePart } from './generated-part.mjs';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/README.md';
const folder = 'deploy/samples';

/** The first sentence of the comment at the top of a sample. */
function purposeOf(file) {
  const lines = readFileSync(join(root, folder, file), 'utf8').split('\n');
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('#')),
  );
  const text = comment.map((line) => line.replace(/^# ?/, '')).join(' ');
  const [sentence] = /^.*?\.(?= |$)/.exec(text) ?? [];
  if (sentence === undefined) {
    throw new Error(`${folder}/${file} does not begin with a comment that says what it is for`);
  }
  return sentence.replaceAll('|', '\\|');
}

const rows = readdirSync(join(root, folder))
  .toSorted()
  .map((file) => `| [${file}](../${folder}/${file}) | ${purposeOf(file)} |`);
const table = ['| sample | for |', '| --- | --- |', ...rows, ''].join('\n');
const actual = readFileSync(join(root, page), 'utf8');
const wanted = replacePart(actual, 'samples', table, page);
if (!process.argv.includes('--check')) {
  writeFileSync(join(root, page), wanted);
} else if (wanted !== actual) {
  console.error(`${page} is out of date: run node scripts/generate-samples-doc.mjs`);
  process.exitCode = 1;
}
