import { expect, test } from '@jest/globals';
import { createPendingSeries } from '../../../../src/kubernetes/events/pending-series.ts';

interface Series {
  readonly type: 'Normal' | 'Warning';
  readonly name: string;
}

function pending(...series: readonly Series[]) {
  const all = createPendingSeries<Series>(
    ({ type }) => type,
    ({ name }) => name,
  );
  for (const one of series) all.add(one);
  return all;
}

const normal = (name: string): Series => ({ type: 'Normal', name });
const warning = (name: string): Series => ({ type: 'Warning', name });

test('warnings are taken first, each kind in the order of coming', () => {
  const all = pending(normal('a'), warning('b'), normal('c'), warning('d'));
  const taken = Array.from({ length: 5 }, () => all.take()?.name);
  expect(taken).toEqual(['b', 'd', 'a', 'c', undefined]);
  expect(all.size).toBe(0);
});

test('the oldest that is no warning is given up first', () => {
  const all = pending(warning('a'), normal('b'), normal('c'));
  expect([all.giveUp(), all.giveUp(), all.giveUp()].map((one) => one?.name)).toEqual([
    'b',
    'c',
    'a',
  ]);
});

test('what waits about a subject is found until it is taken', () => {
  const [first, second] = [normal('a'), normal('a')];
  const all = pending(first, second);
  expect(all.about('a')).toBe(second);
  all.take();
  expect(all.about('a')).toBe(second);
  all.take();
  expect(all.about('a')).toBeUndefined();
});
