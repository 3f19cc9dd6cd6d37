import { setMaxListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CallBudget, createCallBudget } from '../../../../src/aws/rate-limit/call-budget.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { createVirtualClock, type VirtualClock } from '../../../time/virtual-clock.ts';

const create = 'ec2:CreateVpcEndpoint';

/** A caller as the reconciler is one: it comes back when it is told to. */
async function persist(
  budget: CallBudget,
  clock: VirtualClock,
  place: string,
  signal = new AbortController().signal,
): Promise<number> {
  for (;;) {
    try {
      await budget.acquire(create, { place, signal });
      return clock.now();
    } catch (error) {
      if (!(error instanceof CloudError) || error.retryAfterMs === undefined) throw error;
      const { retryAfterMs } = error;
      await new Promise<void>((resolve) => {
        clock.setTimer(resolve, retryAfterMs);
      });
    }
  }
}

test('forty creations at 0.3 per second all get through, at the pace that AWS allows', async () => {
  const clock = createVirtualClock(0);
  const budget = createCallBudget({ clock });
  const served: [string, number][] = [];
  const names = Array.from({ length: 40 }, (_, index) => `link-${index}`);
  for (const name of names) {
    void persist(budget, clock, name).then((at) => served.push([name, at]));
  }
  await clock.advance(125_000);
  expect(served.map(([name]) => name).sort()).toEqual(names.toSorted());
  // Three at once, and the other 37 one each 3.33 seconds: nothing of AWS's pace is wasted.
  expect(Math.max(...served.map(([, at]) => at))).toBeLessThan(37 * 3334 + 1000);
});

test('no caller is held longer than the bound, and each is told when to come back', async () => {
  const clock = createVirtualClock(0);
  const budget = createCallBudget({ clock, maxWaitMs: 4000 });
  const { signal } = new AbortController();
  const outcomes: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    void budget.acquire(create, { place: `${index}`, signal }).then(
      () => outcomes.push(`${index} served at ${clock.now()}`),
      (error: CloudError) => outcomes.push(`${index} sent away for ${error.retryAfterMs} ms`),
    );
  }
  await clock.advance(4000);
  expect(outcomes).toEqual([
    '0 served at 0',
    '1 served at 0',
    '2 served at 0',
    '4 sent away for 4667 ms',
    '5 sent away for 8000 ms',
    '3 served at 3334',
  ]);
});

test('who comes back stands before those who came later', async () => {
  const clock = createVirtualClock(0);
  const limits = { [create]: { burst: 1, perSecond: 0.1 } };
  const budget = createCallBudget({ clock, limits, maxWaitMs: 12_000 });
  const { signal } = new AbortController();
  const served: string[] = [];
  const enter = (place: string) =>
    budget.acquire(create, { place, signal }).then(
      () => served.push(place),
      () => undefined,
    );
  void enter('first');
  void enter('second');
  void enter('third');
  await clock.advance(9000);
  void enter('fourth');
  void enter('third');
  await clock.advance(20_000);
  void enter('fourth');
  await clock.advance(20_000);
  expect(served).toEqual(['first', 'second', 'third', 'fourth']);
});

test('a throttled action pauses, slows down and recovers', async () => {
  const clock = createVirtualClock(0);
  const action = 'ec2:DescribeVpcs';
  const budget = createCallBudget({ clock, limits: { [action]: { burst: 10, perSecond: 10 } } });
  const { signal } = new AbortController();
  async function servedIn(ms: number): Promise<number> {
    let served = 0;
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    for (let index = 0; index < 40; index += 1) {
      budget.acquire(action, { signal: controller.signal }).then(
        () => {
          served += 1;
        },
        () => undefined,
      );
    }
    await clock.advance(ms);
    controller.abort();
    await clock.advance(0);
    return served;
  }
  budget.throttled(action);
  expect(await servedIn(999)).toBe(0);
  expect(await servedIn(1001)).toBe(5);
  for (let index = 0; index < 8; index += 1) budget.accepted(action);
  expect(await servedIn(1000)).toBe(10);
  await budget.acquire('ec2:DescribeSubnets', { signal });
});

test('an aborted caller leaves the line', async () => {
  const clock = createVirtualClock(0);
  const budget = createCallBudget({ clock, limits: { [create]: { burst: 1, perSecond: 1 } } });
  const { signal } = new AbortController();
  await budget.acquire(create, { signal });
  const controller = new AbortController();
  const aborted = budget.acquire(create, { signal: controller.signal });
  const next = budget.acquire(create, { signal }).then(() => clock.now());
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ kind: 'Aborted' });
  await clock.advance(1000);
  expect(await next).toBe(1000);
});

test('no window of time sees more calls than burst plus refill', async () => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 30 });
  const limit = fc.record({
    burst: fc.integer({ min: 1, max: 5 }),
    perSecond: fc.constantFrom(0.3, 1, 3),
  });
  await fc.assert(
    fc.asyncProperty(arrivals, limit, async (times, { burst, perSecond }) => {
      const clock = createVirtualClock(0);
      const budget = createCallBudget({ clock, limits: { [create]: { burst, perSecond } } });
      const served: number[] = [];
      times.forEach((time, index) => {
        clock.setTimer(() => {
          void persist(budget, clock, `${index}`).then((at) => served.push(at));
        }, time);
      });
      await clock.advance(20_000 + (times.length * 1000) / perSecond + 10_000);
      expect(served).toHaveLength(times.length);
      for (const [index, start] of served.entries()) {
        for (const [later, end] of served.slice(index).entries()) {
          const allowed = burst + ((end - start) / 1000) * perSecond;
          expect(later + 1).toBeLessThanOrEqual(allowed + 1e-3);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('with a share of AWS’s rates the calls come at that part of the pace', async () => {
  const clock = createVirtualClock(0);
  const budget = createCallBudget({ clock, share: 0.5 });
  const served: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    void persist(budget, clock, `link-${index}`).then((at) => served.push(at));
  }
  await clock.advance(60_000);
  // One at once, and the other four one each 6.67 seconds.
  expect(Math.max(...served)).toBeGreaterThan(26_000);
  expect(served).toHaveLength(5);
});
