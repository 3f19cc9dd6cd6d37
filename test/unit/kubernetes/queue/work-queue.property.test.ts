import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createWorkQueue, type WorkItem } from '../../../../src/kubernetes/queue/work-queue.ts';
import type { Priority } from '../../../../src/kubernetes/queue/ready-lists.ts';
import { createVirtualClock, settle } from '../../../time/virtual-clock.ts';

type Command =
  | {
      readonly do: 'add';
      readonly key: string;
      readonly delayMs: number;
      readonly priority: Priority;
    }
  | { readonly do: 'fail'; readonly key: string }
  | { readonly do: 'get' }
  | { readonly do: 'done'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number };

const key = fc.constantFrom('a', 'b', 'c', 'd');
const priority = fc.constantFrom<Priority>('high', 'normal', 'low');
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), key, delayMs: fc.constant(0), priority }),
  fc.record({ do: fc.constant('add' as const), key, delayMs: fc.nat(5_000), priority }),
  fc.record({ do: fc.constant('fail' as const), key }),
  fc.record({ do: fc.constant('get' as const) }),
  fc.record({ do: fc.constant('done' as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(3_000) }),
);

/** What was asked for and not handed out yet: the earliest moment for each key. */
type Asked = Map<string, { dueAt: number; priority: Priority }>;

const rank = { high: 0, normal: 1, low: 2 } as const;

function ask(asked: Asked, name: string, dueAt: number, wanted: Priority): void {
  const before = asked.get(name);
  asked.set(name, {
    dueAt: Math.min(dueAt, before?.dueAt ?? Number.POSITIVE_INFINITY),
    priority: before && rank[before.priority] < rank[wanted] ? before.priority : wanted,
  });
}

test('no key runs twice at once, nothing is lost, no delay is cut short', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 1, maxLength: 80 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      async (commands, chance) => {
        const clock = createVirtualClock();
        const queue = createWorkQueue({ name: 'q', clock, random: () => chance });
        const { signal } = new AbortController();
        const asked: Asked = new Map();
        const running = new Map<string, WorkItem>();

        const take = async (): Promise<boolean> => {
          const controller = new AbortController();
          const got = queue.get(controller.signal);
          await settle();
          controller.abort();
          const item = await got;
          if (item === undefined) return false;
          expect(running.has(item.key)).toBe(false);
          const wish = asked.get(item.key);
          expect(wish).toBeDefined();
          expect(item.enqueuedAt).toBe(wish?.dueAt);
          expect(clock.now()).toBeGreaterThanOrEqual(item.enqueuedAt);
          expect(item.priority).toBe(wish?.priority);
          asked.delete(item.key);
          running.set(item.key, item);
          return true;
        };
        const run = async (each: Command): Promise<void> => {
          switch (each.do) {
            case 'add':
              queue.addAfter(each.key, each.delayMs, { priority: each.priority });
              ask(asked, each.key, clock.now() + each.delayMs, each.priority);
              return;
            case 'fail':
              ask(asked, each.key, clock.now() + queue.addRateLimited(each.key), 'normal');
              return;
            case 'get': {
              const mayGet = [...asked].some(
                ([name, wish]) => !running.has(name) && wish.dueAt <= clock.now(),
              );
              expect(await take()).toBe(mayGet);
              return;
            }
            case 'done': {
              const item = [...running.values()][each.which];
              if (item === undefined) return;
              running.delete(item.key);
              queue.done(item);
              return;
            }
            case 'wait':
              await clock.advance(each.ms);
              return;
            default:
              each satisfies never;
          }
        };

        for (const each of commands) await run(each);
        // In the end everything that was asked for comes out.
        for (const item of running.values()) queue.done(item);
        running.clear();
        await clock.advance(400_000);
        while (await take());
        expect([...asked.keys()]).toEqual([]);
        expect(await Promise.race([queue.get(signal), settle()])).toBeUndefined();
      },
    ),
    { numRuns: 300 },
  );
});
