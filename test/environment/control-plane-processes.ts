import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestApi } from './api-server-request.ts';
import { type ServerProcess, startServerProcess } from './child-process.ts';
import { CONTROL_PLANE_FILES } from './control-plane-files.ts';
import { findProgram } from './control-plane-programs.ts';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
const START_ATTEMPTS = 5;

/** Below the range from which systems give ports to outgoing connections (from 32768 up). */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/** etcd without its syncs to disk: nothing here outlives the test. */
export async function startEtcd(folder: string): Promise<ServerProcess> {
  return startServerProcess({
    name: 'etcd',
    command: await findProgram('etcd'),
    args: [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=unix://${join(folder, CONTROL_PLANE_FILES.etcdSocket)}`,
      // etcd demands an address of the form host:port here; nobody connects to it.
      '--advertise-client-urls=http://127.0.0.111:0',
      '--listen-peer-urls=http://127.0.0.1:0',
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    logFile: join(folder, 'etcd.log'),
    scratchFolder: folder,
  });
}

export interface ApiServerProcessOptions {
  readonly folder: string;
  readonly adminToken: string;
  readonly flags: readonly string[];
}

/** Starts kube-apiserver on some free port; another attempt when somebody else was faster. */
export async function startApiServerOnFreePort(
  options: ApiServerProcessOptions,
): Promise<{ port: number; process: ServerProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort();
    try {
      return { port, process: await startApiServerOnPort(options, port) };
    } catch (error) {
      if (attempt === START_ATTEMPTS || !(error instanceof PortTakenError)) throw error;
    }
  }
}

/** Starts kube-apiserver on this port and waits until it is ready. */
export async function startApiServerOnPort(
  options: ApiServerProcessOptions,
  port: number,
): Promise<ServerProcess> {
  const apiServer = await startServerProcess({
    name: 'kube-apiserver',
    command: await findProgram('kube-apiserver'),
    args: [...apiServerFlags(options.folder, port), ...options.flags],
    logFile: join(options.folder, `kube-apiserver-${Date.now()}.log`),
  });
  try {
    await waitUntilReady(apiServer, options, port);
    return apiServer;
  } catch (error) {
    await apiServer.stop('SIGKILL');
    throw error;
  }
}

/** kube-controller-manager with only these controllers. */
export async function startControllerManager(
  folder: string,
  controllers: readonly string[],
): Promise<ServerProcess> {
  return startServerProcess({
    name: 'kube-controller-manager',
    command: await findProgram('kube-controller-manager'),
    args: [
      `--kubeconfig=${join(folder, CONTROL_PLANE_FILES.adminKubeconfig)}`,
      `--controllers=${controllers.join(',')}`,
      `--service-account-private-key-file=${join(folder, CONTROL_PLANE_FILES.serviceAccountKey)}`,
      '--leader-elect=false',
      '--secure-port=0',
    ],
    logFile: join(folder, 'kube-controller-manager.log'),
  });
}

function apiServerFlags(folder: string, port: number): readonly string[] {
  const file = (name: keyof typeof CONTROL_PLANE_FILES) => join(folder, CONTROL_PLANE_FILES[name]);
  return [
    `--etcd-servers=unix://${file('etcdSocket')}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--authorization-mode=RBAC',
    '--anonymous-auth=false',
    `--token-auth-file=${file('tokens')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('serviceAccountPublicKey')}`,
    `--service-account-signing-key-file=${file('serviceAccountKey')}`,
    `--audit-policy-file=${file('auditPolicy')}`,
    `--audit-log-path=${file('auditLog')}`,
    '--max-requests-inflight=1000',
    '--max-mutating-requests-inflight=1000',
  ];
}

class PortTakenError extends Error {}

async function waitUntilReady(
  apiServer: ServerProcess,
  options: ApiServerProcessOptions,
  port: number,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(options, port))) {
    if (apiServer.hasExited()) {
      const log = await apiServer.logTail();
      if (log.includes('address already in use')) throw new PortTakenError(`port ${port} is taken`);
      throw new Error(`kube-apiserver ended before it was ready:\n${log}`);
    }
    if (Date.now() > deadline) {
      const log = await apiServer.logTail();
      throw new Error(`kube-apiserver was not ready within ${READY_WITHIN_MS} ms:\n${log}`);
    }
    await sleep(POLL_MS);
  }
}

/** Ready also means that the namespaces are there which Kubernetes makes a moment after. */
async function isReady(options: ApiServerProcessOptions, port: number): Promise<boolean> {
  try {
    const certificate = join(options.folder, CONTROL_PLANE_FILES.certificate);
    const address = {
      url: `https://127.0.0.1:${port}`,
      certificateAuthority: await readFile(certificate, 'utf8'),
    };
    for (const path of [
      '/readyz',
      '/api/v1/namespaces/default',
      '/api/v1/namespaces/kube-system',
    ]) {
      const request = { path, token: options.adminToken, timeoutMs: 5_000 };
      if ((await requestApi(address, request)).status !== 200) return false;
    }
    return true;
  } catch {
    return false; // No certificate yet, nobody listens yet: the deadline decides.
  }
}

async function findFreePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await canListen(port)) return port;
  }
}

async function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
