import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsClientEnvironment } from './aws-client-environment.ts';
import { startServerProcess } from './child-process.ts';
import { eventually } from './eventually.ts';
import { ensurePythonEnvironment } from './python.ts';

/** A running ministack: an IAM and a policy simulator that are not ours. */
export interface Ministack {
  readonly url: string;
  stop(): Promise<void>;
}

export interface MinistackOptions {
  /**
   * Whether callers need policies for what they ask, and who says what a request asks for:
   * `own` ministack alone, `as at AWS` ministack with what ministack_as_aws_asks.py puts right.
   * @default everybody may do everything
   */
  readonly enforcement?: 'own' | 'as at AWS';
}

const requirements = join(import.meta.dirname, 'requirements-ministack.txt');
const asAwsAsks = join(import.meta.dirname, 'ministack_as_aws_asks.py');

/** Starts ministack with IAM and STS on 127.0.0.1. It dies with the process that started it. */
export async function startMinistack({ enforcement }: MinistackOptions = {}): Promise<Ministack> {
  const { python } = await ensurePythonEnvironment(requirements);
  const folder = await mkdtemp(join(tmpdir(), 'smpl-ministack-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    name: 'ministack',
    command: python,
    args: enforcement === 'as at AWS' ? [asAwsAsks] : ['-m', 'ministack.app'],
    env: {
      ...awsClientEnvironment('http://127.0.0.1:9'),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      SERVICES: 'iam,sts',
      AUTH: String(enforcement !== undefined),
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
