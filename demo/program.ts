/** The shipped program, as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ProgramResult } from '../test/environment/run-program.ts';

/** The bundle that `npm run build` makes. */
export const bundle = join(import.meta.dirname, '../dist/sagemaker-privatelink.mjs');

export interface RunningProgram {
  readonly pid: number;
  readonly ended: Promise<ProgramResult>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
}

/** Starts `sagemaker-privatelink <args>`. Throws when it cannot be started. */
export async function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<RunningProgram> {
  const child = spawn(process.execPath, [bundle, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  await once(child, 'spawn');
  const exit = once(child, 'close') as Promise<[number | null]>;
  const ended = Promise.all([text(child.stdout), text(child.stderr), exit]).then(
    ([stdout, stderr, [code]]) => ({ exitCode: code ?? -1, stdout, stderr }),
  );
  return {
    pid: child.pid as number,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
