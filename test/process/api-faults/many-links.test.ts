/** 5,000 links in one cluster: the operator lists them in pages and stays within its memory. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { CONTROL_PLANE_FILES } from '../../environment/control-plane-files.ts';
import { eventually } from '../../environment/eventually.ts';
import { conditionOf } from '../cluster/operator-cluster.ts';
import { readMetrics } from '../cluster/operator-metrics.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { FaultBench } from './fault-bench.ts';
import { type ProxiedOperator, startProxiedOperator } from './proxied-operator.ts';

jest.setTimeout(240_000);

const count = 5_000;
/** The container's limit in deploy/base/deployment.yaml. */
const memoryLimitMiB = 192;

let bench: FaultBench;
let restarted: ProxiedOperator | undefined;

beforeAll(async () => {
  bench = await FaultBench.start([], { own: {} });
});

afterAll(async () => {
  await restarted?.operator.stop();
  await restarted?.proxy.close();
  await bench?.stop();
});

async function suspended(name: string): Promise<SageMakerPrivateLink> {
  return bench.cluster.linkThat(
    name,
    'suspended',
    (link) => conditionOf(link, 'Ready')?.reason === 'Suspended',
  );
}

/**
 * Puts copies of an object straight into etcd, 100 at a time: through the API server so many
 * creations and writes of the status would take minutes.
 */
async function multiply(name: string, copies: number): Promise<void> {
  const prefix = '/registry/sagemaker.privatelink.dev/sagemakerprivatelinks/';
  const stored = await etcd('/v3/kv/range', { key: base64(prefix + name) });
  const [entry] = (stored as { kvs: { value: string }[] }).kvs;
  const original = JSON.parse(Buffer.from(entry?.value ?? '', 'base64').toString()) as {
    metadata: object;
  };
  const names = Array.from({ length: copies }, (_, index) => `${name}-${index}`);
  while (names.length > 0) {
    const success = names.splice(0, 100).map((copy) => {
      const metadata = { ...original.metadata, name: copy, uid: randomUUID() };
      const value = base64(JSON.stringify({ ...original, metadata }));
      return { requestPut: { key: base64(prefix + copy), value } };
    });
    await etcd('/v3/kv/txn', { success });
  }
}

function base64(plain: string): string {
  return Buffer.from(plain).toString('base64');
}

function etcd(path: string, body: object): Promise<unknown> {
  const socketPath = join(bench.cluster.server.folder, CONTROL_PLANE_FILES.etcdSocket);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ socketPath, path, method: 'POST' }, (response) => {
      text(response).then((answer) => {
        if (response.statusCode === 200) resolve(JSON.parse(answer));
        else reject(new Error(`etcd ${path}: ${response.statusCode} ${answer}`));
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}

async function residentMiB(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return { now: Math.round(kib('VmRSS') / 1024), peak: Math.round(kib('VmHWM') / 1024) };
}

test('F25: 5,000 links are listed in pages, within the memory limit, and one change is seen', async () => {
  await bench.cluster.apply(sampleLink(bench.region, 'many', { suspend: true }));
  await suspended('many');
  await bench.operator.stop();
  await multiply('many', count);

  // Node sizes its heap by the limit of its container, which this process does not have.
  const env = { NODE_OPTIONS: `--max-old-space-size=${memoryLimitMiB / 2}` };
  restarted = await startProxiedOperator(bench.cluster, { env });
  const { operator, proxy } = restarted;
  await eventually(
    async () => {
      const { status } = await fetch(`${await operator.healthUrl()}/readyz`);
      expect(status).toBe(200);
      expect((await readMetrics(operator)).passes).toBeGreaterThan(count);
    },
    { withinMs: 120_000, everyMs: 500 },
  );

  const lists = proxy.requests().filter(({ verb }) => verb === 'list');
  expect(lists).toHaveLength(Math.ceil((count + 1) / 250));
  expect(lists.every(({ path }) => path.includes('limit=250'))).toBe(true);
  // Nothing had changed, so nothing was written.
  expect(proxy.requests().filter(({ path }) => path.endsWith('/status'))).toEqual([]);

  await bench.cluster.kubectlOrThrow([
    'patch',
    'smpl',
    'many-2500',
    '--type=merge',
    '-p',
    '{"spec":{"suspend":false}}',
  ]);
  await bench.cluster.linkIsReady('many-2500');
  const memory = await residentMiB(operator.pid);
  process.stdout.write(`memory with ${count} links: ${JSON.stringify(memory)} MiB\n`);
  expect(memory.peak).toBeLessThan(memoryLimitMiB);
  expect(operator.hasExited()).toBe(false);
});
