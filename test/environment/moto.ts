import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsClientEnvironment } from './aws-client-environment.ts';
import { type ServerProcess, startServerProcess } from './child-process.ts';
import { eventually } from './eventually.ts';
import { ensurePythonEnvironment } from './python.ts';

/** A running moto: a fake AWS that is not ours. */
export interface Moto {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly pid: number;
  /** Forgets everything that was made; the default VPC and its subnets are there again, renamed. */
  reset(): Promise<void>;
  /** What moto wrote: one line for each request. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts moto on a free port of 127.0.0.1. It dies with the process that started it. */
export async function startMoto(): Promise<Moto> {
  const { motoServer } = await ensurePythonEnvironment();
  const folder = await mkdtemp(join(tmpdir(), 'smpl-moto-'));
  const server = await startServerProcess({
    name: 'moto',
    command: motoServer,
    args: ['--host', '127.0.0.1', '--port', '0'],
    env: { ...awsClientEnvironment('http://127.0.0.1:9'), PYTHONUNBUFFERED: '1' },
    logFile: join(folder, 'moto.log'),
    scratchFolder: folder,
  });
  const stop = async () => {
    await server.stop('SIGKILL'); // It keeps nothing that would have to be saved.
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await eventually(() => readUrl(server), { withinMs: 60_000 });
    return {
      url,
      pid: server.pid,
      reset: () => reset(url),
      log: () => readFile(server.logFile, 'utf8'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The port is the kernel's choice; moto says which one when it listens. */
async function readUrl(server: ServerProcess): Promise<string> {
  const log = await server.logTail(50);
  const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
  if (!url) throw new Error(`moto does not listen yet:\n${log}`);
  return url;
}

async function reset(url: string): Promise<void> {
  const response = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
  if (!response.ok) throw new Error(`moto refused to reset: HTTP status ${response.status}`);
  await response.body?.cancel();
}
