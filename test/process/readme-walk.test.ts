/** The README's walk without a cluster, line by line, in a shell. */
import { expect, jest, test } from '@jest/globals';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSimulateAws } from '../../src/simulator/simulate-aws.ts';
import { runProgram } from '../environment/run-program.ts';

jest.setTimeout(180_000);

const root = join(import.meta.dirname, '../..');

/** The shell blocks of a chapter of the README. */
async function blocksOf(chapter: string): Promise<readonly string[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, after = ''] = readme.split(`\n## ${chapter}\n`);
  const [text = ''] = after.split('\n## ');
  return [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? '');
}

test('works from its first line on, with what the simulator prints', async () => {
  const [start = '', walk = ''] = await blocksOf('Without a cluster');
  expect(start).toContain('simulate-aws --time-scale 20');
  const lines = walk.split('\n').filter((line) => line.includes('sagemaker-privatelink.mjs '));
  expect(lines).toHaveLength(3);

  const folder = await mkdtemp(join(tmpdir(), 'smpl-readme-'));
  await symlink(join(root, 'dist'), join(folder, 'dist'));
  const stop = new AbortController();
  const printed: string[] = [];
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve) => {
    const log = (line: string) => {
      printed.push(line);
      if (line === 'END') resolve();
    };
    ended = runSimulateAws({ timeScale: 600 }, { signal: stop.signal, log });
  });
  try {
    // Each command's exit code in a line of its own.
    const commands = walk.replaceAll(/^(node .*)$/gm, '$1\necho "exit code $?"');
    const script = [...printed, commands].join('\n');
    const { PATH = '' } = process.env;
    const { stdout, stderr } = await runProgram('bash', ['-c', script], {
      cwd: folder,
      env: { PATH, AWS_EC2_METADATA_DISABLED: 'true', HOME: folder },
    });
    expect({ codes: stdout.match(/^exit code .*$/gm), stderr }).toEqual({
      codes: ['exit code 2', 'exit code 0', 'exit code 0'],
      stderr: '',
    });
    expect(stdout).toContain('Ready=True');
  } finally {
    stop.abort();
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
});
