/** A start that cannot succeed ends the process: the kubelet tells of it, and begins again. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { runProgram } from '../environment/run-program.ts';

const bundle = join(import.meta.dirname, '../../dist/sagemaker-privatelink.mjs');

let folder: string;
let kubeconfig: string;
let taken: Server;
let takenPort: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-start-'));
  kubeconfig = join(folder, 'config');
  const config = {
    'current-context': 'nobody-answers',
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    contexts: [{ name: 'nobody-answers', context: { cluster: 'c', user: 'u' } }],
    users: [{ name: 'u', user: { token: 'abc' } }],
  };
  await writeFile(kubeconfig, stringify(config));
  taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  takenPort = (taken.address() as AddressInfo).port;
});

afterAll(async () => {
  taken.close();
  await rm(folder, { recursive: true, force: true });
});

async function startOperator(...args: readonly string[]) {
  const all = [bundle, 'operator', '--kubeconfig', kubeconfig, '--host', '127.0.0.1', ...args];
  // A process that stays alive fails the test by this time limit.
  return runProgram('node', all, { signal: AbortSignal.timeout(30_000) });
}

test.each([
  ['the second port is taken', () => ['--health-port', '0', '--metrics-port', `${takenPort}`]],
  ['the first port is taken', () => ['--health-port', `${takenPort}`, '--metrics-port', '0']],
])('%s', async (_, args) => {
  const { exitCode, stderr } = await startOperator(...args());
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: port \d+ of 127.0.0.1 \(--\w+-port\) is taken already; choose/m);
  expect(stderr).not.toContain('    at ');
});

test('the account map cannot be read', async () => {
  const { exitCode, stderr } = await startOperator('--account-map', join(folder, 'none.yaml'));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('the account map');
});
