/** `npm run demo [-- --json] [-- --cluster | -- --no-cluster]` */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);

function run(script, scriptArgs, stdio) {
  const { status } = spawnSync(
    process.execPath,
    [resolve(root, 'scripts', script), ...scriptArgs],
    {
      stdio,
      cwd: root,
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}

// The shipped program itself runs; what its build prints would only be in the way.
run('build.mjs', [], ['ignore', 'ignore', 'inherit']);
run('run-typescript.mjs', ['demo/main.ts', ...args], 'inherit');
