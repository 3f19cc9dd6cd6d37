import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runProgram } from '../environment/run-program.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-bundle-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Builds into a folder of its own and not into dist/: other tests run the bundle that is there. */
async function build(into: string, ...flags: readonly string[]): Promise<string> {
  const program = join(into, 'sagemaker-privatelink.mjs');
  const command = ['scripts/build.mjs', '--outfile', program, ...flags];
  const built = await runProgram(process.execPath, command, { cwd: root });
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
  return program;
}

/** Expects that the program, and what it loads later, runs far from its packages. */
async function expectToRun(program: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const env = { ...process.env, NODE_OPTIONS: '' };
  const version = await runProgram(program, ['--version'], { env, cwd: folder });
  expect(version).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' });
  const link = join(root, 'deploy/samples/notebook-access.yaml');
  const command = ['policy', '-f', link, '--endpoint', 'api=vpce-0a1b2c3d4e5f67890'];
  const policy = await runProgram(program, command, { env, cwd: folder });
  expect(policy).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('"Statement"') });
}

test('the bundle knows its version, far from its packages, and loads what a command needs', async () => {
  const program = await build(folder);
  await expectToRun(program);
  // As kubectl finds its plugins.
  const plugin = join(folder, 'plugins');
  await mkdir(plugin);
  await symlink(program, join(plugin, 'kubectl-smpl'));
  await expectToRun(join(plugin, 'kubectl-smpl'));
});

/** The parts with such a text in them. */
async function partsWith(pattern: RegExp): Promise<readonly string[]> {
  const parts = join(folder, 'parts');
  const names = (await readdir(parts)).filter((name) => name.endsWith('.mjs'));
  const texts = await Promise.all(names.map((name) => readFile(join(parts, name), 'utf8')));
  return names.filter((_, index) => pattern.test(texts[index] ?? ''));
}

test('the shapes of AWS operations that are not called stay out', async () => {
  expect(await partsWith(/"VpcEndpointSet"/)).not.toEqual([]);
  expect(await partsWith(/"SpotFleetRequestConfig"/)).toEqual([]);
});

test('no part imports node:http, which has Node load its client of the web', async () => {
  expect(await partsWith(/from ?"node:https"/)).not.toEqual([]);
  expect(await partsWith(/from ?"(node:)?http"/)).toEqual([]);
});

test('parts of an earlier build go, and those of this one stay', async () => {
  const parts = join(folder, 'parts');
  const before = await readdir(parts);
  await writeFile(join(parts, 'former-ABCDEFGH.mjs'), '');
  await expectToRun(await build(folder));
  expect((await readdir(parts)).sort()).toEqual(before.sort());
});

test('another build of the same sources leaves every file alone, for programs that run meanwhile', async () => {
  const filesOf = async (): Promise<readonly (readonly [string, number, number])[]> => {
    const names = await readdir(folder, { recursive: true });
    const files = names.filter((name) => /\.(mjs|map)$/.test(name)).sort();
    const stats = await Promise.all(files.map((name) => stat(join(folder, name))));
    return stats.map(({ ino, mtimeMs }, index) => [files[index] ?? '', ino, mtimeMs] as const);
  };
  const before = await filesOf();
  expect(before.length).toBeGreaterThan(10);
  await build(folder);
  expect(await filesOf()).toEqual(before);
});

test('as one file the program needs nothing beside it', async () => {
  const built = await build(join(folder, 'single'), '--single');
  const alone = join(folder, 'alone.mjs');
  await cp(built, alone);
  await expectToRun(alone);
});

test('the licences and the bill of materials beside it name the same packages', async () => {
  const notices = await readFile(join(folder, 'third-party-notices.txt'), 'utf8');
  const bill = JSON.parse(await readFile(join(folder, 'sbom.cdx.json'), 'utf8'));
  const components = bill.components as { group?: string; name: string; version: string }[];
  const named = components.map(({ group, name, version }) =>
    [group, `${name}@${version}`].filter(Boolean).join('/'),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(notices.match(/^(@[\w.-]+\/)?[\w.-]+@\d[\w.-]* \(/gm)).toHaveLength(named.length);
  for (const id of named) expect(notices).toContain(`\n${id} (`);
  // Some that are bundled for sure, one that is not shipped.
  for (const name of ['@aws-sdk/client-ec2', 'commander', 'pino', 'yaml']) {
    expect(named.some((id) => id.startsWith(`${name}@`))).toBe(true);
  }
  for (const name of ['jest', 'undici']) {
    expect(named.some((id) => id.startsWith(`${name}@`))).toBe(false);
  }
});

test('the image is built from what the Dockerfile copies, and from nothing else', async () => {
  const context = join(folder, 'context');
  const lines = (await readFile(join(root, 'Dockerfile'), 'utf8')).split('\n');
  const [build = [], image = []] = stagesOf(lines);
  for (const source of sourcesOf(build)) {
    await cp(join(root, source), join(context, source), { recursive: true });
  }
  for (const source of sourcesOf(image)) {
    await cp(join(root, source), join(context, 'image', source), { recursive: true });
  }
  expect(await ignoredByDocker([...sourcesOf(build), ...sourcesOf(image)])).toEqual([]);
  await symlink(join(root, 'node_modules'), join(context, 'node_modules'));
  const command =
    build
      .find((line) => line.startsWith('RUN node '))
      ?.split(' ')
      .slice(2) ?? [];
  const built = await runProgram(process.execPath, command, { cwd: context });
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
  const program = join(context, 'dist/sagemaker-privatelink.mjs');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const help = await runProgram(program, ['operator', '--help'], { env, cwd: folder });
  expect(help).toMatchObject({ exitCode: 0, stderr: '' });
});

/** The lines of each stage of a Dockerfile. */
function stagesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const starts = lines.flatMap((line, index) => (line.startsWith('FROM ') ? [index] : []));
  return starts.map((start, index) => lines.slice(start, starts[index + 1]));
}

/** What a stage copies out of the repository. */
function sourcesOf(stage: readonly string[]): readonly string[] {
  return stage
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
}

/** Those that .dockerignore, which lists what is let in, keeps from the builder. */
async function ignoredByDocker(sources: readonly string[]): Promise<readonly string[]> {
  const lines = (await readFile(join(root, '.dockerignore'), 'utf8')).split('\n');
  const letIn = new Set(lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1)));
  return sources.filter((source) => !letIn.has(source) && !letIn.has(dirname(source)));
}

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
  expect(result.stderr).toMatch(/^ +at .*\/src\/main\.ts:\d+:\d+\)?$/m);
});
