import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { findProgram } from '../../../environment/control-plane-programs.ts';
import { loadClusterCredentials } from '../../../../src/kubernetes/credentials/kube-config.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

const variables = ['KUBECONFIG', 'HOME', 'KUBERNETES_SERVICE_HOST'];
const saved = variables.map((name) => [name, process.env[name]] as const);
const cwd = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smpl-kube-config-'));
  process.env['HOME'] = folder;
  delete process.env['KUBERNETES_SERVICE_HOST'];
});
afterEach(() => process.chdir(cwd));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => {
  for (const [name, value] of saved) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

interface FileContent {
  readonly currentContext?: string | undefined;
  readonly clusters?: Readonly<Record<string, string>>;
  readonly contexts?: Readonly<Record<string, { readonly cluster: string; readonly user: string }>>;
  readonly users?: Readonly<Record<string, string>>;
}

function write(name: string, { currentContext, clusters, contexts, users }: FileContent): string {
  const path = join(folder, name);
  const named = (part: string, entries: object = {}) =>
    Object.entries(entries).map(([key, value]) => ({ name: key, [part]: value }));
  const server = Object.entries(clusters ?? {}).map(([key, value]) => [key, { server: value }]);
  const token = Object.entries(users ?? {}).map(([key, value]) => [key, { token: value }]);
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    ...(currentContext === undefined ? {} : { 'current-context': currentContext }),
    clusters: named('cluster', Object.fromEntries(server)),
    contexts: named('context', contexts),
    users: named('user', Object.fromEntries(token)),
  };
  writeFileSync(path, stringify(content));
  return path;
}

async function loaded(...paths: readonly string[]): Promise<readonly [string, unknown]> {
  process.env['KUBECONFIG'] = paths.join(delimiter);
  const credentials = loadClusterCredentials(
    { from: 'default' },
    createVirtualClock(),
    process.env,
  );
  const { headers } = await credentials.current();
  return [credentials.server, headers['authorization']];
}

describe('several files', () => {
  const first: FileContent = {
    currentContext: 'main',
    clusters: { c: 'https://10.0.0.1' },
    contexts: { main: { cluster: 'c', user: 'u' } },
  };
  const second: FileContent = {
    currentContext: 'other',
    clusters: { c: 'https://10.0.0.2', d: 'https://10.0.0.3' },
    contexts: { main: { cluster: 'd', user: 'u' }, other: { cluster: 'd', user: 'u' } },
    users: { u: 'of-the-second' },
  };

  test('the first to say something decides, and they fill each other up', async () => {
    const paths = [write('one', first), write('two', second)];
    expect(await loaded(...paths)).toEqual(['https://10.0.0.1', 'Bearer of-the-second']);
  });

  test('a file that is not there is skipped, as is an empty one', async () => {
    writeFileSync(join(folder, 'empty'), '');
    const paths = [join(folder, 'none'), join(folder, 'empty'), write('two', second)];
    expect(await loaded(...paths)).toEqual(['https://10.0.0.3', 'Bearer of-the-second']);
  });

  test.each([
    ['nothing at all', () => [join(folder, 'none')], 'no configuration found: there is no'],
    [
      'a list of the wrong kind',
      () => [write('one', { contexts: {} }), writeText('two', 'users: many')],
      'two: users is not a list',
    ],
    ['a name that is a number', () => [writeText('one', 'users: [{name: 1}]')], 'users[0].name'],
    [
      'a name that is there twice',
      () => [writeText('one', 'users: [{name: u}, {name: u}]')],
      'users[1]: the name "u" is there twice',
    ],
    ['no YAML', () => [writeText('one', 'a: [')], 'one is not YAML'],
    [
      'a user of nowhere',
      () => [write('one', first)],
      'context "main" names the user "u", who is not there',
    ],
  ])('%s is named', async (_, paths, message) => {
    await expect(loaded(...paths())).rejects.toThrow(message);
  });
});

test('paths are meant from the folder of their file, also of one that is named from here', async () => {
  writeText('plugin', `#!/bin/sh\necho '{"status":{"token":"of-the-plugin"}}'\n`);
  chmodSync(join(folder, 'plugin'), 0o700);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin' };
  const path = write('one', {
    currentContext: 'main',
    clusters: { c: 'https://10.0.0.1' },
    contexts: { main: { cluster: 'c', user: 'u' } },
  });
  writeFileSync(
    path,
    `${readFileSync(path, 'utf8').replace('users: []', '')}
users: ${JSON.stringify([{ name: 'u', user: { exec } }])}
`,
  );
  const here = relative(process.cwd(), path);
  expect(await loaded(here)).toEqual(['https://10.0.0.1', 'Bearer of-the-plugin']);
  process.chdir(folder);
  expect(await loaded('one')).toEqual(['https://10.0.0.1', 'Bearer of-the-plugin']);
});

function writeText(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const names = fc.constantFrom('a', 'b', 'c');
const file: fc.Arbitrary<FileContent> = fc.record({
  currentContext: fc.option(names, { nil: undefined }),
  clusters: fc.dictionary(
    names,
    fc.ipV4().map((address) => `https://${address}`),
  ),
  contexts: fc.dictionary(names, fc.record({ cluster: names, user: names })),
  users: fc.dictionary(names, fc.stringMatching(/^[a-z]{1,8}$/)),
});

test('any set of files is read as kubectl reads it', async () => {
  const kubectl = await findProgram('kubectl');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(file, { freq: 5 }), { minLength: 1, maxLength: 3 }),
      async (files) => {
        const paths = files.map((content, index) =>
          content === null ? join(folder, 'none') : write(`file-${index}`, content),
        );
        const ours = await loaded(...paths).catch(() => 'refused');
        expect(ours).toEqual(seenByKubectl(kubectl, paths));
      },
    ),
    { numRuns: 25 },
  );
});

interface View {
  readonly clusters?: readonly { readonly cluster: { readonly server?: string } }[] | null;
  readonly users?: readonly { readonly user: { readonly token?: string } }[] | null;
  readonly 'current-context'?: string;
}

/** The server and the token by which kubectl would go. */
function seenByKubectl(
  kubectl: string,
  paths: readonly string[],
): readonly [string, string] | 'refused' {
  const args = ['config', 'view', '--raw', '--minify', '-o', 'json'];
  const env = { ...process.env, KUBECONFIG: paths.join(delimiter) };
  try {
    const text = execFileSync(kubectl, args, { env, encoding: 'utf8', stdio: 'pipe' });
    const { clusters, users } = JSON.parse(text) as View;
    const [server, token] = [clusters?.[0]?.cluster.server, users?.[0]?.user.token];
    return server === undefined || token === undefined ? 'refused' : [server, `Bearer ${token}`];
  } catch {
    return 'refused';
  }
}
