/**
 * `npm run verify`: everything about the sources that is not a test. Each check says ok or failed,
 * what it found and how to put it right. The last line is `N passed, N failed`.
 * `npm run verify -- lint format` runs only these checks.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { findUntestedModules } from './direct-tests.mjs';
import { findPoorEnglish } from './english-checks.mjs';
import { findBrokenLinks } from './link-checks.mjs';
import { findLeftovers, findLostMutants, findRegistryAddresses } from './source-checks.mjs';

const root = resolve(import.meta.dirname, '..');

/** Folders with TypeScript. */
const folders = ['src', 'test', 'demo', 'bench', 'faults'];

const checks = [
  { name: 'types', run: tool('typescript/bin/tsc', '--noEmit'), fix: 'correct the types' },
  {
    name: 'lint',
    run: tool('oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
    fix: 'correct the code; the rules are in .oxlintrc.json',
  },
  {
    name: 'format',
    run: tool('@biomejs/biome/bin/biome', 'format', '--reporter=summary'),
    fix: 'npm run format',
  },
  {
    name: 'generated',
    run: () => execute(process.execPath, ['scripts/generate.mjs', '--check']),
    fix: 'npm run generate',
  },
  {
    name: 'folders',
    run: tool('dependency-cruiser/bin/dependency-cruise.mjs', ...folders),
    fix: 'move the code, or change the table in docs/architecture.md',
  },
  {
    name: 'structure',
    run: () => execute(process.execPath, ['scripts/structure.mjs', '--check']),
    fix: 'give the subject a room of its own, or the action a row in its table (docs/architecture.md)',
  },
  {
    name: 'dead-code',
    run: tool('knip/bin/knip.js', '--no-progress'),
    fix: 'remove what nothing imports, or its `export` where only its own file uses it (knip.jsonc)',
  },
  {
    name: 'registries',
    run: () => findRegistryAddresses(trackedFiles()),
    fix: 'npm install with the settings of .npmrc; no file may fix where packages come from',
  },
  {
    name: 'leftovers',
    run: () => findLeftovers(trackedFiles()),
    fix: 'finish or remove what is named',
  },
  {
    name: 'mutants',
    run: () => findLostMutants(trackedFiles()),
    fix: 'let faults/mutants.json name the text as it is now',
  },
  {
    name: 'untested',
    run: () => findUntestedModules(trackedFiles()),
    fix: 'write a test that imports the module; give a reason for what has no logic of its own',
  },
  {
    name: 'links',
    run: () => findBrokenLinks(trackedFiles()),
    fix: 'name a file, folder or heading that is there',
  },
  {
    name: 'english',
    run: () => findPoorEnglish(trackedFiles()),
    fix: 'write as docs/glossary.md says: its words, and sentences that begin with their subject',
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`verify: no check ${unknown.join(', ')}; there are ${namesOf(checks)}`);
  process.exit(2);
}

let failed = 0;
const selected = wanted.length > 0 ? checks.filter(({ name }) => wanted.includes(name)) : checks;
for (const { name, run, fix } of selected) {
  const finding = run();
  console.log(`${name.padEnd(12)}${finding === undefined ? 'ok' : 'failed'}`);
  if (finding === undefined) continue;
  failed += 1;
  console.log(`${finding.trim().replace(/^/gm, '  ')}\n  To fix: ${fix}.`);
}
console.log(`${selected.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

function namesOf(list) {
  return list.map(({ name }) => name).join(', ');
}

/** A check that is a program of a package: it fails with what the program printed. */
function tool(program, ...args) {
  return () => execute(process.execPath, [join(root, 'node_modules', program), ...args]);
}

/** The output of the program when it failed, else nothing. */
function execute(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) return undefined;
  return `${stdout ?? ''}${stderr ?? ''}` || `${command} ended with ${status}`;
}

/** The files of the next commit: what is ignored does not count, what is new does. */
function trackedFiles() {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout, status } = spawnSync('git', listing, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error('verify needs git and a clone of the repository');
  return stdout
    .split('\0')
    .filter(Boolean)
    .map((path) => ({ path, file: join(root, path) }));
}
