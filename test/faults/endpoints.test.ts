import { expect, test } from '@jest/globals';
import { brokenRuns } from './struck.ts';

const minutesMs = 10 * 60_000;

test.each(['create', 'delete', 'delete during create'])(
  'keeps every promise when any call of "%s" meets any fault',
  async (name) => {
    const { runs, broken } = await brokenRuns(name);
    expect(runs).toBeGreaterThan(150);
    expect(broken).toEqual([]);
  },
  minutesMs,
);
