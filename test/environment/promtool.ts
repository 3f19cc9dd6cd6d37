import { join } from 'node:path';
import { ensureGoProgram } from './go-program.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

const sources = join(import.meta.dirname, '../../tools/promtool');

/** Prometheus's own promtool, built once without its service discoveries: that takes minutes. */
export async function ensurePromtool(): Promise<string> {
  return ensureGoProgram(sources, {
    tool: 'github.com/prometheus/prometheus/cmd/promtool',
    tags: ['remove_all_sd'],
  });
}

/** Runs promtool in a folder. A non-zero exit code is a result, not an error. */
export async function promtool(args: readonly string[], cwd: string): Promise<ProgramResult> {
  return runProgram(await ensurePromtool(), args, { cwd });
}
