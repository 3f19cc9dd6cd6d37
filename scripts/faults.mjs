/**
 * `npm run faults`: see docs/reliability.md. The runs are shared out to `--workers` processes (one
 * per processor core by default). `--mutants` breaks the operator in each way that
 * faults/mutants.json lists, in a bundle of its own, and shows the promise that catches it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
// Beside node_modules, where the bundle finds its packages.
const folder = mkdtempSync(resolve(root, 'node_modules/.faults-'));
try {
  process.exitCode = args[0] === '--mutants' ? await runMutants(args[1] ?? '') : await runProgram();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @returns the exit code: 1 if any worker found something */
async function runProgram() {
  const { workers, rest } = workersOf(args);
  const file = await bundle('main', []);
  if (workers === 1) return start(file, rest, 'inherit').status ?? 1;
  const shards = Array.from({ length: workers }, (_, shard) => `${shard}/${workers}`);
  const parts = await Promise.all(
    shards.map((shard) => runShard(file, [...rest, '--shard', shard])),
  );
  const summary = parts.map(({ stdout }) => JSON.parse(stdout)).reduce(joined);
  const { violations, byScenario: _rows, ...figures } = summary;
  console.log(
    rest.includes('--json')
      ? JSON.stringify(summary, null, 2)
      : JSON.stringify({ ...figures, violations: violations.length }),
  );
  return Math.max(...parts.map(({ status }) => status));
}

/** `--workers N` is ours; a single run needs no more than one. */
function workersOf(all) {
  const at = all.indexOf('--workers');
  const rest = at < 0 ? all : all.toSpliced(at, 2);
  if (all.includes('--replay')) return { workers: 1, rest };
  return { workers: at < 0 ? availableParallelism() : Number(all[at + 1]), rest };
}

/** All workers know all scenarios and calls; the runs are theirs alone. */
function joined(one, other) {
  return {
    ...one,
    runs: one.runs + other.runs,
    faults: one.faults + other.faults,
    seeds: one.seeds + other.seeds,
    seconds: Math.max(one.seconds, other.seconds),
    violations: [...one.violations, ...other.violations],
    byScenario: Object.fromEntries(
      Object.entries(one.byScenario).map(([name, row]) => {
        const others = other.byScenario[name];
        const runs = row.runs + others.runs;
        return [name, { ...row, runs, violations: row.violations + others.violations }];
      }),
    ),
  };
}

function runShard(file, programArgs) {
  const child = spawn(process.execPath, [file, ...programArgs, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (status) => {
      if (stdout === '') fail(new Error(`a worker ended with ${status} and no summary`));
      else settle({ status: status ?? 1, stdout });
    });
  });
}

/** @returns how many mutants no promise caught */
async function runMutants(wanted) {
  const mutants = JSON.parse(readFileSync(resolve(root, 'faults/mutants.json'), 'utf8'));
  let survivors = 0;
  for (const [index, mutant] of mutants.entries()) {
    if (!mutant.name.includes(wanted)) continue;
    const changes = [mutant, ...(mutant.also === undefined ? [] : [mutant.also])];
    const file = await bundle(`mutant-${index}`, changes);
    const { status } = start(file, [...mutant.run, '--expect', mutant.caughtBy], 'pipe');
    if (status !== 0) survivors += 1;
    console.log(`${status === 0 ? 'caught' : 'SURVIVED'} ${mutant.caughtBy}: ${mutant.name}`);
  }
  return survivors;
}

function start(file, programArgs, stdio) {
  return spawnSync(process.execPath, [file, ...programArgs], { stdio, env });
}

async function bundle(name, changes) {
  const outfile = resolve(folder, `${name}.mjs`);
  await build({
    entryPoints: [resolve(root, 'faults/main.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // No source map: Node would look up each stack trace, and a run makes many errors.
    logLevel: 'warning',
    plugins: [sourceChanges(changes)],
  });
  return outfile;
}

/** Replaces text of the sources in the bundle; the files themselves stay as they are. */
function sourceChanges(changes) {
  return {
    name: 'source-changes',
    setup({ onLoad }) {
      for (const file of new Set(changes.map((change) => change.file))) {
        const path = resolve(root, file);
        const filter = new RegExp(`^${path.replace(/[.+]/g, '\\$&')}$`);
        onLoad({ filter }, async () => {
          let contents = await readFile(path, 'utf8');
          for (const { from, to } of changes.filter((change) => change.file === file)) {
            if (!contents.includes(from)) throw new Error(`${file} does not have ${from}`);
            contents = contents.replace(from, () => to);
          }
          return { contents, loader: 'ts' };
        });
      }
    },
  };
}
