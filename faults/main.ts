/** The program `npm run faults`: see docs/reliability.md. */
import { parseArgs } from 'node:util';
import {
  allFaults,
  referenceOf,
  type RunResult,
  runWithFaults,
  struckPoints,
} from './enumerate.ts';
import { createRunKit, type RunKit } from './run.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { createSeedRunner } from './seeds.ts';

interface Summary {
  scenarios: number;
  runs: number;
  /** Calls of the scenarios, each of which is struck by every fault that it can meet. */
  crashPoints: number;
  seeds: number;
  seconds: number;
  runsPerSecond: number;
  violations: RunResult[];
}

const { values } = parseArgs({
  options: {
    /** How many random runs; with it the enumeration is left out unless `--enumerate` is given. */
    seeds: { type: 'string', default: '0' },
    'first-seed': { type: 'string', default: '1' },
    enumerate: { type: 'boolean', default: false },
    /** Only the scenarios whose name has this text. */
    scenario: { type: 'string', default: '' },
    /** Only these kinds of faults, with commas; `none`: only the runs without faults. */
    kinds: { type: 'string', default: '' },
    /** Ends at the first violation of this oracle: for mutants of the operator. */
    expect: { type: 'string' },
    replay: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const failed: unknown[] = [];
process.on('unhandledRejection', (error) => failed.push(error));
const kit = createRunKit();
const startedAt = performance.now();
const summary = await main(kit);
summary.seconds = Math.round((performance.now() - startedAt) / 100) / 10;
summary.runsPerSecond = Math.round((summary.runs / summary.seconds) * 10) / 10;
print(summary);
// The processes of the runs were not ended in order, and never will be.
const isFine = summary.violations.length + failed.length === 0 && values.expect === undefined;
process.exit(isFine ? 0 : 1);

async function main(with_: RunKit): Promise<Summary> {
  const total = emptySummary();
  if (values.replay !== undefined) {
    note(total, await createSeedRunner(with_).run(Number(values.replay)));
    return total;
  }
  const seeds = Number(values.seeds);
  if (seeds === 0 || values.enumerate) await enumerate(with_, total);
  const runner = createSeedRunner(with_);
  const first = Number(values['first-seed']);
  for (let seed = first; seed < first + seeds; seed += 1) {
    const result = await runner.run(seed);
    note(total, { ...result, scenario: `seed ${seed}: ${result.scenario}` });
    total.seeds += 1;
  }
  return total;
}

async function enumerate(with_: RunKit, total: Summary): Promise<void> {
  for (const scenario of scenarios.filter(isWanted)) {
    const reference = await referenceOf(with_, scenario);
    total.scenarios += 1;
    total.crashPoints += struckPoints(reference).length;
    const { violations } = reference;
    note(total, { scenario: scenario.name, faults: [], violations });
    for (const fault of allFaults(scenario, reference)) {
      if (values.kinds !== '' && !values.kinds.split(',').includes(fault.kind)) continue;
      note(total, await runWithFaults(with_, scenario, reference, [fault]));
    }
    if (!values.json) console.log(`${scenario.name}: ${reference.points.length} calls`);
  }
}

function isWanted({ name }: Scenario): boolean {
  if (values.expect !== undefined) return name === values.scenario;
  return name.includes(values.scenario);
}

function emptySummary(): Summary {
  return {
    scenarios: 0,
    runs: 0,
    crashPoints: 0,
    seeds: 0,
    seconds: 0,
    runsPerSecond: 0,
    violations: [],
  };
}

function note(total: Summary, result: RunResult): void {
  total.runs += 1;
  if (result.violations.some(({ oracle }) => oracle === values.expect)) {
    console.log(JSON.stringify(result));
    process.exit(0);
  }
  if (result.violations.length === 0) return;
  total.violations.push(result);
  if (!values.json) console.log(JSON.stringify(result));
}

function print(total: Summary): void {
  if (values.json) {
    console.log(JSON.stringify(total, null, 2));
    return;
  }
  const { violations, ...figures } = total;
  console.log(JSON.stringify({ ...figures, violations: violations.length }));
  for (const error of failed) console.log('nobody caught:', error);
}
