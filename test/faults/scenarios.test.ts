import { expect, test } from '@jest/globals';
import { referenceOf } from '../../faults/enumerate.ts';
import { createRunKit } from '../../faults/run.ts';
import { scenarios } from '../../faults/scenarios/all.ts';
import { count } from '../environment/figures.ts';

const kit = createRunKit();

test.each(scenarios.map((scenario) => ({ name: scenario.name, scenario })))(
  'keeps every promise while nothing goes wrong: $name',
  async ({ scenario }) => {
    const { violations, points } = await referenceOf(kit, scenario);
    expect(violations).toEqual([]);
    expect(points).not.toHaveLength(0);
    count('scenarios');
  },
);

test('is the same run when it is run again', async () => {
  for (const scenario of scenarios.slice(0, 3)) {
    expect(await referenceOf(kit, scenario)).toEqual(await referenceOf(kit, scenario));
  }
});
