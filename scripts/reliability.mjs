/**
 * `npm run reliability`: measures what docs/reliability.md says, and writes it there. Every
 * scenario, call and fault; `--seeds N` random runs (10,000 by default); every mutant; replicas on a
 * real API server and the corpus of invalid specs. It takes about an hour on two cores, so each part
 * can be measured by itself: `-- scenarios`, `seeds`, `mutants`, `servers`; and of the scenarios only
 * those whose name an expression matches: `-- scenarios --scenario delete`. The other figures stay.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const file = join(root, 'docs/reliability-figures.json');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '10000' },
    scenario: { type: 'string', default: '' },
  },
});
const parts = { scenarios: measureScenarios, seeds: measureSeeds, mutants: runMutants, servers };
const wanted = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  const known = Object.keys(parts).join(', ');
  console.error(`reliability: no part ${unknown.join(', ')}; there are ${known}`);
  process.exit(2);
}

const today = new Date().toISOString().slice(0, 10);
const machine = `Node ${process.versions.node}, ${availableParallelism()} cores`;
let figures = JSON.parse(readFileSync(file, 'utf8'));
for (const name of wanted) {
  figures = { ...figures, machine, [name]: parts[name](figures[name]) };
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  run([join(root, 'scripts/generate-reliability-doc.mjs')]);
}

/** Every fault at every call; scenarios that are not measured keep their row, if they still exist. */
function measureScenarios(former = {}) {
  const names = Object.keys(faults('--kinds', 'none').byScenario);
  const { byScenario } = faults('--scenario', values.scenario);
  const rows = names.flatMap((name) => {
    const row = byScenario[name] ?? former[name];
    return row === undefined ? [] : [[name, byScenario[name] ? { ...row, on: today } : row]];
  });
  return Object.fromEntries(rows);
}

function measureSeeds() {
  const { seeds, faults: struck, violations } = faults('--seeds', values.seeds);
  return { runs: seeds, faults: struck, violations: violations.length, on: today };
}

function runMutants() {
  const lines = run([join(root, 'scripts/faults.mjs'), '--mutants'], { mayFail: true });
  const all = lines.trim().split('\n');
  return {
    caught: all.filter((line) => line.startsWith('caught')).length,
    of: all.length,
    on: today,
  };
}

/** The figures of tests on a real API server, with ten times as many replicas struck as usual. */
function servers() {
  const folder = mkdtempSync(join(tmpdir(), 'smpl-'));
  try {
    const counted = [
      ['kubernetes', 'corpus'],
      ['process', 'ha/'],
    ].map(([project, pattern]) => {
      const counts = join(folder, `${project}.json`);
      const args = ['--project', project, pattern, '--figures', counts];
      run([join(root, 'scripts/test.mjs'), ...args], { env: { SMPL_RUNS_FACTOR: '10' } });
      return JSON.parse(readFileSync(counts, 'utf8'));
    });
    return { ...counted[0], ...counted[1], on: today };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The summary of `npm run faults`, which shows its progress on stderr. */
function faults(...args) {
  const program = join(root, 'scripts/faults.mjs');
  return JSON.parse(run([program, ...args, '--json'], { mayFail: true }));
}

/** The output of a program. */
function run(args, { mayFail = false, env = {} } = {}) {
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  // A finding of the harness is no failure of measuring it.
  if (status !== 0 && !mayFail) throw new Error(`${args.join(' ')} ended with ${status}`);
  return stdout ?? '';
}
