import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createWorkTimes } from '../../../../src/aws/endpoint/work-times.ts';

const pollMs = 2_000;

test('without experience the pauses grow with the age of the oldest work, and are short for minutes', () => {
  const times = createWorkTimes(pollMs);
  times.begin('old', 0);
  expect(times.dueAt('old', 'pending', Number.NEGATIVE_INFINITY)).toBe(2_000);
  expect(times.dueAt('old', 'pending', 2_000)).toBe(4_000);
  times.begin('young', 79_000);
  expect(times.dueAt('old', 'pending', 20_000)).toBe(22_500);
  expect(times.dueAt('young', 'pending', 179_000)).toBe(182_000);
  expect(times.dueAt('young', 'pending', 240_000)).toBe(270_000);
});

test('the first look comes when the fastest of the last works would be done', () => {
  const times = createWorkTimes(pollMs);
  for (const [id, tookMs] of Object.entries({ a: 70_000, b: 60_000 })) {
    times.begin(id, 0);
    times.look(id, 59_500);
    times.end(id, 'pending', tookMs);
  }
  times.begin('c', 100_000);
  expect(times.dueAt('c', 'pending', 101_000)).toBe(160_000);
  expect(times.dueAt('c', 'pending', 160_000)).toBe(162_000);
  // Of deletions nothing is known yet.
  expect(times.dueAt('c', 'deleting', Number.NEGATIVE_INFINITY)).toBe(102_000);
});

test('an end that was there at the first look lets the next one come earlier', () => {
  const times = createWorkTimes(pollMs);
  times.begin('a', 0);
  times.end('a', 'pending', 60_000);
  times.begin('b', 100_000);
  expect(times.dueAt('b', 'pending', 100_000)).toBe(148_000);
});

test('a work of hours is looked at once a minute', () => {
  const times = createWorkTimes(pollMs);
  times.begin('a', 0);
  const hours = 5 * 3_600_000;
  expect(times.dueAt('a', 'pendingacceptance', hours)).toBe(hours + 60_000);
});

interface Work {
  readonly begunAt: number;
  readonly tookMs: number;
}

/** Looks at works when the times say so: how late each end was seen, and how many looks that took. */
function watched(works: readonly Work[], from = 0): { lags: number[]; looks: number } {
  const times = createWorkTimes(pollMs);
  const open = new Map<string, Work>();
  const [coming, lags] = [works.map((work, index) => ({ id: `w${index}`, work })), [] as number[]];
  let [lastReadAt, looks] = [Number.NEGATIVE_INFINITY, 0];
  for (let [next] = coming; open.size > 0 || next !== undefined; [next] = coming) {
    const dueAt = Math.min(...[...open.keys()].map((id) => times.dueAt(id, 'pending', lastReadAt)));
    if (next !== undefined && next.work.begunAt <= dueAt) {
      times.begin(next.id, next.work.begunAt);
      open.set(next.id, next.work);
      coming.shift();
      continue;
    }
    lastReadAt = Math.max(dueAt, lastReadAt);
    looks += 1;
    for (const [id, { begunAt, tookMs }] of open) {
      if (lastReadAt < begunAt + tookMs) {
        times.look(id, lastReadAt);
        continue;
      }
      times.end(id, 'pending', lastReadAt);
      open.delete(id);
      if (begunAt >= from) lags.push(lastReadAt - begunAt - tookMs);
    }
  }
  return { lags, looks };
}

test('where AWS always takes as long, each end is soon seen within half a pause, by one look', () => {
  const [took, gap] = [
    fc.integer({ min: 20_000, max: 170_000 }),
    fc.integer({ min: 5_000, max: 12_000 }),
  ];
  fc.assert(
    fc.property(took, gap, (tookMs, gapMs) => {
      const works = Array.from({ length: 200 }, (_, index) => ({ begunAt: index * gapMs, tookMs }));
      const { lags, looks } = watched(works, 40 * gapMs);
      expect(lags.filter((lagMs) => lagMs > pollMs / 2).length).toBeLessThanOrEqual(2);
      expect(Math.max(...lags)).toBeLessThanOrEqual(1.5 * pollMs);
      // Without experience there is a look each two or three seconds.
      expect(looks).toBeLessThanOrEqual(works.length + tookMs / 2_000 + 10);
    }),
    { numRuns: 50 },
  );
});

test('once AWS is faster or slower, that is found within half an hour, or at once', () => {
  const each = (count: number, from: number, tookMs: number): Work[] =>
    Array.from({ length: count }, (_, index) => ({ begunAt: from + index * 60_000, tookMs }));
  const fasterAt = 40 * 60_000;
  const faster = watched([...each(40, 0, 59_000), ...each(60, fasterAt, 40_000)], fasterAt);
  expect(faster.lags.slice(45).every((lagMs) => lagMs <= pollMs)).toBe(true);
  const slower = watched([...each(40, 0, 40_000), ...each(60, fasterAt, 59_000)], fasterAt);
  expect(slower.lags.every((lagMs) => lagMs <= 3_000)).toBe(true);
});

test('where many wait, each look is one at works of many ages, and AWS that is much faster is found at once', () => {
  const [gap, took] = [
    fc.integer({ min: 5_000, max: 9_000 }),
    fc.integer({ min: 30_000, max: 50_000 }),
  ];
  fc.assert(
    fc.property(gap, took, (gapMs, tookMs) => {
      const works = Array.from({ length: 120 }, (_, index) => ({
        begunAt: index * gapMs,
        tookMs: index < 60 ? 59_000 : tookMs,
      }));
      const { lags } = watched(works, 60 * gapMs);
      expect(lags.slice(15).every((lagMs) => lagMs <= pollMs / 2)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
