import { createHash } from 'node:crypto';
import { access, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { userCachePath, withFileLock } from './user-cache.ts';

/** How long building a large program may take on a machine that does other work beside, in milliseconds. */
export const goBuildMs = 1_200_000;

export interface GoProgramOptions {
  /** A package that the sources' module requires as a tool. @default the sources themselves */
  readonly tool?: string;
  /** Build tags. */
  readonly tags?: readonly string[];
}

/** The program of a folder with Go sources, built once for each content of the folder. */
export async function ensureGoProgram(
  sources: string,
  { tool = '.', tags = [] }: GoProgramOptions = {},
): Promise<string> {
  const hash = createHash('sha256').update([tool, ...tags].filter((word) => word !== '.').join());
  for (const file of (await readdir(sources)).toSorted()) {
    hash.update(file).update(await readFile(join(sources, file)));
  }
  const program = userCachePath('go-clients', hash.digest('hex').slice(0, 16));
  if (await exists(program)) return program;
  await withFileLock(`${program}.lock`, async () => {
    if (await exists(program)) return;
    // Unoptimised: the SDK's client of EC2 takes minutes to compile otherwise.
    const flags = ['-gcflags=all=-N -l', '-ldflags=-s -w', '-o', `${program}.new`];
    const tagged = tags.length > 0 ? ['-tags', tags.join(',')] : [];
    await mustRun('go', ['build', '-C', sources, ...tagged, ...flags, tool]);
    await rename(`${program}.new`, program);
  });
  return program;
}

/**
 * The folder of a module that the Go sources require, downloaded into Go's cache where it is not
 * there yet: for files of it that are no code.
 */
export async function goModuleFolder(sources: string, module: string): Promise<string> {
  const told = await mustRun('go', ['-C', sources, 'mod', 'download', '-json', module]);
  return (JSON.parse(told) as { readonly Dir: string }).Dir;
}

async function mustRun(command: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(command, args);
  if (exitCode === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
