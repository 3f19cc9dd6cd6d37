/**
 * `npm run reliability`: measures what docs/reliability.md says, and writes it there. Every
 * scenario, call and fault; `--seeds N` random runs (10,000 by default); every mutant; replicas on a
 * real API server; the corpus of invalid specs. It takes about an hour on two cores.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '10000' } } });

const struck = JSON.parse(faults('--enumerate', '--seeds', values.seeds, '--json'));
const mutants = faults('--mutants').trim().split('\n');
const caught = mutants.filter((line) => line.startsWith('caught')).length;
const tested = testFigures();
const figures = {
  'measured on': `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${availableParallelism()} cores`,
  scenarios: struck.scenarios,
  'crash points: calls that are struck by every fault they can meet': struck.crashPoints,
  'runs: one for each of these faults, and the random ones': struck.runs,
  'random runs: walks over specs, and several faults at once': struck.seeds,
  'faults that struck': struck.faults,
  'hours for these runs': Math.round((struck.seconds / 3600) * 10) / 10,
  'broken promises': struck.violations.length,
  'mutants of the operator that a promise catches': `${caught} of ${mutants.length}`,
  ...tested,
};
writeFileSync(join(root, 'docs/reliability-figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
run([join(root, 'scripts/generate-reliability-doc.mjs')], 'inherit');
console.log(JSON.stringify(figures, null, 2));
process.exit(struck.violations.length > 0 || caught < mutants.length ? 1 : 0);

/** @returns what `npm run faults` prints; it shows its progress on stderr */
function faults(...args) {
  return run([join(root, 'scripts/faults.mjs'), ...args], ['ignore', 'pipe', 'inherit']);
}

/** What tests on a real API server count: invalid specs refused, replicas struck. */
function testFigures() {
  const folder = mkdtempSync(join(tmpdir(), 'smpl-'));
  const file = join(folder, 'figures.json');
  try {
    run([join(root, 'scripts/test.mjs'), '--project', 'kubernetes', 'corpus', '--figures', file]);
    const corpus = JSON.parse(readFileSync(file, 'utf8'));
    run([join(root, 'scripts/test.mjs'), '--project', 'process', 'ha/', '--figures', file]);
    return { ...corpus, ...JSON.parse(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(args, stdio = ['ignore', 'inherit', 'inherit']) {
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  // What the harness found is in its summary, and makes this program fail at its end.
  if (status !== 0 && !args.includes('--enumerate') && !args.includes('--mutants')) {
    throw new Error(`${args.join(' ')} ended with ${status}`);
  }
  return stdout ?? '';
}
