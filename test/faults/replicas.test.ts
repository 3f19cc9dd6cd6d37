import { expect, test } from '@jest/globals';
import { scenarios } from '../../faults/scenarios/all.ts';
import { brokenRuns } from './struck.ts';

const minutesMs = 20 * 60_000;

const struck = [
  ['freeze', 'freeze-after', 'cut'],
  ['terminate', 'join', 'unlease'],
] as const;

test.each(struck)(
  'F13, F20, F24: two replicas keep every promise under "%s", "%s" and "%s" in "create"',
  async (...kinds) => {
    const { runs, broken } = await brokenRuns('two replicas: create', kinds);
    expect(runs).toBeGreaterThan(100);
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
