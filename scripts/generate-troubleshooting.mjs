/**
 * Writes the table of docs/troubleshooting.md from each reason to its section. A reason that no section has, or that
 * two have, is an error. With --check nothing is written, and the exit code is 1 when the page is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replacePart } from './generated-part.mjs';
import { importSource } from './import-source.mjs';
import { anchorOf, sectionsOf } from './troubleshooting-sections.mjs';

const page = 'docs/troubleshooting.md';
const file = join(resolve(import.meta.dirname, '..'), page);

/** One row for each reason, in the order of the alphabet, as somebody looks a word up. */
function reasonTable(sections, reasons) {
  const rows = reasons.toSorted().map((reason) => {
    const { heading } = sections.find((one) => one.reasons.includes(reason));
    return `| \`${reason}\` | [${heading}](#${anchorOf(heading)}) |`;
  });
  return ['| reason | section |', '| --- | --- |', ...rows, ''].join('\n');
}

/** Everything that keeps the table from being complete. */
function mistakesIn(sections, reasons) {
  const listed = sections.flatMap((section) => section.reasons);
  return [
    ...reasons
      .filter((reason) => !listed.includes(reason))
      .map((reason) => `no section lists the reason ${reason}`),
    ...listed
      .filter((reason, index) => listed.indexOf(reason) !== index)
      .map((reason) => `two sections list the reason ${reason}`),
    ...listed
      .filter((reason) => !reasons.includes(reason))
      .map((reason) => `${reason} is no reason`),
  ];
}

const { reasons } = await importSource("export { reasons } from './src/api/conditions.ts';");
const actual = readFileSync(file, 'utf8');
const sections = sectionsOf(actual);
const mistakes = mistakesIn(sections, Object.keys(reasons));
if (mistakes.length > 0) {
  for (const mistake of mistakes) console.error(`${page}: ${mistake}`);
  process.exit(1);
}
const wanted = replacePart(actual, 'sections', reasonTable(sections, Object.keys(reasons)), page);
if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (wanted !== actual) {
  console.error(`${page} is out of date: run node scripts/generate-troubleshooting.mjs`);
  process.exitCode = 1;
}
