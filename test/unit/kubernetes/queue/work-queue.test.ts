import { describe, expect, test } from '@jest/globals';
import {
  createWorkQueue,
  type WorkItem,
  type WorkQueue,
} from '../../../../src/kubernetes/queue/work-queue.ts';
import { createMetrics } from '../../../../src/telemetry/metrics.ts';
import { createVirtualClock, settle, type VirtualClock } from '../../../time/virtual-clock.ts';

const forever = new AbortController().signal;

function newQueue(options: { random?: () => number; longestWaitMs?: number } = {}): {
  queue: WorkQueue;
  clock: VirtualClock;
} {
  const clock = createVirtualClock();
  const { random = () => 0, ...rest } = options;
  return { clock, queue: createWorkQueue({ name: 'links', clock, random, ...rest }) };
}

async function next(queue: WorkQueue): Promise<WorkItem> {
  const item = await queue.get(forever);
  if (item === undefined) throw new Error('the queue was shut down');
  return item;
}

describe('one key', () => {
  test('that is added many times is handed out once', async () => {
    const { queue } = newQueue();
    for (let i = 0; i < 5; i += 1) queue.add('a');
    queue.done(await next(queue));
    expect(queue.depth).toBe(0);
  });

  test('is not handed out while a worker has it, and again afterwards', async () => {
    const { queue, clock } = newQueue();
    queue.add('a');
    const first = await next(queue);
    clock.jump(50);
    queue.add('a');
    expect(queue.depth).toBe(0);
    clock.jump(100);
    queue.done(first);
    const second = await next(queue);
    expect(second.key).toBe('a');
    expect(second.enqueuedAt).toBe(first.enqueuedAt + 50);
  });

  test('waits since its first add, with the reasons of all', async () => {
    const { queue, clock } = newQueue();
    queue.add('a', { reason: 'Created' });
    const addedAt = clock.now();
    clock.jump(10);
    queue.add('a', { reason: 'Changed' });
    queue.add('a', { reason: 'Created' });
    const item = await next(queue);
    expect(item).toMatchObject({ enqueuedAt: addedAt, reasons: ['Created', 'Changed'] });
  });

  test('cannot be given back twice', async () => {
    const { queue } = newQueue();
    queue.add('a');
    const item = await next(queue);
    queue.done(item);
    expect(() => queue.done(item)).toThrow('done without get: "a"');
  });
});

describe('a delay', () => {
  test('ends at its time, and the item counts as waiting from there', async () => {
    const { queue, clock } = newQueue();
    const dueAt = clock.now() + 100;
    queue.addAfter('a', 100);
    await clock.advance(99);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(queue.depth).toBe(1);
    clock.jump(70);
    expect((await next(queue)).enqueuedAt).toBe(dueAt);
  });

  test('gives way to an earlier one, not to a later one', async () => {
    const { queue, clock } = newQueue();
    queue.addAfter('a', 100);
    queue.addAfter('a', 40);
    queue.addAfter('a', 200);
    await clock.advance(39);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    queue.done(await next(queue));
    await clock.advance(1_000);
    expect(queue.depth).toBe(0);
  });

  test('asked for while the key runs begins at the asking', async () => {
    const { queue, clock } = newQueue();
    queue.add('a');
    const item = await next(queue);
    queue.addAfter('a', 100);
    await clock.advance(60);
    queue.done(item);
    await clock.advance(39);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(queue.depth).toBe(1);
  });
});

