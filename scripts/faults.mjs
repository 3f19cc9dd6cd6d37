/**
 * `npm run faults`: see docs/reliability.md. `--mutants` breaks the operator in each way that
 * faults/mutants.json lists, in a bundle of its own, and shows the promise that catches it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
// Beside node_modules, where the bundle finds its packages.
const folder = mkdtempSync(resolve(root, 'node_modules/.faults-'));
try {
  process.exitCode = args[0] === '--mutants' ? await runMutants(args[1] ?? '') : await runProgram();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runProgram() {
  return start(await bundle('main', []), args, 'inherit').status ?? 1;
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
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
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
