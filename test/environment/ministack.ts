import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsClientEnvironment } from './aws-client-environment.ts';
import { startServerProcess } from './child-process.ts';
import { eventually } from './eventually.ts';
import { ensurePythonEnvironment } from './python.ts';

/** A running ministack: an IAM policy simulator that is not ours. */
export interface Ministack {
  readonly url: string;
  stop(): Promise<void>;
}

const requirements = join(import.meta.dirname, 'requirements-ministack.txt');

/** Starts ministack with IAM on 127.0.0.1. It dies with the process that started it. */
export async function startMinistack(): Promise<Ministack> {
  const { python } = await ensurePythonEnvironment(requirements);
  const folder = await mkdtemp(join(tmpdir(), 'smpl-ministack-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    name: 'ministack',
    command: python,
    args: ['-m', 'ministack.app'],
    env: {
      ...awsClientEnvironment('http://127.0.0.1:9'),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      SERVICES: 'iam',
      TMPDIR: folder,
    },
    cwd: folder,
    logFile: join(folder, 'ministack.log'),
    scratchFolder: folder,
  });
  const stop = async () => {
    await server.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await eventually(() => mustAnswer(url), { withinMs: 60_000 });
    return { url, stop };
  } catch (error) {
    const log = await server.logTail(30);
    await stop();
    throw new Error(`ministack does not answer:\n${log}`, { cause: error });
  }
}

async function mustAnswer(url: string): Promise<void> {
  const response = await fetch(`${url}/_ministack/health`);
  await response.body?.cancel();
}

/** ministack can't tell which port the kernel chose, so one is asked for beforehand. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
