/**
 * `npm run bench [-- --help]`: builds what the scenario measures, and measures it (`bench/main.ts`).
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

function run(script, args, stdio) {
  const file = resolve(root, 'scripts', script);
  const { status } = spawnSync(process.execPath, [file, ...args], { stdio, cwd: root });
  if (status !== 0) process.exit(status ?? 1);
}

const args = process.argv.slice(2);
const withoutBuild = ['storm', 'steady', 'drift', 'delete', 'restart', 'edit', 'looks', '--help'];
// The shipped program itself is measured; what its build prints would only be in the way.
if (!args.some((one) => withoutBuild.includes(one)))
  run('build.mjs', [], ['ignore', 'ignore', 'inherit']);
run('run-typescript.mjs', ['bench/main.ts', ...args], 'inherit');
