import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** What a program said and how it ended. */
export interface ProgramResult {
  /** -1 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunProgramOptions {
  /** Given to the program on stdin; without it stdin is empty. */
  readonly input?: string;
  readonly cwd?: string;
  /** The whole environment; the one of this process when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the program when it aborts. */
  readonly signal?: AbortSignal;
}

/** Runs a program to its end. A non-zero exit code is a result; not being able to start throws. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: RunProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(command, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: options.env ?? process.env,
    signal: options.signal,
  });
  const exitCode = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  child.stdin.on('error', () => {}); // It may end without reading its input.
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exitCode,
  ]);
  return { exitCode: code, stdout, stderr };
}
