import { expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureGoProgram } from '../../environment/go-program.ts';
import { type ProgramResult, runProgram } from '../../environment/run-program.ts';

const root = join(import.meta.dirname, '../../..');
const workflows = join(root, '.github/workflows');

/** Runs actionlint, built once; without ShellCheck, which not every machine has. */
async function actionlint(...files: readonly string[]): Promise<ProgramResult> {
  const tool = 'github.com/rhysd/actionlint/cmd/actionlint';
  const program = await ensureGoProgram(join(root, 'tools/actionlint'), { tool });
  return runProgram(program, ['-shellcheck=', '-pyflakes=', '-no-color', ...files], { cwd: root });
}

test('actionlint finds nothing in the workflows', async () => {
  const files = (await readdir(workflows)).map((file) => join(workflows, file));
  expect(files.length).toBeGreaterThan(0);
  expect(await actionlint(...files)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
});

test('it would find a context that does not exist', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smpl-workflows-'));
  try {
    const text = await readFile(join(workflows, 'test.yml'), 'utf8');
    const broken = join(folder, 'test.yml');
    await writeFile(broken, text.replace('github.event_name', 'github.no_such_name'));
    const { exitCode, stdout } = await actionlint(broken);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('no_such_name');
  } finally {
    await rm(folder, { recursive: true });
  }
});
