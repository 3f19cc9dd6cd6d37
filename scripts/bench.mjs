/**
 * `npm run bench [-- --links 20] [--vpcs 1] [--backend moto|simulator] [--aws-rates published|off] [--json]`
 * `npm run bench -- --scenario clients [--namespaces 500] [--burst 100] [--json]`
 * `npm run bench -- --scenario burst|idle [--links 2000] [--node /path/of/node] [--node-options='--cpu-prof'] [--json]`
 * `npm run bench -- --scenario storm|steady|drift|delete|restart|looks [--links 20] [--sweep-interval 10m] [--json]`
 * `npm run bench -- --scenario storm --links 20,50,100 --svg cost.svg`
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
const inVirtualTime = ['storm', 'steady', 'drift', 'delete', 'restart', 'edit', 'looks'];
// The shipped program itself is measured; what its build prints would only be in the way.
if (!args.some((one) => inVirtualTime.includes(one)))
  run('build.mjs', [], ['ignore', 'ignore', 'inherit']);
run('run-typescript.mjs', ['bench/main.ts', ...args], 'inherit');
