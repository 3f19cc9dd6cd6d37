import { expect, test } from '@jest/globals';
import { brokenRuns } from './struck.ts';

const minutesMs = 10 * 60_000;

test.each([
  'clients: delete',
  'clients: an endpoint is replaced',
  'cluster policy: another priority',
  'cluster policy: delete',
])(
  'F1, F2, F3, F4: keeps every promise when the process dies, or an answer or an event is lost, in "%s"',
  async (name) => {
    const { runs, broken } = await brokenRuns(name, [
      'crash-after',
      'lost',
      'watch-lossy',
      'error',
    ]);
    expect(runs).toBeGreaterThan(60);
    expect(broken).toEqual([]);
  },
  minutesMs,
);

test(
  'F1, F2, F3: keeps every promise when the process dies, or an answer is lost, while pods verify',
  async () => {
    const { runs, broken } = await brokenRuns('verification: the field comes', [
      'crash-after',
      'lost',
    ]);
    expect(runs).toBeGreaterThan(30);
    expect(broken).toEqual([]);
  },
  minutesMs,
);
