import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServerAccess } from './api-server-access.ts';
import type { ServerProcess } from './child-process.ts';
import { eventually } from './eventually.ts';
import {
  CONTROL_PLANE_FILES,
  writeControlPlaneFiles,
  writeKubeconfig,
} from './control-plane-files.ts';
import {
  type ApiServerProcessOptions,
  startApiServerOnFreePort,
  startApiServerOnPort,
  startControllerManager,
  startEtcd,
} from './control-plane-processes.ts';

export interface ApiServerOptions {
  /** Runs these controllers as well, such as `namespace-controller`; see `--controllers`. */
  readonly controllers?: readonly string[];
  /** Writes what each request was to `auditLog`, in this much detail. */
  readonly audit?: 'Metadata' | 'Request' | 'RequestResponse';
  /** More flags of kube-apiserver, such as `--min-request-timeout=5`. */
  readonly flags?: readonly string[];
}

/** A real kube-apiserver with its own etcd, an administrator's access to it, and its processes. */
export interface ApiServer extends ApiServerAccess {
  readonly pids: { readonly etcd: number; readonly apiServer: number };
  /** Stops kube-apiserver alone; what it stored stays. `kill` leaves it no time to say goodbye. */
  stopApiServer(options?: { kill?: boolean }): Promise<void>;
  /** Starts kube-apiserver again, on the same port with the same certificate. */
  startApiServer(): Promise<void>;
  /** `stopApiServer`, then `startApiServer`. */
  restart(options?: { kill?: boolean }): Promise<void>;
  /** Ends etcd and starts it again with what it had stored; kube-apiserver stays. */
  restartEtcd(options?: { kill?: boolean }): Promise<void>;
  /** Copies what etcd has, for `restoreEtcd`; answers the copy's folder. */
  backUpEtcd(): Promise<string>;
  /** Ends both, puts the copy in the place of what etcd has now, and starts them again. */
  restoreEtcd(backup: string): Promise<void>;
  /** Freezes kube-apiserver: connections stay open and, once it resolves, nothing answers. */
  pause(): Promise<void>;
  resume(): void;
  /** Stops everything and removes the folder. */
  stop(): Promise<void>;
}

/**
 * Starts etcd and kube-apiserver on 127.0.0.1: RBAC on, default admission plugins, real service
 * account tokens. Ready when it resolves. The programs die with the process that started them.
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'smpl-'));
  const adminToken = randomBytes(16).toString('hex');
  await writeControlPlaneFiles(folder, { adminToken, auditLevel: options.audit });
  const started: ServerProcess[] = [];
  try {
    const etcd = await startEtcd(folder);
    started.unshift(etcd);
    const settings = { folder, adminToken, flags: options.flags ?? [] };
    const { port, process: apiServer } = await startApiServerOnFreePort(settings);
    started.unshift(apiServer);
    const running = new RunningApiServer(settings, port, await readCertificate(folder), {
      etcd,
      apiServer,
    });
    await writeKubeconfig(running.kubeconfig, running, { token: adminToken });
    if (options.controllers) await running.startControllerManager(options.controllers);
    return running;
  } catch (error) {
    for (const each of started) await each.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function readCertificate(folder: string): Promise<string> {
  return readFile(join(folder, CONTROL_PLANE_FILES.certificate), 'utf8');
}

class RunningApiServer extends ApiServerAccess implements ApiServer {
  readonly #settings: ApiServerProcessOptions;
  readonly #port: number;
  #etcd: ServerProcess;
  #apiServer: ServerProcess;
  #controllerManager: ServerProcess | undefined;

  constructor(
    settings: ApiServerProcessOptions,
    port: number,
    certificateAuthority: string,
    processes: { etcd: ServerProcess; apiServer: ServerProcess },
  ) {
    super({
      url: `https://127.0.0.1:${port}`,
      certificateAuthority,
      adminToken: settings.adminToken,
      folder: settings.folder,
    });
    this.#settings = settings;
    this.#port = port;
    this.#etcd = processes.etcd;
    this.#apiServer = processes.apiServer;
  }

  get pids(): { etcd: number; apiServer: number } {
    return { etcd: this.#etcd.pid, apiServer: this.#apiServer.pid };
  }

  async startControllerManager(controllers: readonly string[]): Promise<void> {
    this.#controllerManager = await startControllerManager(this.folder, controllers);
  }

  async stopApiServer(options: { kill?: boolean } = {}): Promise<void> {
    await this.#apiServer.stop(options.kill ? 'SIGKILL' : 'SIGTERM');
  }

  async startApiServer(): Promise<void> {
    this.#apiServer = await startApiServerOnPort(this.#settings, this.#port);
  }

  async restart(options: { kill?: boolean } = {}): Promise<void> {
    await this.stopApiServer(options);
    await this.startApiServer();
  }

  async restartEtcd(options: { kill?: boolean } = {}): Promise<void> {
    await this.#etcd.stop(options.kill ? 'SIGKILL' : 'SIGTERM');
    this.#etcd = await startEtcd(this.folder);
  }

  async backUpEtcd(): Promise<string> {
    const backup = join(this.folder, 'etcd-backup');
    await this.#etcd.stop('SIGTERM');
    await cp(join(this.folder, 'etcd'), backup, { recursive: true });
    this.#etcd = await startEtcd(this.folder);
    return backup;
  }

  async restoreEtcd(backup: string): Promise<void> {
    await this.stopApiServer({ kill: true });
    await this.#etcd.stop('SIGKILL');
    await rm(join(this.folder, 'etcd'), { recursive: true });
    await cp(backup, join(this.folder, 'etcd'), { recursive: true });
    this.#etcd = await startEtcd(this.folder);
    await this.startApiServer();
  }

  async pause(): Promise<void> {
    const { pid } = this.#apiServer;
    process.kill(pid, 'SIGSTOP');
    // Threads that have a core go on until the one that gets the signal has its turn.
    await eventually(
      async () => {
        const running = (await threadStatesOf(pid)).filter((state) => state !== 'T');
        if (running.length > 0) throw new Error(`${running.length} threads are not stopped`);
      },
      { withinMs: 10_000, everyMs: 2 },
    );
  }

  resume(): void {
    process.kill(this.#apiServer.pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    await this.#controllerManager?.stop('SIGKILL');
    await this.#apiServer.stop(); // Before etcd: without its storage its shutdown hangs.
    await this.#etcd.stop('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** States of the threads of a process as Linux tells them, such as `S` or `T`; of others none. */
async function threadStatesOf(pid: number): Promise<readonly (string | undefined)[]> {
  const tasks = `/proc/${pid}/task`;
  const threads = await readdir(tasks).catch((): string[] => []);
  const stats = threads.map((thread) =>
    readFile(join(tasks, thread, 'stat'), 'utf8').catch(() => ''),
  );
  // The name before the state is in parentheses, and may have some itself.
  return (await Promise.all(stats)).flatMap((stat) => /.*\) (\S)/s.exec(stat)?.[1] ?? []);
}
