import { expect, test } from '@jest/globals';
import { brokenRuns } from './struck.ts';

const minutesMs = 10 * 60_000;

test.each(['create', 'delete', 'delete during create'])(
  'F1, F2, F3, F5, F6, F9, F17: keeps every promise when any call of "%s" meets any fault',
  async (name) => {
    const { runs, broken } = await brokenRuns(name);
    expect(runs).toBeGreaterThan(150);
    expect(broken).toEqual([]);
  },
  minutesMs,
);
