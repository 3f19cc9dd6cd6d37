/**
 * `npm test`: runs the tests of all jest projects and says how many ran where, and which files took
 * longest.
 * The last line is `N passed, N failed`, with `, N skipped` when there are any.
 * `npm test -- --project unit -t name` runs some of them; what is not known here goes to jest.
 * `--keep-durations` writes how long the files took to test/durations.json, for their order
 * (scripts/test-order.mjs). `--figures FILE` also writes what the tests counted (test/environment/figures.ts) as JSON.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import jestConfig from '../jest.config.mjs';
import { durationsFile } from './test-order.mjs';

const root = resolve(import.meta.dirname, '..');
const ownOptions = {
  project: { type: 'string', multiple: true },
  figures: { type: 'string' },
  'keep-durations': { type: 'boolean' },
};
const args = process.argv.slice(2);
const inCi = process.env.CI === 'true';

const given = splitArguments();
const runsEverything = given.selectsNothing;
const startedAt = performance.now();
const problems = [];
let figures = {};

const { projects: counts = {}, files: durations = {} } = runJest();

const total = { passed: 0, failed: 0, skipped: 0 };
for (const count of Object.values(counts)) {
  for (const key of Object.keys(total)) total[key] += count[key];
}
if (runsEverything) {
  if (inCi && total.skipped > 0) problems.push('CI allows no skipped test');
  for (const name of await projectsWithoutTests()) problems.push(`no test of ${name} ran`);
}
printSummary();
if (given.keepsDurations) keepDurations();
if (given.figuresTo !== undefined) {
  writeFileSync(given.figuresTo, JSON.stringify(figures, null, 2));
}
process.exit(total.failed + problems.length > 0 ? 1 : 0);

function runJest() {
  const folder = mkdtempSync(join(tmpdir(), 'smpl-'));
  const summary = join(folder, 'summary.json');
  const figuresFile = join(folder, 'figures.ndjson');
  try {
    const exitCode = run(
      process.execPath,
      [join(root, 'node_modules/jest/bin/jest.js'), ...given.jest],
      {
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        SMPL_TEST_SUMMARY: summary,
        SMPL_FIGURES: figuresFile,
        TMPDIR: folder, // So that what the tests leave behind can be seen.
      },
    );
    const result = existsSync(summary) ? JSON.parse(readFileSync(summary, 'utf8')) : {};
    const explained = Object.values(result.projects ?? {}).some((count) => count.failed > 0);
    if (exitCode !== 0 && !explained) problems.push(`jest ended with exit code ${exitCode}`);
    problems.push(...leftBehind(folder));
    figures = addedUp(figuresFile);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The sums of the figures that test/environment/figures.ts wrote down. */
function addedUp(file) {
  const sums = {};
  if (!existsSync(file)) return sums;
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const [figure, by] = JSON.parse(line);
    sums[figure] = (sums[figure] ?? 0) + by;
  }
  return sums;
}

/** Leftovers of the tests in the scratch folder: files, and programs that use it. */
function leftBehind(folder) {
  const files = readdirSync(folder).filter((name) => name.startsWith('smpl-'));
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  const programs = (stdout ?? '').split('\n').filter((line) => line.includes(`${folder}/`));
  return [
    ...files.map((name) => `the tests left ${name} in the folder for temporary files`),
    ...programs.map((line) => `the tests left a program running: ${line.trim().slice(0, 160)}`),
  ];
}

/** jest's own options take all words that follow for their values, so they go to the end. */
function splitArguments() {
  const reporters = ['--reporters=default', '--reporters=<rootDir>/scripts/summary-reporter.mjs'];
  const { values, tokens } = parseArgs({
    args,
    options: ownOptions,
    strict: false,
    tokens: true,
  });
  const ours = new Set();
  for (const token of tokens) {
    if (token.kind !== 'option' || !(token.name in ownOptions)) continue;
    ours.add(token.index);
    const isInOneWord = token.inlineValue !== false || token.value === undefined;
    if (!isInOneWord) ours.add(token.index + 1);
  }
  const others = args.filter((_, index) => !ours.has(index));
  const projects = [values.project ?? []].flat();
  const selected = projects.length > 0 ? ['--selectProjects', ...projects] : [];
  return {
    jest: [...others, ...reporters, ...selected],
    figuresTo: values.figures,
    selectsNothing: others.length + selected.length === 0,
    keepsDurations: values['keep-durations'] === true,
  };
}

/** Projects that have test files and of which nothing ran: a green run must not hide that. */
async function projectsWithoutTests() {
  const names = [];
  for (const { displayName } of jestConfig.projects) {
    const ran = (counts[displayName]?.passed ?? 0) + (counts[displayName]?.failed ?? 0);
    if (ran === 0 && (await hasTestFiles(join(root, 'test', displayName)))) names.push(displayName);
  }
  return names;
}

async function hasTestFiles(folder) {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files.some((file) => file.endsWith('.test.ts'));
}

function printSummary() {
  const shown = Object.entries(figures).map(([figure, sum]) => `${figure}: ${sum}`);
  if (shown.length > 0) console.log(`\n${shown.join('\n')}`);
  const row = (name, passed, failed, skipped, seconds) =>
    [name.padEnd(12), ...[passed, failed, skipped, seconds].map((cell) => cell.padStart(8))].join(
      '',
    );
  console.log(`\n${row('project', 'passed', 'failed', 'skipped', 'seconds')}`);
  for (const [name, count] of Object.entries(counts)) {
    const cells = [count.passed, count.failed, count.skipped, count.seconds.toFixed(1)];
    console.log(row(name, ...cells.map(String)));
  }
  console.log('\nslowest files');
  for (const [path, seconds] of slowestFirst().slice(0, 10)) {
    console.log(`${seconds.toFixed(1).padStart(8)} s  ${path}`);
  }
  for (const problem of problems) console.log(`failed: ${problem}`);
  console.log(`in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed + problems.length} failed${skipped}`);
}

function slowestFirst() {
  return Object.entries(durations).sort(([, one], [, other]) => other - one);
}

/** Files of a second or less need no order. Files that did not run keep their figures. */
function keepDurations() {
  const known = existsSync(durationsFile) ? JSON.parse(readFileSync(durationsFile, 'utf8')) : {};
  const rounded = Object.entries(durations).map(([path, seconds]) => [path, Math.round(seconds)]);
  const kept = Object.entries({ ...known, ...Object.fromEntries(rounded) })
    .filter(([path, seconds]) => seconds > 1 && existsSync(join(root, path)))
    .sort(([, one], [, other]) => other - one);
  writeFileSync(durationsFile, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

function run(command, commandArgs, env = {}) {
  const child = spawnSync(command, commandArgs, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return child.status ?? 1;
}
