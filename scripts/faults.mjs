/** `npm run faults -- [--seeds N] [--first-seed K] [--all] [--replay seed] [--mutants] [--json]` */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const outfile = resolve(root, 'dist/faults-main.mjs');
await mkdir(resolve(root, 'dist'), { recursive: true });
await build({
  entryPoints: [resolve(root, process.env.FAULTS_ENTRY ?? 'faults/main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // No source map: Node would look up each stack trace, and a run makes many errors.
  logLevel: 'warning',
});
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
process.exitCode = status ?? 1;
