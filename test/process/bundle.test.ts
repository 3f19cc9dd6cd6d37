import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

test("an internal error's stack names files and lines of src", async () => {
  const broken = join(folder, 'broken.mjs');
  await writeFile(broken, "process.stdout.write = () => { throw new TypeError('broken'); };");
  const link = 'deploy/samples/notebook-access.yaml';
  const result = await runProgram(
    join(root, 'dist/sagemaker-privatelink.mjs'),
    ['policy', '-f', link, '--endpoint', 'api=vpce-0a1b2c3d4e5f67890'],
    { env: { ...process.env, NODE_OPTIONS: `--import=${broken}` }, cwd: root },
  );
  expect(result).toMatchObject({ exitCode: 1, stdout: '' });
  expect(result.stderr).toMatch(/^error: TypeError: broken$/m);
  expect(result.stderr).toMatch(/^ +at .*\/src\/cli\/commands\/notebook-commands\.ts:\d+:\d+\)$/m);
  expect(result.stderr).toMatch(/^ +at .*\/src\/main\.ts:\d+:\d+\)$/m);
});
