import { randomUUID } from 'node:crypto';
import { access, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiServer, startApiServer } from '../environment/api-server.ts';
import { eventually } from '../environment/eventually.ts';
import { kubectl } from '../environment/kubectl.ts';
import { kubernetesVersion } from '../environment/kubernetes-version.ts';
import { runProgram } from '../environment/run-program.ts';
import { sharedApiServer } from '../environment/shared-api-server.ts';

const root = join(import.meta.dirname, '../..');
const shared = sharedApiServer('kubernetes');

async function newNamespace(labels: Record<string, string> = {}): Promise<string> {
  const name = `environment-${randomUUID().slice(0, 8)}`;
  const response = await shared.request({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
  });
  expect(response.status).toBe(201);
  return name;
}

async function newServiceAccount(namespace: string, name: string): Promise<void> {
  const response = await shared.request({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
  });
  expect(response.status).toBe(201);
}

describe('the shared API server', () => {
  test('is of the version of Kubernetes that the run tests on', async () => {
    const version = await shared.request({ path: '/version' });
    const [major, minor] = kubernetesVersion().minor.split('.');
    expect(version.body).toMatchObject({ major, minor });
  });

  test('turns away those without a token', async () => {
    const response = await shared.request({ path: '/api/v1/namespaces', token: 'none' });
    expect(response.status).toBe(401);
  });

  test('gives a service account only what a role grants', async () => {
    const namespace = await newNamespace();
    await newServiceAccount(namespace, 'reader');
    const { kubeconfig } = await shared.kubeconfigForServiceAccount(namespace, 'reader');

    const before = await kubectl(['get', 'configmaps'], { kubeconfig });
    expect(before.exitCode).toBe(1);
    expect(before.stderr).toContain(
      `User "system:serviceaccount:${namespace}:reader" cannot list resource "configmaps"`,
    );

    const roleRules = ['--verb=list', '--resource=configmaps'];
    const subject = ['--role=reader', `--serviceaccount=${namespace}:reader`];
    for (const args of [
      ['create', 'role', 'reader', ...roleRules, '-n', namespace],
      ['create', 'rolebinding', 'reader', ...subject, '-n', namespace],
    ]) {
      const granted = await kubectl(args, { kubeconfig: shared.kubeconfig });
      expect(granted).toMatchObject({ exitCode: 0 });
    }
    await eventually(async () => {
      const read = await kubectl(['get', 'configmaps', '-o', 'name'], { kubeconfig });
      expect(read).toMatchObject({ exitCode: 0 });
    });
    const write = await kubectl(['create', 'configmap', 'mine'], { kubeconfig });
    expect(write.stderr).toContain('cannot create resource "configmaps"');
  });

  test('enforces restricted pod security', async () => {
    const namespace = await newNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    await newServiceAccount(namespace, 'default');
    const pod = (securityContext: object) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'pod' },
      spec: { containers: [{ name: 'main', image: 'example/image', securityContext }] },
    });
    const create = (body: unknown) =>
      shared.request({ method: 'POST', path: `/api/v1/namespaces/${namespace}/pods`, body });

    const refused = await create(pod({}));
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      message: expect.stringContaining('violates PodSecurity "restricted:latest"'),
    });
    const accepted = await create(
      pod({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      }),
    );
    expect(accepted.status).toBe(201);
  });

  test('keeps what kubectl applies from stdin', async () => {
    const namespace = await newNamespace();
    const input = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kept', namespace },
      data: { key: 'value' },
    });
    const applied = await kubectl(['apply', '-f', '-'], { kubeconfig: shared.kubeconfig, input });
    expect(applied).toMatchObject({ exitCode: 0, stdout: 'configmap/kept created\n' });
  });
});

describe('an API server of its own', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer({ audit: 'Metadata' });
  });

  afterAll(async () => {
    await server.stop();
  });

  test('keeps its address, its certificate and its objects over a restart', async () => {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'survivor' } };
    await server.request({ method: 'POST', path: '/api/v1/namespaces', body });
    const { apiServer: before } = server.pids;
    await server.restart({ kill: true });
    expect(server.pids.apiServer).not.toBe(before);
    const found = await server.request({ path: '/api/v1/namespaces/survivor' });
    expect(found).toMatchObject({ status: 200, body: { metadata: { name: 'survivor' } } });
  });

  test('writes who asked for what to its audit log', async () => {
    const path = '/api/v1/namespaces/default/configmaps?limit=7';
    await server.request({ path });
    const events = (await readFile(server.auditLog, 'utf8')).trim().split('\n');
    const mine = events.map((line) => JSON.parse(line)).filter((e) => e.requestURI === path);
    expect(mine).toMatchObject([{ user: { username: 'admin' }, verb: 'list' }]);
  });

  test('answers nobody while it is paused', async () => {
    await server.pause();
    const silent = server.request({ path: '/version', timeoutMs: 300 });
    await expect(silent).rejects.toMatchObject({ name: 'AbortError' });
    server.resume();
    expect(await server.request({ path: '/version' })).toMatchObject({ status: 200 });
  });
});

test('stopping an API server leaves neither process nor file', async () => {
  const server = await startApiServer();
  const { etcd, apiServer } = server.pids;
  await server.stop();
  for (const pid of [etcd, apiServer]) {
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }
  await expect(access(server.folder)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('what a killed test process started does not outlive it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smpl-guard-'));
  const esbuild = join(root, 'node_modules/esbuild/bin/esbuild');
  const source = join(root, 'test/environment/child-process.ts');
  const module = join(folder, 'child-process.mjs');
  const bundle = [source, '--bundle', '--platform=node', '--format=esm', `--outfile=${module}`];
  expect(await runProgram(esbuild, bundle)).toMatchObject({ exitCode: 0 });

  // The victim starts a program that would run for an hour, says its id and is killed.
  const victim = `
    import { startServerProcess } from ${JSON.stringify(module)};
    const logFile = ${JSON.stringify(join(folder, 'log'))};
    const scratchFolder = ${JSON.stringify(folder)};
    const options = { name: 'sleep', command: 'sleep', args: ['3600'], logFile, scratchFolder };
    const { pid } = await startServerProcess(options);
    process.stdout.write(String(pid), () => process.kill(process.pid, 'SIGKILL'));
  `;
  const killed = await runProgram(process.execPath, ['--input-type=module', '-e', victim]);
  expect(killed).toMatchObject({ exitCode: -1, stdout: expect.stringMatching(/^\d+$/) });

  await eventually(async () => {
    expect(() => process.kill(Number(killed.stdout), 0)).toThrow('ESRCH');
    await expect(access(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
