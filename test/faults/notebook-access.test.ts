import { expect, test } from '@jest/globals';
import { brokenRuns } from './struck.ts';

const minutesMs = 10 * 60_000;

test.each(['notebook access: on from the start', 'notebook access: delete the link'])(
  'F1, F2, F3: keeps every promise when the process dies in "%s", or an answer is lost',
  async (name) => {
    const { runs, broken } = await brokenRuns(name, ['crash-before', 'crash-after', 'lost']);
    expect(runs).toBeGreaterThan(60);
    expect(broken).toEqual([]);
  },
  minutesMs,
);
