import {
  crashPointsOf,
  firstFaults,
  referenceOf,
  type RunResult,
  runWithFaults,
  unlikeFaults,
} from '../../faults/enumerate.ts';
import type { FaultKind } from '../../faults/faults.ts';
import { createRunKit } from '../../faults/run.ts';
import { scenarioOf } from '../../faults/scenarios/all.ts';
import { count } from '../environment/figures.ts';

/**
 * Strikes the calls of a scenario with every fault, of equal neighbours the first and the last, or with
 * some kinds of faults at every change and the first of all other calls of a name; the runs that went
 * wrong. `npm run faults` strikes every call.
 */
export async function brokenRuns(
  name: string,
  kinds?: readonly FaultKind[],
): Promise<{ readonly runs: number; readonly broken: readonly RunResult[] }> {
  const kit = createRunKit();
  const scenario = scenarioOf(name);
  const reference = await referenceOf(kit, scenario);
  const { violations } = reference;
  const results: RunResult[] = [{ scenario: name, faults: [], violations }];
  const faults =
    kinds === undefined
      ? unlikeFaults(scenario, reference)
      : firstFaults(scenario, reference).filter(({ kind }) => kinds.includes(kind));
  for (const fault of faults) {
    results.push(await runWithFaults(kit, scenario, reference, [fault]));
  }
  const broken = results.filter((one) => one.violations.length > 0);
  count('crash points', crashPointsOf(faults));
  count('runs with faults', faults.length);
  count('faults survived', results.flatMap((one) => one.faults).length - broken.length);
  return { runs: results.length, broken };
}
