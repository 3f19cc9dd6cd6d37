import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledPackages } from '../../../scripts/bundled-packages.mjs';
import { thirdPartyNotices } from '../../../scripts/third-party-notices.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smpl-packages-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Given {
  readonly folder?: string;
  readonly version?: string;
  readonly license?: unknown;
  readonly repository?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** Installs a package; the path of a file of it. */
function install(name: string, given: Given = {}): string {
  const { folder = 'node_modules', version = '1.0.0', license = 'MIT', repository } = given;
  const path = join(folder, name);
  mkdirSync(join(root, path), { recursive: true });
  const manifest = { name, version, license, ...(repository && { repository }) };
  writeFileSync(join(root, path, 'package.json'), JSON.stringify(manifest));
  for (const [file, text] of Object.entries(given.files ?? { LICENSE: `${name} may be used` })) {
    writeFileSync(join(root, path, file), text);
  }
  return join(path, 'index.js');
}

/** esbuild's account of a bundle of these files, each with so many bytes in it. */
function bundleOf(bytesByFile: Readonly<Record<string, number>>) {
  const inputs = Object.entries(bytesByFile).map(
    ([file, bytesInOutput]) => [file, { bytesInOutput }] as const,
  );
  return { outputs: { 'dist/program.mjs': { inputs: Object.fromEntries(inputs) } } };
}

const idsOf = (packages: readonly { readonly id: string }[]) => packages.map(({ id }) => id);

test('packages with code in the bundle are named, once for each version', () => {
  const one = install('one');
  const scoped = install('@scope/two', { version: '2.1.0' });
  const nested = install('one', {
    folder: 'node_modules/@scope/two/node_modules',
    version: '0.9.0',
  });
  const unused = install('unused');
  const packages = bundledPackages(
    bundleOf({ 'src/main.ts': 10, [one]: 5, [scoped]: 5, [nested]: 5, [unused]: 0 }),
    root,
  );
  expect(idsOf(packages)).toEqual(['@scope/two@2.1.0', 'one@0.9.0', 'one@1.0.0']);
});

test.each([['GPL-3.0-only'], [undefined], ['(MIT OR GPL-3.0)'], [{ type: 'MIT' }]])(
  'the licence %j is not shipped unasked',
  (license) => {
    const file = install('one', { license: license ?? null });
    expect(() => bundledPackages(bundleOf({ [file]: 1 }), root)).toThrow(/^one@1\.0\.0 has the/);
  },
);

test('a package without a licence text is refused by name', () => {
  const file = install('one', { files: {} });
  expect(() => bundledPackages(bundleOf({ [file]: 1 }), root)).toThrow(
    'one@1.0.0 has no licence text',
  );
});

test('the licence of its repository stands for a package that was published without', () => {
  const repository = 'https://example.com/repository.git';
  const bare = install('bare', { repository, files: {} });
  const whole = install('whole', { repository });
  const packages = bundledPackages(bundleOf({ [bare]: 1, [whole]: 1 }), root);
  expect(packages.map(({ text }) => text)).toEqual(['whole may be used', 'whole may be used']);
});

test('a licence of another kind in that repository does not', () => {
  const repository = 'https://example.com/repository.git';
  const bare = install('bare', { repository, files: {}, license: 'Apache-2.0' });
  const whole = install('whole', { repository });
  expect(() => bundledPackages(bundleOf({ [bare]: 1, [whole]: 1 }), root)).toThrow(/^bare@/);
});

test('the notices hold each text once, a NOTICE file with it', () => {
  const files = { LICENSE: 'the same text', NOTICE: 'made by many' };
  const one = install('one', { files });
  const two = install('two', { files });
  const notices = thirdPartyNotices(bundledPackages(bundleOf({ [one]: 1, [two]: 1 }), root));
  expect(notices).toContain('one@1.0.0 (MIT)\ntwo@1.0.0 (MIT)\n\nthe same text\n\nmade by many');
  expect(notices.split('the same text')).toHaveLength(2);
});
