import { expect, test } from '@jest/globals';
import { createWorkQueue } from '../../../../src/kubernetes/queue/work-queue.ts';
import { runWorkers } from '../../../../src/kubernetes/queue/worker-pool.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../../src/telemetry/metrics.ts';
import { createVirtualClock, settlePasses } from '../../../time/virtual-clock.ts';

function setUp(workers: number, work: (key: string) => Promise<void>) {
  const clock = createVirtualClock();
  const queue = createWorkQueue({ name: 'q', clock, random: () => 0 });
  const stopping = new AbortController();
  const { reconcile: metrics, registry } = createMetrics({ processMetrics: false });
  const running = runWorkers(
    {
      controller: 'links',
      queue,
      workers,
      logger: silentLogger(),
      metrics,
      work: (item) => work(item.key),
    },
    stopping.signal,
  );
  return { clock, queue, stopping, running, registry };
}

test('as many keys run at once as there are workers', async () => {
  const finish: (() => void)[] = [];
  const { queue, running, registry } = setUp(
    2,
    () => new Promise((resolve) => finish.push(resolve)),
  );
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await settlePasses();
  expect([queue.running, queue.depth]).toEqual([2, 1]);
  const text = await registry.metrics();
  expect(text).toContain('controller_runtime_active_workers{controller="links"} 2');
  expect(text).toContain('controller_runtime_max_concurrent_reconciles{controller="links"} 2');
  finish.shift()?.();
  await settlePasses();
  expect([queue.running, queue.depth]).toEqual([2, 0]);
  const draining = queue.drain();
  for (const each of finish) each();
  await draining;
  await running;
});

test('a pass that throws harms no other key and comes again after its backoff', async () => {
  const passes: string[] = [];
  const { queue, clock } = setUp(1, async (key) => {
    passes.push(key);
    if (key === 'bad') throw new Error('bug');
  });
  queue.add('bad');
  queue.add('good');
  await settlePasses();
  expect(passes).toEqual(['bad', 'good']);
  await clock.advance(1_000);
  expect(passes).toEqual(['bad', 'good', 'bad']);
});

test('stopping lets the running pass end and begins no other', async () => {
  const finish: (() => void)[] = [];
  const { queue, running, stopping } = setUp(
    1,
    () => new Promise((resolve) => finish.push(resolve)),
  );
  queue.add('a');
  queue.add('b');
  await settlePasses();
  stopping.abort();
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  await settlePasses();
  expect(ended).toBe(false);
  finish[0]?.();
  await running;
  expect(finish).toHaveLength(1);
});

test('the event loop turns between two passes that wait for nothing', async () => {
  const happened: string[] = [];
  const { queue, stopping, running } = setUp(1, async (key) => {
    happened.push(key);
    if (key === 'a') setImmediate(() => happened.push('somebody else'));
  });
  queue.add('a');
  queue.add('b');
  await settlePasses();
  expect(happened).toEqual(['a', 'somebody else', 'b']);
  stopping.abort();
  await running;
});

test('however many workers there are, the event loop turns between any two of their passes', async () => {
  const keys = Array.from({ length: 100 }, (_, index) => `link-${index}`);
  let turn = 0;
  const passesByTurn = new Map<number, number>();
  const { queue, stopping, running } = setUp(32, async () => {
    passesByTurn.set(turn, (passesByTurn.get(turn) ?? 0) + 1);
  });
  let isOver = false;
  const countTurns = (): void => {
    turn += 1;
    if (!isOver) setImmediate(countTurns);
  };
  countTurns();
  await settlePasses();
  for (const key of keys) queue.add(key);
  while ([...passesByTurn.values()].reduce((sum, one) => sum + one, 0) < keys.length) {
    await settlePasses();
  }
  isOver = true;
  expect(Math.max(...passesByTurn.values())).toBe(1);
  stopping.abort();
  await running;
});
