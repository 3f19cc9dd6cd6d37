/** Runs that follow from a number: walks, and scenarios with two or three faults. */
import {
  allFaults,
  type Reference,
  referenceOf,
  type RunResult,
  runWithFaults,
} from './enumerate.ts';
import type { PlannedFault } from './faults.ts';
import type { RunKit } from './run.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { pick, seededRandom } from '../test/model/seeded-random.ts';
import { runWalk } from './walks.ts';

/** Runs seeds; keeps the runs without faults that it needs more than once. */
export interface SeedRunner {
  run(seed: number): Promise<RunResult>;
}

/** Those of which calls are struck. */
const struckScenarios = scenarios.filter(({ kinds }) => kinds === undefined || kinds.length > 0);

export function createSeedRunner(kit: RunKit): SeedRunner {
  const references = new Map<string, Promise<Reference>>();
  return {
    async run(seed) {
      const random = seededRandom(seed);
      if (random() < 0.5) return runWalk(kit, seed);
      const scenario = pick(random, struckScenarios);
      const known = references.get(scenario.name) ?? referenceOf(kit, scenario);
      references.set(scenario.name, known);
      const reference = await known;
      const faults = severalFaults(scenario, reference, random);
      const restartMs = Math.floor(random() * 30_000);
      return runWithFaults(kit, scenario, reference, faults, { seed, restartMs });
    },
  };
}

/** Two or three faults at different calls, close to one another. */
function severalFaults(
  scenario: Scenario,
  reference: Reference,
  random: () => number,
): readonly PlannedFault[] {
  const all = allFaults(scenario, reference);
  const first = pick(random, all);
  const near = all.filter(({ n }) => n > first.n && n <= first.n + 12);
  const more = near.length === 0 ? [] : [pick(random, near), pick(random, near)];
  const faults = [first, ...more.slice(0, 1 + Math.floor(random() * 2))];
  return faults.filter(({ n }, index) => faults.findIndex((one) => one.n === n) === index);
}
