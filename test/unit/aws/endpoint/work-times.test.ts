import { expect, test } from '@jest/globals';
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
    times.look(id);
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
