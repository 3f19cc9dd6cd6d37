/** Every page with commands has a test that takes them from it: see test/environment/guide-commands.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
/** Their commands are read in other ways: test/process/migration-guide.test.ts, and test/process/incidents. */
const readOtherwise = ['docs/migration.md', 'docs/troubleshooting.md'];
const self = 'unit/scripts/followed-pages.test.ts';

function texts(folder: string, isWanted: (name: string) => boolean): Map<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const wanted = names.filter(isWanted);
  return new Map(wanted.map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]));
}

test('the commands of every page are taken from it by a test', () => {
  const pages = texts('docs', (name) => name.endsWith('.md') && !name.startsWith('decisions'));
  const withCommands = [...pages].flatMap(([name, text]) =>
    /^```sh$/m.test(text) ? [`docs/${name}`] : [],
  );
  expect(withCommands.length).toBeGreaterThan(10);
  const tests = [...texts('test', (name) => name.endsWith('.ts') && name !== self).values()];
  const isFollowed = (page: string): boolean =>
    tests.some((text) => text.includes(page) && text.includes('shellBlocksOf('));
  expect(withCommands.filter((page) => !isFollowed(page))).toEqual(readOtherwise);
});
