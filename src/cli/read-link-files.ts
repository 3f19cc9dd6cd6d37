/** The files that `-f` names, as kubectl reads them. */
import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { LinkFile } from '../standalone/link-documents.ts';
import { UserError } from '../runtime/user-error.ts';

export interface FileOptions {
  readonly filename: readonly string[];
  readonly recursive?: true;
}

/** Of a folder kubectl takes these files only. */
const extensions = ['.json', '.yaml', '.yml'];

/**
 * Reads every file, in the order given, those of a folder by name.
 *
 * @throws UserError for one that cannot be read or is not text, and for a folder without any
 */
export async function readLinkFiles(options: FileOptions): Promise<readonly LinkFile[]> {
  const files: LinkFile[] = [];
  for (const name of options.filename) files.push(...(await readOne(name, options)));
  return files;
}

async function readOne(name: string, { recursive }: FileOptions): Promise<readonly LinkFile[]> {
  if (name === '-') return [textFile('standard input', await buffer(process.stdin))];
  try {
    if (!(await stat(name)).isDirectory()) return [await readLinkFile(name)];
    const names = await filesIn(name, recursive === true);
    if (names.length === 0) {
      throw new UserError(`${name} has no file that ends in ${extensions.join(', ')}`);
    }
    return await Promise.all(names.map(readLinkFile));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${name} cannot be read: ${why}`);
  }
}

async function filesIn(folder: string, recursive: boolean): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive });
  return entries
    .filter((entry) => !entry.isDirectory() && extensions.some((one) => entry.name.endsWith(one)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function readLinkFile(fileName: string): Promise<LinkFile> {
  return textFile(fileName, await readFile(fileName));
}

/** A parser takes an archive or a picture for text, and quotes all of it. */
function textFile(fileName: string, content: Buffer): LinkFile {
  if (isUtf8(content) && !content.includes(0)) return { fileName, text: content.toString('utf8') };
  throw new UserError(`${fileName} is not text in UTF-8: give a YAML or JSON file`);
}
