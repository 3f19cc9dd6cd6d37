/**
 * Writes src/aws/client/generated/regions.ts, the regions that the AWS SDK in use knows. With --check it
 * writes nothing and exits 1 when the file is out of date.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const file = path.join(root, 'src/aws/client/generated/regions.ts');
const core = path.dirname(createRequire(import.meta.url).resolve('@aws-sdk/core/package.json'));
const source = 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';

// The SDK exports what is made of the table, and not the table. It is a module of one constant.
const text = await readFile(path.join(core, source), 'utf8');
const module = `data:text/javascript,${encodeURIComponent(text)}`;
const { partitionsInfo } = await import(module);
const regions = partitionsInfo.partitions
  .flatMap((partition) => Object.keys(partition.regions))
  .filter((region) => !region.endsWith('-global'))
  .toSorted();
if (regions.length < 30) throw new Error(`the SDK's table has only ${regions.length} regions`);

const wanted = `// Generated from the AWS SDK's partitions by scripts/generate-regions.mjs. Do not edit.

/** Regions of all partitions that the SDK in use knows; AWS may have newer ones. */
export const knownRegions: readonly string[] = [
${regions.map((region) => `  '${region}',\n`).join('')}];
`;
const actual = await readFile(file, 'utf8').catch(() => '');
if (!process.argv.includes('--check')) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, wanted);
} else if (wanted !== actual) {
  console.error('src/aws/client/generated/regions.ts is out of date: run npm run generate');
  process.exitCode = 1;
}
