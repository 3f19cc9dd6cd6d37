import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runProgram } from '../environment/run-program.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-bundle-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the bundle is one program that knows its version, far from its packages', async () => {
  // Not into dist/: other tests run the bundle that is there.
  const program = join(folder, 'sagemaker-privatelink.mjs');
  const build = ['scripts/build.mjs', '--outfile', program];
  const built = await runProgram(process.execPath, build, { cwd: root });
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });

  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const env = { ...process.env, NODE_OPTIONS: '' };
  const result = await runProgram(program, ['--version'], { env, cwd: folder });
  expect(result).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' });
});
