import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type ProgramResult, runProgram } from './run-program.ts';

const root = join(import.meta.dirname, '../..');

/** The shell blocks of a section of a page, in their order: those below `## heading`. */
export async function shellBlocksOf(page: string, heading: string): Promise<readonly string[]> {
  const text = await readFile(join(root, page), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${page} has no section "${heading}"`);
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

export interface Shell {
  run(script: string): Promise<ProgramResult>;
}

/**
 * A shell as the reader of a page has one, in the top folder of the repository.
 *
 * @param folder where its programs are put
 * @param programs a path for each command that the page uses
 * @param variables what the reader's environment has beside
 * @param cwd where the commands run: the top folder of the repository, or what looks like it
 */
export async function shellWith(
  folder: string,
  programs: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
  cwd: string = root,
): Promise<Shell> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  for (const [name, path] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\nexec '${path}' "$@"\n`);
    await chmod(join(bin, name), 0o755);
  }
  const env = {
    ...process.env,
    ...variables,
    HOME: folder,
    // The first bash of all, with a socket for its input, would take itself for one of rsh and read
    // the machine's bashrc, which is not made for `-u`.
    SHLVL: '1',
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
  };
  return {
    run: (script) => runProgram('bash', ['-euo', 'pipefail', '-c', script], { cwd, env }),
  };
}
