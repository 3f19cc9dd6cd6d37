import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findProgram } from './control-plane-programs.ts';

/** What a `kubectl` call said and how it ended. */
export interface KubectlResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  readonly kubeconfig: string;
  /** Given to kubectl on stdin, as for `apply -f -`. */
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs the real kubectl. A non-zero exit code is a result, not an error. */
export async function kubectl(
  args: readonly string[],
  options: KubectlOptions,
): Promise<KubectlResult> {
  const program = await findProgram('kubectl');
  // kubectl caches discovery by host and port, which the next test's server may reuse.
  const cache = join(dirname(options.kubeconfig), 'kubectl-cache');
  const child = spawn(
    program,
    ['--kubeconfig', options.kubeconfig, '--cache-dir', cache, ...args],
    { stdio: ['pipe', 'pipe', 'pipe'], cwd: options.cwd },
  );
  const exitCode = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  child.stdin.on('error', () => {}); // kubectl may end without reading its input.
  child.stdin.end(options.input ?? '');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exitCode, stdout, stderr };
}
