import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
const { updates } = parse(readFileSync(join(root, '.github/dependabot.yml'), 'utf8')) as {
  readonly updates: readonly {
    readonly 'package-ecosystem': string;
    readonly directory?: string;
    readonly directories?: readonly string[];
  }[];
};

/** The folders that an ecosystem is looked after in. */
function watched(ecosystem: string): readonly string[] {
  return updates
    .filter((update) => update['package-ecosystem'] === ecosystem)
    .flatMap(({ directory, directories = [] }) => [directory ?? [], directories].flat());
}

/** The folders of the repository with a file that an ecosystem reads. */
function folders(name: RegExp, ...within: readonly string[]): readonly string[] {
  const found = within.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => name.test(file))
      .map((file) => `/${dirname(join(folder, file))}`),
  );
  return [...new Set(found)].filter((folder) => !folder.startsWith('/tools/kube-apiserver/'));
}

describe('Dependabot watches every folder with', () => {
  test('a Go module, but for those of Kubernetes, whose versions are chosen', () => {
    expect(new Set(watched('gomod'))).toEqual(new Set(folders(/(^|\/)go\.mod$/, 'tools', 'test')));
  });

  test('requirements of Python', () => {
    const wanted = folders(/(^|\/)requirements[^/]*\.txt$/, 'tools', 'test', 'scripts');
    expect(new Set(watched('pip'))).toEqual(new Set(wanted));
  });
});

test('it waits for a week after a release everywhere', () => {
  expect(updates.map((update) => [update['package-ecosystem'], update])).toEqual(
    updates.map((update) => [
      update['package-ecosystem'],
      expect.objectContaining({ cooldown: { 'default-days': 7 } }),
    ]),
  );
});
