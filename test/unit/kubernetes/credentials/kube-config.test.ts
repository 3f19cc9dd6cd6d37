import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { createSelfSignedCertificate } from '../self-signed-certificate.ts';
import { loadClusterCredentials } from '../../../../src/kubernetes/credentials/kube-config.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-kube-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(user: object, cluster: object = {}, context?: string) {
  const path = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443/', ...cluster } }],
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u', namespace: 'ns' } }],
    users: [{ name: 'u', user }],
  };
  await writeFile(path, stringify(config));
  const clock = createVirtualClock();
  const source = { from: 'file', path, ...(context === undefined ? {} : { context }) } as const;
  return { clock, credentials: loadClusterCredentials(source, clock, {}) };
}

const own = createSelfSignedCertificate('cluster CA', '10.0.0.1');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('a token and a certificate authority', async () => {
  const data = base64(`the CA of the cluster\n${own.cert}`);
  const { credentials } = await load({ token: 'abc' }, { 'certificate-authority-data': data });
  expect([credentials.server, credentials.namespace]).toEqual(['https://10.0.0.1:6443', 'ns']);
  const { headers, tls } = await credentials.current();
  expect(headers).toEqual({ authorization: 'Bearer abc' });
  expect(String(tls.ca)).toContain(own.cert.trim());
});

test('a user name and a password', async () => {
  const { credentials } = await load({ username: 'me', password: 'pw' });
  expect((await credentials.current()).headers).toEqual({ authorization: 'Basic bWU6cHc=' });
});

test('a token file, from the folder of its file, is read again after a 401', async () => {
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, 'first\n');
  const { credentials } = await load({ tokenFile: 'token', token: 'older' });
  const header = async () => (await credentials.current()).headers['authorization'];
  expect(await header()).toBe('Bearer first');
  await writeFile(tokenFile, 'second');
  expect(await header()).toBe('Bearer first');
  await credentials.reload();
  expect(await header()).toBe('Bearer second');
});

test('an exec plugin runs once for many requests, and again after a 401', async () => {
  const counter = join(folder, 'runs');
  const script = `
    const fs = require('fs');
    fs.appendFileSync(${JSON.stringify(counter)}, 'x');
    const token = 'token-' + fs.readFileSync(${JSON.stringify(counter)}, 'utf8').length;
    console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));
  `;
  const apiVersion = 'client.authentication.k8s.io/v1';
  const { credentials } = await load({
    exec: { apiVersion, command: process.execPath, args: ['-e', script] },
  });
  const all = await Promise.all([1, 2, 3].map(() => credentials.current()));
  expect(all.map(({ headers }) => headers['authorization'])).toEqual(
    Array(3).fill('Bearer token-1'),
  );
  await credentials.reload();
  expect((await credentials.current()).headers['authorization']).toBe('Bearer token-2');
});

test('a failing exec plugin is an error now and tried again the next time', async () => {
  const flag = join(folder, 'flag');
  const script = `
    if (!require('fs').existsSync(${JSON.stringify(flag)})) { console.error('log in first'); process.exit(1); }
    console.log(JSON.stringify({ status: { token: 'ok' } }));
  `;
  const { credentials } = await load({ exec: { command: process.execPath, args: ['-e', script] } });
  await expect(credentials.current()).rejects.toThrow('log in first');
  await writeFile(flag, '');
  expect((await credentials.current()).headers['authorization']).toBe('Bearer ok');
});

test('an unknown context is named', async () => {
  await expect(load({ token: 'abc' }, {}, 'nowhere')).rejects.toThrow(
    'has no context "nowhere"; choose one with --context: "main"',
  );
});

test('impersonation goes with each request, as the API server takes it', async () => {
  const { credentials } = await load({
    token: 'abc',
    as: 'jane',
    'as-uid': '4711',
    'as-groups': ['dev', 'ops'],
    'as-user-extra': { 'example.com/Scopes': ['view', 'edit'], reason: ['on call'] },
  });
  expect((await credentials.current()).headers).toEqual({
    authorization: 'Bearer abc',
    'impersonate-user': 'jane',
    'impersonate-uid': '4711',
    'impersonate-group': ['dev', 'ops'],
    'impersonate-extra-example.com%2Fscopes': ['view', 'edit'],
    'impersonate-extra-reason': ['on call'],
  });
});

test('groups of nobody are refused, instead of going as oneself', async () => {
  const loading = load({ token: 'abc', 'as-groups': ['readers'] });
  await expect(async () => (await loading).credentials.current()).rejects.toThrow(
    'user "u" has as-uid, as-groups or as-user-extra without as',
  );
});

test('plain HTTP is for this machine only', async () => {
  const local = await load({}, { server: 'http://127.0.0.1:8001' });
  expect((await local.credentials.current()).headers).toEqual({});
  const remote = await load({ token: 'abc' }, { server: 'http://10.0.0.1:8001' });
  await expect(remote.credentials.current()).rejects.toThrow('HTTP protocol is not allowed');
});

