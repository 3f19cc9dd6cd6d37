import { expect, test } from '@jest/globals';
import { brokenRuns } from './struck.ts';

const minutesMs = 10 * 60_000;

test(
  'F1, F2, F17: orphans are gone, and the link beside them stays, whatever a change of the sweep meets',
  async () => {
    const { runs, broken } = await brokenRuns(
      'orphans are deleted: the finalizer is taken off by hand',
      ['deny', 'lost', 'crash-after'],
      ({ to, isRead }) => to === 'aws' && !isRead,
    );
    expect(runs).toBeGreaterThan(10);
    expect(broken).toEqual([]);
  },
  minutesMs,
);
