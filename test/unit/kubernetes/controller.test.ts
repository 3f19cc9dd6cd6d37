import { expect, test } from '@jest/globals';
import {
  createController,
  handledBy,
  type PassResult,
} from '../../../src/kubernetes/controller.ts';
import type { KubernetesObject } from '../../../src/kubernetes/client/object.ts';
import { createWorkQueue } from '../../../src/kubernetes/queue/work-queue.ts';
import type { ResourceChange } from '../../../src/kubernetes/watch/resource-cache.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { createVirtualClock, settlePasses } from '../../time/virtual-clock.ts';

/** A watch that a test moves. */
function fakeWatch() {
  const handlers = new Set<(change: ResourceChange<KubernetesObject>) => void>();
  let resolveSynced: () => void = () => undefined;
  const synced = new Promise<void>((resolve) => {
    resolveSynced = resolve;
  });
  return {
    watch: {
      synced,
      subscribe(handler: (change: ResourceChange<KubernetesObject>) => void) {
        handlers.add(handler);
        return () => handlers.delete(handler);
      },
    },
    sync: () => resolveSynced(),
    tell(name: string) {
      const change = { kind: 'added', object: { metadata: { name } } } as const;
      for (const handler of handlers) handler(change);
    },
    listeners: () => handlers.size,
  };
}

function setUp(reconcile: (key: string) => Promise<PassResult> = async () => 'success') {
  const clock = createVirtualClock();
  const queue = createWorkQueue({ name: 'q', clock, random: () => 0 });
  const { reconcile: metrics, registry } = createMetrics({ processMetrics: false });
  const [namespaces, pets] = [fakeWatch(), fakeWatch()];
  const controller = createController({
    name: 'things',
    watches: [
      handledBy(namespaces.watch, ({ object }, keys) => keys.add(object.metadata.name)),
      handledBy(pets.watch, ({ object }, keys) => {
        for (const key of ['x', 'y']) keys.add(`${key} of ${object.metadata.name}`);
      }),
    ],
    queue,
    reconcile: (item) => reconcile(item.key),
    workers: 1,
    clock,
    logger: silentLogger(),
    metrics,
  });
  const stopping = new AbortController();
  return { clock, queue, registry, namespaces, pets, controller, stopping };
}

test('changes of every watch become passes, once all watches are synced', async () => {
  const passes: string[] = [];
  const { controller, namespaces, pets, queue, stopping, registry } = setUp(async (key) => {
    passes.push(key);
    return 'success';
  });
  const running = controller.run(stopping.signal);
  namespaces.sync();
  queue.add('early');
  await settlePasses();
  expect(passes).toEqual([]);
  pets.sync();
  await settlePasses();
  namespaces.tell('one');
  pets.tell('rex');
  await settlePasses();
  expect(passes).toEqual(['early', 'one', 'x of rex', 'y of rex']);
  expect(await registry.metrics()).toContain(
    'controller_runtime_reconcile_total{controller="things",result="success"} 4',
  );
  stopping.abort();
  await running;
  expect([namespaces.listeners(), pets.listeners()]).toEqual([0, 0]);
});

test('a pass that throws is counted as an error and comes again', async () => {
  let passes = 0;
  const { controller, namespaces, pets, stopping, clock, registry } = setUp(async () => {
    passes += 1;
    throw new Error('bug');
  });
  const running = controller.run(stopping.signal);
  namespaces.sync();
  pets.sync();
  await settlePasses();
  // An alert on growth sees the first one.
  expect(await registry.metrics()).toContain(
    'controller_runtime_reconcile_errors_total{controller="things"} 0',
  );
  namespaces.tell('one');
  await clock.advance(1_000);
  expect(passes).toBe(2);
  const text = await registry.metrics();
  expect(text).toContain('controller_runtime_reconcile_errors_total{controller="things"} 2');
  stopping.abort();
  await running;
});

test('an end before the watches are synced is not waited out', async () => {
  const { controller, stopping } = setUp();
  const running = controller.run(stopping.signal);
  stopping.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
});
