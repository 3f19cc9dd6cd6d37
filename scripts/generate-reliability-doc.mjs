/**
 * Writes the generated parts of docs/reliability.md: of which known faults there are cases, from
 * faults/ and the titles of the tests, and the latest figures, from docs/reliability-figures.json,
 * which `npm run reliability` measures. With --check it writes nothing and exits 1 when the page is
 * out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replacePart } from './generated-part.mjs';
import { importSource } from './import-source.mjs';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/reliability.md';

/** The harness's own lists. */
function harness() {
  return importSource(`
    export { faultList } from './faults/fault-list.ts';
    export { oracles } from './faults/oracles/violation.ts';
    export { scenarios } from './faults/scenarios/all.ts';
  `);
}

/** Test files by the faults that the titles in them begin with. */
function testsOf() {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file}`);
  const byFault = new Map();
  for (const file of files.toSorted()) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, ids] of text.matchAll(/['"`]((?:F\d+, )*F\d+): /g)) {
      for (const id of ids.split(', ')) byFault.set(id, [...(byFault.get(id) ?? []), file]);
    }
  }
  return byFault;
}

function faultTable({ faultList, scenarios }) {
  const tests = testsOf();
  const rows = Object.entries(faultList).map(([id, { what, kinds = [] }]) => {
    const played = scenarios.filter(({ covers = [] }) => covers.includes(id));
    const files = [...new Set(tests.get(id) ?? [])];
    if (kinds.length + played.length + files.length === 0) {
      throw new Error(
        `${id} (${what}) has no case: no scenario covers it and no test begins with it`,
      );
    }
    const cells = [
      kinds.map((kind) => `\`${kind}\``).join(', '),
      scenarioNames(played).join('; '),
      files.map((file) => `\`${file}\``).join(', '),
    ];
    return `| ${id} | ${what} | ${cells.join(' | ')} |`;
  });
  return [
    '| | fault | at each call | scenarios | tests |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** Names; those that begin alike are counted, not listed. */
function scenarioNames(scenarios) {
  const groups = new Map();
  for (const { name } of scenarios) {
    const group = /^(?:update|drift|notebook access(?: drift)?): /.exec(name)?.[0] ?? name;
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups].map(([group, names]) =>
    names.length === 1 ? names[0] : `${group}… (${names.length})`,
  );
}

/** The figures of docs/reliability-figures.json, added up. */
function figureTable({ scenarios: all }) {
  const read = JSON.parse(readFileSync(join(root, 'docs/reliability-figures.json'), 'utf8'));
  const { machine, scenarios = {}, seeds, mutants, servers = {} } = read;
  const rows = Object.values(scenarios);
  const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
  const { on: _day, ...counted } = servers;
  const days = [...new Set([...rows, seeds, mutants, servers].flatMap((one) => one?.on ?? []))];
  const figures = [
    ['measured on', `${days.join(', ')}, ${machine}`],
    ['scenarios measured, of all', `${rows.length} of ${all.length}`],
    ['crash points: calls that are struck by every fault that they can meet', sum('crashPoints')],
    ['faults at them, each a run of its own', sum('runs') - rows.length],
    ['promises broken by them', sum('violations')],
  ];
  if (seeds !== undefined) {
    figures.push(
      ['random runs: walks over specs, and several faults at once', seeds.runs],
      ['faults that struck in them', seeds.faults],
      ['promises broken by them', seeds.violations],
    );
  }
  if (mutants !== undefined) {
    figures.push([
      'mutants of the operator that a promise catches',
      `${mutants.caught} of ${mutants.of}`,
    ]);
  }
  figures.push(...Object.entries(counted));
  const cell = (value) => (typeof value === 'number' ? value.toLocaleString('en-US') : value);
  const lines = figures.map(([what, value]) => `| ${what} | ${cell(value)} |`);
  return ['| | |', '| --- | --- |', ...lines, ''].join('\n');
}

const lists = await harness();
const actual = readFileSync(join(root, page), 'utf8');
const withFaults = replacePart(actual, 'faults', faultTable(lists), page);
const wanted = replacePart(withFaults, 'figures', figureTable(lists), page);
if (!process.argv.includes('--check')) {
  writeFileSync(join(root, page), wanted);
} else if (wanted !== actual) {
  console.error(`${page} is out of date: run node scripts/generate-reliability-doc.mjs`);
  process.exitCode = 1;
}
