import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readLinkFiles } from '../../../src/cli/read-link-files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-files-'));
  await mkdir(join(folder, 'links/below'), { recursive: true });
  await mkdir(join(folder, 'none'));
  const names = ['links/b.yaml', 'links/a.yml', 'links/c.json', 'links/README.md'];
  for (const name of [...names, 'links/below/d.yaml', 'none/notes.txt']) {
    await writeFile(join(folder, name), name);
  }
});

afterAll(async () => rm(folder, { recursive: true, force: true }));

async function read(name: string, recursive?: true): Promise<readonly string[]> {
  const options = { filename: [join(folder, name)], ...(recursive ? { recursive } : {}) };
  return (await readLinkFiles(options)).map(({ text }) => text);
}

test('a folder is read as kubectl does: by name, YAML and JSON, not what is below', async () => {
  expect(await read('links')).toEqual(['links/a.yml', 'links/b.yaml', 'links/c.json']);
  expect(await read('links', true)).toContain('links/below/d.yaml');
  expect(await read('links/README.md')).toEqual(['links/README.md']);
});

test('a folder without such files, and a file that is not there, are named', async () => {
  await expect(read('none')).rejects.toThrow(/none has no file that ends in \.json/);
  await expect(read('missing.yaml')).rejects.toThrow(/missing\.yaml cannot be read: .*ENOENT/);
});

test('a file that is not text is named, whatever it is called', async () => {
  const archive = Buffer.from('1f8b0800000000000003ed9d', 'hex');
  await writeFile(join(folder, 'archive.yaml'), archive);
  await writeFile(join(folder, 'zeros.yaml'), Buffer.alloc(3));
  for (const name of ['archive.yaml', 'zeros.yaml']) {
    await expect(read(name)).rejects.toThrow(
      `${join(folder, name)} is not text in UTF-8: give a YAML or JSON file`,
    );
  }
});
