/** A restarted operator is shown the past: by an API server, or a proxy, that lags behind. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { eventually } from '../../environment/eventually.ts';
import type { ProxiedRequest } from '../../environment/api-faults.ts';
import { FaultBench } from './fault-bench.ts';
import { type ProxiedOperator, startProxiedOperator } from './proxied-operator.ts';

jest.setTimeout(240_000);

let bench: FaultBench;
let restarted: ProxiedOperator | undefined;

beforeAll(async () => {
  bench = await FaultBench.start();
});

afterEach(async () => {
  await restarted?.operator.stop();
  await restarted?.proxy.close();
});

afterAll(() => bench?.stop());

const path = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks';

async function list(): Promise<{ items: SageMakerPrivateLink[] }> {
  return (await bench.cluster.server.request({ path })).body as { items: SageMakerPrivateLink[] };
}

/** Another process, whose first list is of the past, until it lets go of what it thinks is deleted. */
async function restartInThePast(past: object): Promise<void> {
  // The present comes late enough for something to be done about the past.
  const change = async (line: string): Promise<readonly string[]> => {
    await eventually(hasLetGo, { withinMs: 60_000 });
    return [`${line}\n`];
  };
  restarted = await startProxiedOperator(bench.cluster, {
    faults: [
      { verb: 'list', path: /./, times: 1, effect: { kind: 'answer', body: past } },
      { path: /./, effect: { kind: 'events', change } },
    ],
  });
  await eventually(hasLetGo, { withinMs: 60_000 });
}

/** It has tried to take its finalizer off. */
function hasLetGo(): void {
  expect(patches().length).toBeGreaterThan(0);
}

/** Changes of finalizers: nothing else is patched. */
function patches(): readonly ProxiedRequest[] {
  const requests = restarted?.proxy.requests() ?? [];
  return requests.filter(({ verb, path: each }) => verb === 'patch' && each.includes('/again'));
}

test('F6: an old deletion does not take away the link that has the name now', async () => {
  await bench.apply('again', 'api');
  await bench.isDone('again', 'api');
  const former = await list();
  const deletionTimestamp = '2026-11-01T00:00:00Z';
  const past = {
    ...former,
    items: former.items.map((link) => ({
      ...link,
      metadata: { ...link.metadata, deletionTimestamp },
    })),
  };
  await bench.remove('again');
  await bench.apply('again', 'api');
  await bench.isDone('again', 'api');
  const madeBefore = bench.endpointsEverMade();
  await bench.operator.stop();
  bench.simulator.resetCalls();

  await restartInThePast(past);
  // It has caught up when it does what the spec of now asks for.
  await bench.apply('again', 'api', 'runtime');
  await bench.isDone('again', 'api', 'runtime');
  const { metadata } = await bench.cluster.linkIsReady('again');
  expect(metadata.deletionTimestamp).toBeUndefined();
  expect(metadata.finalizers).toHaveLength(1);
  // Not for a moment was the link of now without its finalizer. A slow machine may try twice before the present comes.
  expect([...new Set(patches().map(({ code }) => code))]).toEqual([409]);
  const writes = bench.simulator.calls().filter(({ readOnly }) => !readOnly);
  expect(writes.map(({ action }) => action)).toEqual(['CreateVpcEndpoint']);
  expect(bench.endpointsEverMade()).toBe(madeBefore + 1);
});

test('F6: the operator asks for the newest list, never for one that may be of the past', () => {
  const lists = restarted?.proxy.requests().filter(({ verb }) => verb === 'list') ?? [];
  expect(lists.length).toBeGreaterThan(0);
  for (const each of lists) expect(each.path).not.toContain('resourceVersion');
});
