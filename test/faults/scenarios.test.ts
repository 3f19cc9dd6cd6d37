import { expect, test } from '@jest/globals';
import { referenceOf, runWithFaults, unlikeFaults } from '../../faults/enumerate.ts';
import { createRunKit } from '../../faults/run.ts';
import { scenarioOf, scenarios } from '../../faults/scenarios/all.ts';
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

// The SDK is asked once for each request and each answer, so a later run waits for it less.
test.each(['two links want the same service in one VPC', 'two replicas: create'])(
  'is the same run whatever was run before: %s',
  async (name) => {
    const scenario = scenarioOf(name);
    const alone = await referenceOf(createRunKit(), scenario);
    const own = createRunKit();
    await referenceOf(own, scenarioOf('update: everything at once'));
    expect(await referenceOf(own, scenario)).toEqual(alone);
    expect(await referenceOf(own, scenario)).toEqual(alone);
    const faults = unlikeFaults(scenario, alone).slice(-1);
    const struck = await runWithFaults(own, scenario, alone, faults);
    expect(await runWithFaults(createRunKit(), scenario, alone, faults)).toEqual(struck);
  },
);