describe('backoff', () => {
  test('doubles up to its cap, and is forgotten on success', () => {
    const { queue } = newQueue();
    const delays = Array.from({ length: 12 }, () => queue.addRateLimited('a'));
    expect(delays.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(delays.at(-1)).toBe(300_000);
    queue.forget('a');
    expect(queue.addRateLimited('a')).toBe(1_000);
  });

  test('of one key does not slow another', () => {
    const { queue } = newQueue();
    for (let i = 0; i < 6; i += 1) queue.addRateLimited('a');
    expect(queue.addRateLimited('b')).toBe(1_000);
  });

  test('is shortened at random by up to a half, so that failures spread out', () => {
    const { queue } = newQueue({ random: () => 0.999 });
    expect(queue.addRateLimited('a')).toBeCloseTo(500, -1);
  });

  test("does not hold back a user's change", async () => {
    const { queue } = newQueue();
    queue.addRateLimited('a', { reason: 'Throttled' });
    queue.add('a', { priority: 'high', reason: 'SpecChanged' });
    const item = await next(queue);
    expect(item).toMatchObject({ priority: 'high', failures: 1 });
    expect(item.reasons).toEqual(['Throttled', 'SpecChanged']);
  });
});

describe('priority', () => {
  test('user changes go before pending things, those before sweeps', async () => {
    const { queue } = newQueue();
    queue.add('sweep', { priority: 'low' });
    queue.add('pending');
    queue.add('changed', { priority: 'high' });
    const keys = [await next(queue), await next(queue), await next(queue)].map((item) => item.key);
    expect(keys).toEqual(['changed', 'pending', 'sweep']);
  });

  test('rises with a more important add and never falls', async () => {
    const { queue } = newQueue();
    queue.add('other');
    queue.add('a', { priority: 'low' });
    queue.add('a', { priority: 'high' });
    queue.add('a', { priority: 'low' });
    expect(await next(queue)).toMatchObject({ key: 'a', priority: 'high' });
  });

  test('gives way to what has waited for this moment, however long the others have waited', async () => {
    const { queue, clock } = newQueue({ longestWaitMs: 100 });
    for (const key of ['old', 'older']) queue.add(key, { priority: 'high' });
    queue.addAfter('ended', 200, { priority: 'normal', isOnTime: true });
    queue.add('both', { priority: 'high' });
    await clock.advance(200);
    queue.add('both', { priority: 'normal', isOnTime: true });
    const items = [await next(queue), await next(queue), await next(queue)];
    expect(items.map(({ key, priority }) => [key, priority])).toEqual([
      ['ended', 'normal'],
      ['both', 'high'],
      ['old', 'high'],
    ]);
  });

  test('is that of the moment that comes first', async () => {
    const { queue } = newQueue();
    queue.addAfter('early', 300_000, { isOnTime: true });
    queue.add('first');
    queue.add('early');
    expect((await next(queue)).key).toBe('first');
  });

  test('does not starve a sweep: it goes first after its longest wait', async () => {
    const { queue, clock } = newQueue({ longestWaitMs: 1_000 });
    queue.add('sweep', { priority: 'low' });
    clock.jump(1_001);
    queue.add('changed', { priority: 'high' });
    expect((await next(queue)).key).toBe('sweep');
  });
});

describe('workers', () => {
  test('that wait get keys in the order of their waiting', async () => {
    const { queue } = newQueue();
    const first = queue.get(forever);
    const second = queue.get(forever);
    queue.add('a');
    queue.add('b');
    expect((await first)?.key).toBe('a');
    expect((await second)?.key).toBe('b');
  });

  test('that stop waiting get nothing, and the key goes to another', async () => {
    const { queue } = newQueue();
    const stopping = new AbortController();
    const stopped = queue.get(stopping.signal);
    const patient = queue.get(forever);
    stopping.abort();
    queue.add('a');
    expect(await stopped).toBeUndefined();
    expect((await patient)?.key).toBe('a');
  });
});

describe('shutting down', () => {
  test('drains: hands out nothing more and ends with the last running pass', async () => {
    const { queue, clock } = newQueue();
    queue.add('a');
    const running = await next(queue);
    queue.add('a');
    queue.addAfter('delayed', 10);
    const idle = queue.get(forever);
    let drained = false;
    const draining = queue.drain().then(() => {
      drained = true;
    });
    await settle();
    expect(drained).toBe(false);
    queue.add('late');
    queue.done(running);
    await draining;
    await clock.advance(1_000);
    expect(queue.depth).toBe(0);
    expect(clock.timers).toBe(0);
    expect([await idle, await queue.get(forever)]).toEqual([undefined, undefined]);
  });
});

test('metrics have the names and labels of controller-runtime', async () => {
  const clock = createVirtualClock();
  const metrics = createMetrics({ processMetrics: false });
  const queue = createWorkQueue({
    name: 'links',
    clock,
    random: () => 0,
    metrics: metrics.workQueue,
  });
  queue.add('a');
  queue.add('b', { priority: 'high' });
  queue.addRateLimited('c');
  clock.jump(3_000);
  const item = await next(queue);
  clock.jump(4_000);
  const text = await metrics.registry.metrics();
  const labels = 'name="links",controller="links"';
  expect(text).toContain(`workqueue_depth{${labels},priority="normal"} 1`);
  expect(text).toContain(`workqueue_adds_total{${labels}} 2`);
  expect(text).toContain(`workqueue_retries_total{${labels}} 1`);
  expect(text).toContain(`workqueue_queue_duration_seconds_sum{${labels}} 3`);
  expect(text).toContain(`workqueue_longest_running_processor_seconds{${labels}} 4`);
  expect(text).toContain(`workqueue_unfinished_work_seconds{${labels}} 4`);
  queue.done(item);
  expect(await metrics.registry.metrics()).toContain(
    `workqueue_work_duration_seconds_sum{${labels}} 4`,
  );
});
