import { createHash } from 'node:crypto';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { userCachePath, withFileLock } from './user-cache.ts';

/** Paths of the programs of a Python environment. */
export interface PythonEnvironment {
  readonly python: string;
  /** The AWS CLI. */
  readonly aws: string;
  readonly motoServer: string;
}

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/**
 * A Python environment with what a requirements file pins, made once and kept in the user's cache
 * by the content of that file. Throws when there is no Python 3 or pip fails.
 */
export async function ensurePythonEnvironment(
  requirements: string = REQUIREMENTS,
): Promise<PythonEnvironment> {
  const version = await mustRun('python3', ['--version']);
  const hash = createHash('sha256')
    .update(version)
    .update(await readFile(requirements));
  const folder = userCachePath('python', hash.digest('hex').slice(0, 16));
  if (!(await isComplete(folder))) {
    await withFileLock(`${folder}.lock`, async () => {
      if (!(await isComplete(folder))) await makeEnvironment(folder, requirements);
    });
  }
  const program = (name: string) => join(folder, 'bin', name);
  return { python: program('python'), aws: program('aws'), motoServer: program('moto_server') };
}

/** An environment knows its own path, so it is made in place and marked when it is whole. */
async function makeEnvironment(folder: string, requirements: string): Promise<void> {
  process.stderr.write('Making a Python environment for the tests, once: this takes a minute.\n');
  await rm(folder, { recursive: true, force: true });
  await mustRun('python3', ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await mustRun(join(folder, 'bin', 'python'), [...pip, '-r', requirements]);
  await writeFile(markerOf(folder), '');
}

async function mustRun(command: string, args: readonly string[]): Promise<string> {
  const result = await runProgram(command, args).catch((error: unknown) => {
    throw new Error(`${command} cannot be run; install Python 3.11 or newer: ${String(error)}`);
  });
  if (result.exitCode !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}

function markerOf(folder: string): string {
  return join(folder, 'complete');
}

async function isComplete(folder: string): Promise<boolean> {
  return access(markerOf(folder)).then(
    () => true,
    () => false,
  );
}
