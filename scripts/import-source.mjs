/** Modules of the repository, imported by a script that Node could not run them for: bundled first. */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
let imports = 0;

/**
 * @param contents TypeScript with imports and exports, as of a file in the root folder
 * @returns its exports
 */
export async function importSource(contents) {
  imports += 1;
  const outfile = join(root, `node_modules/.import-${process.pid}-${imports}.mjs`);
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}
