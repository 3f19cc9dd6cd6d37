/**
 * Runs every scripts/generate-*.mjs. With --check nothing is written, and the exit code is 1 when
 * a generated file is out of date.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const generators = readdirSync(import.meta.dirname).filter((file) =>
  /^generate-.+\.mjs$/.test(file),
);

let failed = false;
for (const generator of generators.toSorted()) {
  const { status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, generator), ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
  );
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
