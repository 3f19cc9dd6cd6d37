import { dirname, join } from 'node:path';
import { findProgram } from './control-plane-programs.ts';
import { type ProgramResult, type RunProgramOptions, runProgram } from './run-program.ts';

export interface KubectlOptions extends RunProgramOptions {
  readonly kubeconfig: string;
}

/** Runs the real kubectl. A non-zero exit code is a result, not an error. */
export async function kubectl(
  args: readonly string[],
  options: KubectlOptions,
): Promise<ProgramResult> {
  // kubectl caches discovery by host and port, which the next test's server may reuse.
  const cache = join(dirname(options.kubeconfig), 'kubectl-cache');
  return runProgram(
    await findProgram('kubectl'),
    ['--kubeconfig', options.kubeconfig, '--cache-dir', cache, ...args],
    options,
  );
}
