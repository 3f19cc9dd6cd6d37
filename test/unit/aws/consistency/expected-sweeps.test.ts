import { expect, test } from '@jest/globals';
import { createExpectedSweeps } from '../../../../src/aws/consistency/expected-sweeps.ts';

const never = Number.NEGATIVE_INFINITY;

test('a read is due from when on it answers a sweep, until the sweep or such a read', () => {
  const sweeps = createExpectedSweeps();
  expect(sweeps.isDue(55, never)).toBe(false);
  sweeps.expect({ from: 50, until: 60 });
  expect(sweeps.isDue(49, never)).toBe(false);
  expect(sweeps.isDue(50, 49)).toBe(true);
  expect(sweeps.isDue(59, 50)).toBe(false);
  expect(sweeps.isDue(60, never)).toBe(false);
});

test('links of one tick are answered by one read, which is new enough for each', () => {
  const sweeps = createExpectedSweeps();
  sweeps.expect({ from: 50, until: 60 });
  sweeps.expect({ from: 59, until: 60 });
  sweeps.expect({ from: 50, until: 60 });
  expect(sweeps.isDue(55, never)).toBe(false);
  expect(sweeps.isDue(59, never)).toBe(true);
});

test('of sweeps at ever other times no more than a hundred are kept', () => {
  const sweeps = createExpectedSweeps();
  for (let at = 1; at <= 200; at += 1) sweeps.expect({ from: at, until: at + 1_000 });
  expect(sweeps.isDue(1_150, 1_000)).toBe(false);
  sweeps.expect({ from: 1_160, until: 1_170 });
  expect(sweeps.isDue(1_165, 1_000)).toBe(true);
});