describe('nobody goes as somebody else than the file says', () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin' };

  test.each([
    ['a name to be that is a number', { as: 5 }, 'users[0].user.as is not a string; quote it'],
    ['one group to be', { as: 'jane', 'as-groups': 'ops' }, 'user.as-groups is not a list of'],
    [
      'a group that is a number',
      { as: 'jane', 'as-groups': [1] },
      'user.as-groups[0] is not a str',
    ],
    ['an extra value that is no list', { as: 'j', 'as-user-extra': { a: 'b' } }, 'extra.a is not'],
    ['a token that is a number', { token: 12 }, 'users[0].user.token is not a string'],
    ['an exec plugin in one word', { exec: 'plugin' }, 'users[0].user.exec is not an object'],
    ['arguments in one text', { exec: { ...exec, args: 'a b' } }, 'exec.args is not a list of str'],
    ['variables as an object', { exec: { ...exec, env: { A: 'b' } } }, 'exec.env is not a list'],
    [
      'a value that is a number',
      { exec: { ...exec, env: [{ name: 'A', value: 1 }] } },
      '[0].value',
    ],
    [
      'an auth provider that is gone',
      { 'auth-provider': { name: 'gcp' } },
      'the auth provider "gcp"',
    ],
    ['a provider without a token', { 'auth-provider': { name: 'oidc' } }, 'gave no token'],
    ['two ways at once', { token: 'a', username: 'b' }, 'user "u" has a token and a username'],
    ['a certificate without its key', { 'client-certificate': 'a.crt' }, 'without client-key'],
  ])('%s is refused', async (_, user, message) => {
    await expect(async () => (await load(user)).credentials.current()).rejects.toThrow(message);
  });

  test.each(['', ' \n'])('a token file with %j in it is refused', async (content) => {
    await writeFile(join(folder, 'token'), content);
    const { credentials } = await load({ tokenFile: 'token' });
    await expect(credentials.current()).rejects.toThrow(`${folder}/token of user "u" is empty`);
    await writeFile(join(folder, 'token'), 'there');
    await credentials.reload();
    expect((await credentials.current()).headers).toEqual({ authorization: 'Bearer there' });
  });

  test('a token goes before a plugin', async () => {
    const { credentials } = await load({ token: 'abc', exec: { ...exec, command: '/nowhere' } });
    expect((await credentials.current()).headers).toEqual({ authorization: 'Bearer abc' });
  });

  test('a password that is missing is an empty one', async () => {
    const { credentials } = await load({ username: 'me' });
    expect((await credentials.current()).headers).toEqual({ authorization: 'Basic bWU6' });
  });
});

describe('TLS material that cannot be used is named, and never shown', () => {
  const other = createSelfSignedCertificate('other', '10.0.0.1');
  const pair = (cert: string, key: string): object => ({
    'client-certificate-data': base64(cert),
    'client-key-data': base64(key),
  });
  const cut = (text: string): string => text.slice(0, -120);
  const aSecret = 'a-secret-that-is-no-key';

  test('a certificate with its key', async () => {
    const { credentials } = await load(pair(own.cert, own.key), {
      'certificate-authority-data': base64(own.cert),
    });
    const { tls } = await credentials.current();
    expect([String(tls.cert), String(tls.key)]).toEqual([own.cert, own.key]);
  });

  test.each([
    ['a CA that is no certificate', {}, aSecret, 'certificate-authority of the cluster at https'],
    ['a CA that was cut', {}, cut(own.cert), 'certificate-authority of the cluster at https'],
    ['a key as CA', {}, own.key, 'certificate-authority of the cluster at https'],
    ['no certificate', pair(aSecret, own.key), own.cert, 'client-certificate of user "u"'],
    ['a certificate that was cut', pair(cut(own.cert), own.key), own.cert, 'client-certificate of'],
    ['no key', pair(own.cert, aSecret), own.cert, 'client-key of user "u"'],
    ['a certificate as key', pair(own.cert, own.cert), own.cert, 'client-key of user "u"'],
    ['the key of another', pair(own.cert, other.key), own.cert, 'not the key of its client-cert'],
  ])('%s', async (_what, user, ca, words) => {
    const { credentials } = await load(user, { 'certificate-authority-data': base64(ca) });
    const refused = credentials.current();
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.not.toThrow(/a-secret|PEM routines|asn1/);
  });
});

describe('the address of the API server', () => {
  const data = base64(own.cert);

  test.each([
    ['127.0.0.1:8001', {}, 'http://127.0.0.1:8001'],
    ['example.com:6443', { 'certificate-authority-data': data }, 'https://example.com:6443'],
    ['10.0.0.1', { 'insecure-skip-tls-verify': true }, 'https://10.0.0.1'],
  ])('%s is completed as kubectl does it', async (server, cluster, url) => {
    expect((await load({}, { server, ...cluster })).credentials.server).toBe(url);
  });

  test.each(['ftp://10.0.0.1', 'http://', 'https://:6443', 'https://a b', 'unix:///run/it'])(
    '%s is none',
    async (server) => {
      await expect(load({}, { server })).rejects.toThrow('the server of cluster "c" is not a URL');
    },
  );
});

test('a certificate that is to be skipped is so only by a boolean', async () => {
  await expect(load({}, { 'insecure-skip-tls-verify': 'false' })).rejects.toThrow(
    'clusters[0].cluster.insecure-skip-tls-verify is not true or false',
  );
});
