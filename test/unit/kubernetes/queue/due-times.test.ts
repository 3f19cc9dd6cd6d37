import { expect, test } from '@jest/globals';
import { createDueTimes } from '../../../../src/kubernetes/queue/due-times.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';

interface Entry {
  readonly name: string;
  readonly dueAt: number;
}

function newTimes() {
  const clock = createVirtualClock();
  const begunAt = clock.now();
  const told: string[][] = [];
  const times = createDueTimes<Entry>(clock, (entries) => {
    told.push([...entries].map(({ name }) => name));
  });
  const entry = (name: string, inMs: number): Entry => ({ name, dueAt: begunAt + inMs });
  return { clock, times, told, entry };
}

test('entries of one millisecond share a timer and come together', async () => {
  const { clock, times, told, entry } = newTimes();
  for (const [name, inMs] of [
    ['a', 9.2],
    ['b', 10],
    ['c', 9.9],
    ['d', 11],
  ] as const) {
    times.add(entry(name, inMs));
  }
  expect(clock.timers).toBe(2);
  await clock.advance(9);
  expect(told).toEqual([]);
  await clock.advance(2);
  expect(told).toEqual([['a', 'b', 'c'], ['d']]);
});

test('an entry that was taken out does not come, and the last one takes the timer along', async () => {
  const { clock, times, told, entry } = newTimes();
  const [a, b] = [entry('a', 10), entry('b', 10)];
  times.add(a);
  times.add(b);
  times.remove(a);
  times.remove(a);
  times.remove(entry('stranger', 10));
  expect(clock.timers).toBe(1);
  times.remove(b);
  expect(clock.timers).toBe(0);
  times.add(a);
  await clock.advance(10);
  expect(told).toEqual([['a']]);
});

test('nothing comes any more after the end', async () => {
  const { clock, times, told, entry } = newTimes();
  times.add(entry('a', 10));
  times.add(entry('b', 20));
  times.clear();
  expect(clock.timers).toBe(0);
  await clock.advance(30);
  expect(told).toEqual([]);
});

test('an entry whose clock is behind its timer is added again', async () => {
  const clock = createVirtualClock();
  const dueAt = clock.now() + 10;
  let early = 2;
  const come: number[] = [];
  const times = createDueTimes<Entry>(clock, (entries) => {
    for (const entry of entries) {
      come.push(clock.now());
      early -= 1;
      if (early > 0) times.add(entry);
    }
  });
  times.add({ name: 'a', dueAt });
  await clock.advance(20);
  expect(come).toHaveLength(2);
});
