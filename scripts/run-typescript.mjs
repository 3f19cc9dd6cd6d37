/**
 * Runs a TypeScript program of this repository: node scripts/run-typescript.mjs demo/main.ts ...
 *
 * Our own modules become one file, packages stay outside. The Node version that the project
 * supports cannot run TypeScript itself.
 */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { build } from 'esbuild';
import { ownFolder } from './own-folder.mjs';

const root = resolve(import.meta.dirname, '..');
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) throw new Error('usage: node scripts/run-typescript.mjs <file.ts> ...');

const outfile = resolve(root, 'dist', `${basename(dirname(entry))}-${basename(entry, '.ts')}.mjs`);
await mkdir(dirname(outfile), { recursive: true });
await build({
  entryPoints: [resolve(root, entry)],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  plugins: [ownFolder],
});
const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...args], {
  stdio: 'inherit',
  cwd: process.cwd(),
});
process.exitCode = status ?? 1;
