import { expect, test } from '@jest/globals';
import { scenarios } from '../../faults/scenarios/all.ts';
import { brokenRuns } from './struck.ts';

const minutesMs = 10 * 60_000;

test(
  'F13, F20: two replicas keep every promise when one freezes, is cut off or asked to end at any call of "create"',
  async () => {
    const kinds = ['freeze', 'freeze-after', 'cut', 'terminate'] as const;
    const { runs, broken } = await brokenRuns('two replicas: create', kinds);
    expect(runs).toBeGreaterThan(150);
    expect(broken).toEqual([]);
  },
  minutesMs,
);

const late = scenarios.map(({ name }) => name).filter((name) => name.includes('comes late'));

test.each(late)(
  'F13: nothing is doubled or lost by a call that left when another replica leads: %s',
  async (name) => {
    const { runs, broken } = await brokenRuns(name);
    expect(runs).toBeGreaterThan(1);
    expect(broken).toEqual([]);
  },
  minutesMs,
);
