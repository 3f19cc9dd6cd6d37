/** Early looks against a real work queue: no change goes unseen, and no storm of events makes a storm of looks. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createWorkQueue, type WorkQueue } from '../../../../src/kubernetes/queue/work-queue.ts';
import {
  createEarlyLooks,
  earlyLookEveryMs,
  sweepAfter,
} from '../../../../src/reconcile/hints/early-looks.ts';
import { nextPass } from '../../../../src/reconcile/waits/next-pass.ts';
import { createVirtualClock, type VirtualClock } from '../../../time/virtual-clock.ts';

interface World {
  readonly clock: VirtualClock;
  readonly queue: WorkQueue;
  /** Times at which a worker got the link, with the reasons. */
  readonly passes: { readonly at: number; readonly reasons: readonly string[] }[];
  readonly end: () => void;
}

/** A queue whose one worker is done with each key at once. */
function worldOf(): World {
  const clock = createVirtualClock();
  const queue = createWorkQueue({ name: 'test', clock, random: () => 0 });
  const over = new AbortController();
  const passes: World['passes'] = [];
  void (async () => {
    for (;;) {
      const item = await queue.get(over.signal);
      if (item === undefined) return;
      passes.push({ at: clock.now(), reasons: item.reasons });
      queue.done(item);
    }
  })();
  return { clock, queue, passes, end: () => over.abort() };
}

const pause = fc.integer({ min: 1, max: 40_000 });
/** Events, and passes for other reasons, which may come in between and take a look's place. */
const step = fc.record({ pause, what: fc.constantFrom('event', 'event', 'network', 'sweep') });

test('each change is followed by a pass soon, and early looks stay apart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const { clock, queue, passes, end } = worldOf();
      const looks = createEarlyLooks({ queue, clock });
      const changes: { readonly at: number; readonly isOfNetwork: boolean }[] = [];
      for (const { pause: ms, what } of steps) {
        await clock.advance(ms);
        if (what === 'sweep') queue.addAfter('ml', 5_000, { priority: 'low', reason: 'Sweep' });
        else {
          changes.push({ at: clock.now(), isOfNetwork: what === 'network' });
          looks.ask('ml', what === 'network');
        }
      }
      await clock.advance(2 * earlyLookEveryMs);
      end();
      for (const { at, isOfNetwork } of changes) {
        const seenBy = passes.find(
          (pass) => pass.at >= at && (!isOfNetwork || pass.reasons.includes('NetworkHint')),
        );
        expect(seenBy?.at ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
          at + earlyLookEveryMs + 3_000,
        );
      }
      const early = passes.filter(({ reasons }) => !reasons.includes('Sweep')).map(({ at }) => at);
      const apart = early.slice(1).map((at, index) => at - (early[index] ?? 0));
      expect(apart.filter((ms) => ms < earlyLookEveryMs)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a thousand events of one moment are one look', async () => {
  const { clock, queue, passes, end } = worldOf();
  const looks = createEarlyLooks({ queue, clock });
  const asked = Array.from({ length: 1_000 }, () => looks.ask('ml', false));
  await clock.advance(600_000);
  end();
  expect(asked.filter(Boolean)).toHaveLength(1);
  expect(passes).toHaveLength(1);
});

test('looks of many links at one moment come together, so that they share their reads', async () => {
  const { clock, queue, passes, end } = worldOf();
  const looks = createEarlyLooks({ queue, clock });
  for (let link = 0; link < 50; link += 1) looks.ask(`link-${link}`, false);
  await clock.advance(10_000);
  end();
  expect(passes).toHaveLength(50);
  expect(new Set(passes.map(({ at }) => at)).size).toBe(1);
});

test('a link that fails keeps its growing pauses, whatever messages say', async () => {
  const { clock, queue, passes, end } = worldOf();
  const looks = createEarlyLooks({ queue, clock });
  for (let failure = 0; failure < 8; failure += 1) queue.addRateLimited('ml');
  await clock.advance(1_000);
  const before = passes.length;
  expect(looks.ask('ml', true)).toBe(false);
  await clock.advance(30_000);
  end();
  expect(passes).toHaveLength(before);
});

test('a second look follows the first when no change of ours is in doubt any more, and not much later', () => {
  const settleMs = 60_000;
  const hour = 3_600_000;
  fc.assert(
    fc.property(fc.nat(10 * hour), fc.constantFrom('Hint', 'NetworkHint'), (now, reason) => {
      const nothing = { problems: [], waits: [] };
      const next = nextPass(nothing, { sweepMs: sweepAfter(['Sweep', reason], hour) }, now);
      expect(next).toMatchObject({ kind: 'after', priority: 'low' });
      const delayMs = next.kind === 'after' ? next.delayMs : 0;
      expect(delayMs).toBeGreaterThanOrEqual(settleMs);
      expect(delayMs).toBeLessThanOrEqual(3 * settleMs);
    }),
  );
  expect(sweepAfter(['Sweep'], hour)).toBe(hour);
  expect(sweepAfter(['Hint'], 10_000)).toBe(10_000);
});
