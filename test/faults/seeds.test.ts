import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { createRunKit } from '../../faults/run.ts';
import { createSeedRunner } from '../../faults/seeds.ts';
import { referenceOf, runWithFaults } from '../../faults/enumerate.ts';
import type { PlannedFault } from '../../faults/faults.ts';
import { scenarioOf } from '../../faults/scenarios/all.ts';
import { runWalkOf, type WalkStep } from '../../faults/walks.ts';
import { count } from '../environment/figures.ts';

const minutesMs = 10 * 60_000;
const kit = createRunKit();

/** A failure that was found once: a walk, or a fault at each call of a name. */
interface KeptSeed {
  readonly why: string;
  readonly walk?: readonly WalkStep[];
  readonly scenario?: string;
  readonly fault?: { readonly call: string; readonly kind: PlannedFault['kind'] };
}

const folder = resolve(import.meta.dirname, '../../faults/seeds');
const kept = readdirSync(folder).map((name) => ({
  name,
  ...(JSON.parse(readFileSync(resolve(folder, name), 'utf8')) as KeptSeed),
}));

test.each(kept)('does not fail again: $name', async ({ scenario: name, fault, walk }) => {
  if (walk !== undefined) {
    expect((await runWalkOf(kit, walk)).violations).toEqual([]);
    return;
  }
  const scenario = scenarioOf(name ?? '');
  const reference = await referenceOf(kit, scenario);
  const struck = reference.points.filter((point) => point.name === fault?.call);
  expect(struck).not.toHaveLength(0);
  for (const { n } of struck) {
    const faults = fault === undefined ? [] : [{ n, kind: fault.kind }];
    const { violations } = await runWithFaults(kit, scenario, reference, faults);
    expect(violations).toEqual([]);
  }
});

test.each([1, 41, 81])(
  'F15: keeps every promise on 40 walks and combinations of faults, from seed %d',
  async (first) => {
    const runner = createSeedRunner(kit);
    for (let seed = first; seed < first + 40; seed += 1) {
      const { scenario, faults, violations } = await runner.run(seed);
      expect({ seed, scenario, faults, violations }).toEqual({
        seed,
        scenario,
        faults,
        violations: [],
      });
      count('random runs');
      count('faults survived', faults.length);
    }
  },
  minutesMs,
);
