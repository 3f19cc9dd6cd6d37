import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { mappedStack } from '../../../src/runtime/mapped-stack.ts';
import { runProgram } from '../../environment/run-program.ts';

let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'smpl-stacks-')));
  await mkdir(join(folder, 'src'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const module = join(import.meta.dirname, '../../../src/runtime/mapped-stack.ts');

/** Bundles a program into one line; the path of its file. */
async function bundled(name: string, source: string): Promise<string> {
  const entry = join(folder, 'src', `${name}.ts`);
  await writeFile(entry, source);
  const outfile = join(folder, 'dist', `${name}.mjs`);
  const options = { bundle: true, platform: 'node', format: 'esm', minify: true } as const;
  await build({ ...options, entryPoints: [entry], outfile, sourcemap: 'linked' });
  return outfile;
}

test('places of a bundle are told as those of its sources', async () => {
  const file = await bundled('one', '\n\nconsole.log(1);\nthrow new Error("it");\n');
  const column = (await readFile(file, 'utf8')).indexOf('throw') + 1;
  const url = String(pathToFileURL(file));
  const stack = (where: string, inside: string): string =>
    `Error: it\n    at work (${where})\n    at async node:internal/a.mjs:1:2\n    at ${inside}`;
  expect(mappedStack(stack(`${url}:1:${column}`, 'file:///not/there.mjs:1:2'))).toBe(
    stack(`${join(folder, 'src', 'one.ts')}:4:1`, 'file:///not/there.mjs:1:2'),
  );
});

test('Node prints an error that nobody caught with the places of the sources', async () => {
  const source = `
import { mapUncaughtStacks } from ${JSON.stringify(module)};
mapUncaughtStacks();
setTimeout(() => {
  throw new TypeError('nobody catches it');
});
`;
  const command = [await bundled('two', source)];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { exitCode, stderr } = await runProgram(process.execPath, command, { env });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/TypeError: nobody catches it\n +at .*\/src\/two\.ts:5:\d+\)?$/m);
});
