import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createExecCredentials } from '../../../../src/kubernetes/credentials/exec-credentials.ts';
import { runExecPlugin } from '../../../../src/kubernetes/credentials/exec-credential.ts';
import { eventually } from '../../../environment/eventually.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

const apiVersion = 'client.authentication.k8s.io/v1';
const cluster = {
  server: 'https://10.0.0.1',
  'certificate-authority-data': 'Y2E=',
  extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'them' } }],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-exec-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function execOf(script: string, more: object = {}) {
  return { apiVersion, command: process.execPath, args: ['-e', script], ...more };
}

function run(script: string, more: object = {}, limitMs = 20_000) {
  return runExecPlugin({
    userName: 'u',
    exec: execOf(script, more),
    cluster,
    limitMs,
    environment: process.env,
  });
}

const tellsWhatItGot = `
  const token = JSON.stringify([process.env.KUBERNETES_EXEC_INFO, process.env.MINE]);
  console.log(JSON.stringify({ apiVersion: '${apiVersion}', kind: 'ExecCredential', status: { token } }));
`;

test('a plugin gets KUBERNETES_EXEC_INFO, and of the cluster what it asks for', async () => {
  const env = [{ name: 'MINE', value: 'yes' }];
  const told = async (more: object) => {
    const { token } = await run(tellsWhatItGot, more);
    const [info, mine] = JSON.parse(token ?? '') as [string, string];
    return [JSON.parse(info), mine];
  };
  expect(await told({ env })).toEqual([
    { apiVersion, kind: 'ExecCredential', spec: { interactive: false } },
    'yes',
  ]);
  const { extensions: _, ...fields } = cluster;
  const asked = { cluster: { ...fields, config: { audience: 'them' } }, interactive: false };
  expect(await told({ env, provideClusterInfo: true })).toEqual([
    { apiVersion, kind: 'ExecCredential', spec: asked },
    'yes',
  ]);
});

test('a plugin that hangs is ended, and what it has started too', async () => {
  const note = join(folder, 'child');
  const hangs = `
    const child = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    require('fs').writeFileSync(${JSON.stringify(note)}, String(child.pid));
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 1000);
  `;
  const running = run(hangs, {}, 1_500);
  await expect(running).rejects.toThrow('did not answer within 1.5 s and was ended');
  const child = Number(await readFile(note, 'utf8'));
  expect(child).toBeGreaterThan(0);
  await eventually(() => expect(() => process.kill(child, 0)).toThrow('ESRCH'));
});

test.each([
  ['console.log("{}")', 'answered without a status'],
  ['console.log("secret")', 'did not answer with an ExecCredential in JSON'],
  ['console.log(JSON.stringify({ status: {} }))', 'without a token or a certificate with its key'],
  ['console.error("log in first"); process.exit(3)', 'failed with exit code 3: log in first'],
  [
    'console.log(JSON.stringify({ apiVersion: "v0", status: { token: "t" } }))',
    `answered in v0, not in ${apiVersion}`,
  ],
])('%s is an error', async (script, message) => {
  await expect(run(script)).rejects.toThrow(message);
});

test('a plugin that is not installed says how to get it', async () => {
  const exec = { apiVersion, command: 'no-such-plugin', installHint: 'brew install it' };
  await expect(
    runExecPlugin({ userName: 'u', exec, cluster, environment: process.env }),
  ).rejects.toThrow(/no-such-plugin of user "u" cannot be run: .*ENOENT\nbrew install it/s);
});

test('one run serves all who ask, until its credential expires', async () => {
  const counter = join(folder, 'runs');
  const expires = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString();
  const script = `
    const fs = require('fs');
    fs.appendFileSync(${JSON.stringify(counter)}, 'x');
    const token = 'token-' + fs.readFileSync(${JSON.stringify(counter)}, 'utf8').length;
    const status = { token, expirationTimestamp: ${JSON.stringify(expires(15))} };
    console.log(JSON.stringify({ apiVersion: '${apiVersion}', status }));
  `;
  const clock = createVirtualClock();
  const base = { proxyUrl: undefined, namespace: undefined, userName: 'u', cluster };
  const context = { ...base, server: cluster.server, user: { exec: execOf(script) } };
  const credentials = createExecCredentials(context, clock, process.env);
  const tokens = async (n: number) =>
    (await Promise.all(Array.from({ length: n }, credentials))).map(({ token }) => token);
  expect(await tokens(3)).toEqual(['token-1', 'token-1', 'token-1']);
  await clock.advance(14 * 60_000);
  expect(await tokens(1)).toEqual(['token-1']);
  await clock.advance(2 * 60_000);
  expect(await tokens(2)).toEqual(['token-2', 'token-2']);
});
