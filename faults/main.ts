/** The program behind `npm run faults`: see docs/reliability.md. Findings go to stderr as they come. */
import { parseArgs } from 'node:util';
import {
  allFaults,
  crashPointsOf,
  referenceOf,
  type RunResult,
  runWithFaults,
  unlikeFaults,
} from './enumerate.ts';
import { createRunKit, type RunKit } from './run.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { createSeedRunner } from './seeds.ts';

/** The work done for one scenario. */
interface ScenarioFigures {
  /** Calls that are struck by every fault that they can meet. */
  crashPoints: number;
  runs: number;
  violations: number;
}

interface Summary {
  scenarios: number;
  /** Calls of the scenarios, each of which is struck by every fault that it can meet. */
  crashPoints: number;
  runs: number;
  /** Faults that struck in these runs. */
  faults: number;
  seeds: number;
  seconds: number;
  violations: RunResult[];
  /** By the name of the scenario. */
  byScenario: Record<string, ScenarioFigures>;
}

const { values } = parseArgs({
  options: {
    /** How many random runs; with it the enumeration is left out unless `--enumerate` is given. */
    seeds: { type: 'string', default: '0' },
    'first-seed': { type: 'string', default: '1' },
    enumerate: { type: 'boolean', default: false },
    /** Only the scenarios whose name this regular expression matches. */
    scenario: { type: 'string', default: '' },
    /** Only these kinds of faults, with commas; `none`: only the runs without faults. */
    kinds: { type: 'string', default: '' },
    /** Of equal neighbours among the calls only the first and the last are struck. */
    unlike: { type: 'boolean', default: false },
    /** Ends at the first violation of this oracle: for mutants of the operator. */
    expect: { type: 'string' },
    replay: { type: 'string' },
    /** `1/4`: only each fourth run, beginning with the second. */
    shard: { type: 'string', default: '0/1' },
    json: { type: 'boolean', default: false },
  },
});

const [shard = 0, shards = 1] = values.shard.split('/').map(Number);
const failed: unknown[] = [];
process.on('unhandledRejection', (error) => failed.push(error));
const kit = createRunKit();
const startedAt = performance.now();
const summary = await main(kit);
summary.seconds = Math.round((performance.now() - startedAt) / 100) / 10;
const { violations, byScenario: _rows, ...figures } = summary;
console.log(
  values.json
    ? JSON.stringify(summary, null, 2)
    : JSON.stringify({ ...figures, violations: violations.length }),
);
for (const error of failed) console.error('nobody caught:', error);
// The processes of the runs were not ended in order, and never will be.
const isFine = violations.length + failed.length === 0 && values.expect === undefined;
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
    if (seed % shards !== shard) continue;
    const result = await runner.run(seed);
    note(total, { ...result, scenario: `seed ${seed}: ${result.scenario}` });
    total.seeds += 1;
  }
  return total;
}

async function enumerate(with_: RunKit, total: Summary): Promise<void> {
  const turn = turns();
  for (const scenario of scenarios.filter(isWanted)) {
    const reference = await referenceOf(with_, scenario);
    const struck = values.unlike ? unlikeFaults : allFaults;
    const faults = struck(scenario, reference).filter(({ kind }) => isWantedKind(kind));
    const crashPoints = crashPointsOf(faults);
    total.scenarios += 1;
    total.crashPoints += crashPoints;
    const [runs, known] = [total.runs, total.violations.length];
    const { violations } = reference;
    if (turn()) note(total, { scenario: scenario.name, faults: [], violations });
    for (const fault of faults) {
      if (turn()) note(total, await runWithFaults(with_, scenario, reference, [fault]));
    }
    total.byScenario[scenario.name] = {
      crashPoints,
      runs: total.runs - runs,
      violations: total.violations.length - known,
    };
    if (shard === 0) console.error(`${scenario.name}: ${faults.length} faults`);
  }
}

/** Says for one run after another whether it is this shard's. */
function turns(): () => boolean {
  let runs = -1;
  return () => {
    runs += 1;
    return runs % shards === shard;
  };
}

function isWanted({ name }: Scenario): boolean {
  if (values.expect !== undefined) return name === values.scenario;
  return new RegExp(values.scenario).test(name);
}

function isWantedKind(kind: string): boolean {
  return values.kinds === '' || values.kinds.split(',').includes(kind);
}

function emptySummary(): Summary {
  return {
    scenarios: 0,
    crashPoints: 0,
    runs: 0,
    faults: 0,
    seeds: 0,
    seconds: 0,
    violations: [],
    byScenario: {},
  };
}

function note(total: Summary, result: RunResult): void {
  total.runs += 1;
  total.faults += result.faults.length;
  if (result.violations.some(({ oracle }) => oracle === values.expect)) {
    console.error(JSON.stringify(result));
    process.exit(0);
  }
  if (result.violations.length === 0) return;
  total.violations.push(result);
  console.error(JSON.stringify(result));
}
