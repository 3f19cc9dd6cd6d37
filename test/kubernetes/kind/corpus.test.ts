import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { count } from '../../environment/figures.ts';
import { kubectl } from '../../environment/kubectl.ts';
import type { ProgramResult } from '../../environment/run-program.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { readSpecs } from '../../specs/read-specs.ts';
import { askServer, installKind } from './install-kind.ts';

const server = sharedApiServer('kubernetes');

beforeAll(async () => installKind(server));

function readOne(text: string): unknown {
  return parseLinks(text, 'link.yaml')[0]?.object;
}

function offlineSays(object: unknown): readonly string[] {
  return validateLink(object).violations.map(({ message }) => message);
}

test.each(readSpecs('valid'))('the API server accepts $name', async ({ text }) => {
  expect(await askServer(server, readOne(text))).toEqual([]);
});

test.each(readSpecs('invalid'))(
  'F16: the API server refuses $name in the expected words, and offline says the same',
  async ({ text, expected }) => {
    const object = readOne(text);
    const complaints = await askServer(server, object);
    for (const words of expected) expect(complaints).toContainEqual(expect.stringContaining(words));
    // The server goes through Go maps, in no particular order.
    expect([...offlineSays(object)].sort()).toEqual([...complaints].sort());
    count('invalid specs refused by the API server');
  },
);

function createAll(folder: 'valid' | 'invalid'): Promise<ProgramResult> {
  const path = join(import.meta.dirname, '../../specs', folder);
  return kubectl(['create', '--dry-run=server', '-o', 'json', '-f', path], server);
}

test('what kubectl and the server make of the valid files is what is read offline', async () => {
  const created = await createAll('valid');
  expect(created).toMatchObject({ exitCode: 0, stderr: '' });
  const items = created.stdout
    .split(/(?<=^\})\n/m)
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as { spec: unknown });
  const offline = readSpecs('valid').map(({ text }) => validateLink(readOne(text)).link.spec);
  expect(items.map(({ spec }) => spec)).toEqual(JSON.parse(JSON.stringify(offline)));
});

test('F16: kubectl refuses each invalid file', async () => {
  const created = await createAll('invalid');
  expect(created).toMatchObject({ exitCode: 1, stdout: '' });
  const expected = readSpecs('invalid').flatMap((each) => each.expected);
  for (const words of expected) expect(created.stderr).toContain(words);
});
