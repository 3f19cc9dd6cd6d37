/** A scenario with faults, and what is compared with the run without any. */
import { endOf } from './ends.ts';
import { type CallPoint, describeFault, faultsFor, type PlannedFault } from './faults.ts';
import { firstDifference } from './oracles/difference.ts';
import type { Outcome } from './oracles/watcher.ts';
import type { Violation } from './oracles/violation.ts';
import { Run, type RunKit } from './run.ts';
import { linkName, type Scenario } from './scenarios/scenario.ts';

/** A run without faults. */
export interface Reference {
  readonly points: readonly CallPoint[];
  readonly outcome: Outcome;
  readonly violations: readonly Violation[];
}

/** How one run ended. */
export interface RunResult {
  readonly scenario: string;
  readonly faults: readonly string[];
  readonly violations: readonly Violation[];
}

interface Played {
  readonly run: Run;
  readonly outcome: Outcome;
}

export interface PlayOptions {
  readonly seed?: number;
  readonly restartMs?: number;
}

async function play(
  kit: RunKit,
  scenario: Scenario,
  faults: readonly PlannedFault[],
  options: PlayOptions = {},
): Promise<Played> {
  const { aws, replicas, skewOf, flags } = scenario;
  const run = new Run(kit, {
    ...(aws === undefined ? {} : { aws }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(skewOf === undefined ? {} : { skewOf }),
    ...(flags === undefined ? {} : { flags }),
    ...options,
    faultAt: ({ n }) => faults.find((fault) => fault.n === n)?.kind,
  });
  const begunAt = run.time.now();
  try {
    if (scenario.before !== undefined) {
      await scenario.before(run);
      if (!(await run.rest())) run.watcher.note('O4', 'no rest before the scenario begins');
    }
    // Not in the very moment of a look, whose answers would still be fresh.
    await run.pass(7_000);
    run.beginStriking();
    // Until the watches are open again: what happens then comes through them.
    await run.pass(3_000);
    if (faults.some(({ kind }) => kind === 'stale')) run.watcher.isCertain = false;
    if (faults.some(({ kind }) => kind === 'late')) run.watcher.mayOverlap = true;
    run.watcher.beginChange();
    await scenario.act(run);
    if (!(await run.rest())) run.watcher.note('O4', `no rest: ${statusOf(run)}`);
    if (isOneChange(scenario)) run.watcher.endChange();
    const outcome = run.watcher.conclude();
    const minutes = (run.time.now() - begunAt) / 60_000;
    if (outcome.calls > 150 + mostCallsPerMinute * minutes) {
      run.watcher.note('O9', `${outcome.calls} calls in ${minutes.toFixed(1)} min`);
    }
    const changes = run.boundary.points().filter(({ to, isRead }) => to === 'aws' && !isRead);
    if (scenario.isIdle === true && faults.length === 0 && changes.length > 0) {
      run.watcher.note('O5', `${changes.length} changes at AWS where there is nothing to do`);
    }
    const end = endOf(run);
    if (end !== scenario.end) run.watcher.note('O6', `ends ${end}, not ${scenario.end}`);
    return { run, outcome };
  } finally {
    run.close();
  }
}

/** Only where one spec follows another one is it known who has access before and after. */
function isOneChange({ name }: Scenario): boolean {
  return /^(two replicas: )?notebook access: /.test(name);
}

function statusOf(run: Run): string {
  return JSON.stringify(run.link(linkName)?.status?.conditions ?? 'no status').slice(0, 600);
}

/** Runs a scenario without faults. */
export async function referenceOf(
  kit: RunKit,
  scenario: Scenario,
  options: PlayOptions = {},
): Promise<Reference> {
  const { run, outcome } = await play(kit, scenario, [], options);
  return { points: run.boundary.points(), outcome, violations: run.violations() };
}

/** Of a scenario that takes hours the first calls are struck, and those about Leases among them: after them it only waits. */
const mostPoints = 100;

/** Every fault of the scenario at every call that is struck. */
export function allFaults({ kinds }: Scenario, { points }: Reference): readonly PlannedFault[] {
  const isWork = ({ name }: CallPoint): boolean => !name.endsWith(' leases');
  const last = points.filter(isWork)[mostPoints - 1]?.n ?? Infinity;
  return points
    .filter(({ n }) => n <= last)
    .flatMap((point) => faultsFor(point, kinds).map((kind) => ({ n: point.n, kind })));
}

/**
 * Those faults of which none is like its neighbour. Between two changes a process asks the same again
 * and again: while it waits for AWS, and when it renews its lease. A fault at one of these calls
 * meets the same world and the same memory as at the next one, so only the first and the last of
 * them are struck, of each name and process. Every change is.
 */
export function unlikeFaults(scenario: Scenario, reference: Reference): readonly PlannedFault[] {
  const ends = endsOfRepetitions(reference.points);
  return allFaults(scenario, reference).filter(({ n }) => ends.has(n));
}

/** Those at changes, and at the first of the calls of each name and process that change nothing: for short runs. */
export function firstFaults(scenario: Scenario, reference: Reference): readonly PlannedFault[] {
  const met = new Set<string>();
  const struck = new Set<number>();
  for (const point of reference.points) {
    const call = `${point.by} ${point.name}`;
    if (!isRepeatable(point) || !met.has(call)) struck.add(point.n);
    met.add(call);
  }
  return allFaults(scenario, reference).filter(({ n }) => struck.has(n));
}

/** The numbers of the calls that are changes, or the first or last of equal ones between changes. */
function endsOfRepetitions(points: readonly CallPoint[]): ReadonlySet<number> {
  const ends = new Set<number>();
  let lastOf = new Map<string, number>();
  const endPhase = (): void => {
    for (const n of lastOf.values()) ends.add(n);
    lastOf = new Map();
  };
  for (const point of points) {
    const call = `${point.by} ${point.name}`;
    if (!isRepeatable(point)) {
      endPhase();
      ends.add(point.n);
    } else if (!lastOf.has(call)) ends.add(point.n);
    if (isRepeatable(point)) lastOf.set(call, point.n);
  }
  endPhase();
  return ends;
}

/** It changes nothing that anybody decides by, as long as the same process makes it. */
function isRepeatable({ isRead, name }: CallPoint): boolean {
  return isRead || /^(update|patch|replace) leases$/.test(name);
}

/** How many calls these faults strike. */
export function crashPointsOf(faults: readonly PlannedFault[]): number {
  return new Set(faults.map(({ n }) => n)).size;
}

/** Runs a scenario with faults and holds it against the run without. */
export async function runWithFaults(
  kit: RunKit,
  scenario: Scenario,
  reference: Reference,
  faults: readonly PlannedFault[],
  options: PlayOptions = {},
): Promise<RunResult> {
  const { run, outcome } = await play(kit, scenario, faults, options);
  compare(run, scenario, reference.outcome, outcome, faults.length);
  const words = faults.map((fault) => {
    const point = run.boundary.points()[fault.n - 1];
    return describeFault(fault, point);
  });
  return { scenario: scenario.name, faults: words, violations: run.violations() };
}

/** A run without faults is bounded too: polls every 5 s, sweeps every minute. */
const mostCallsPerMinute = 120;

/** Each fault may cost some passes and a longer wait, and nothing more. */
const callsPerFault = 150;

function compare(
  run: Run,
  scenario: Scenario,
  expected: Outcome,
  actual: Outcome,
  faults: number,
): void {
  const { watcher } = run;
  for (const what of ['made', 'gone'] as const) {
    const [wanted, found] = [expected[what], actual[what]];
    for (const role of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
      const [times, usual] = [found[role] ?? 0, wanted[role] ?? 0];
      // A pod of a run that is refused ends the run, which is made anew.
      if (role.startsWith('pod in ') && times > usual && times <= usual + 2 * faults) continue;
      if (times === usual || (scenario.mayStopEarly === true && times < usual)) continue;
      // Whether a policy needs a version in between depends on when AWS shows the change, and where
      // it is slow for minutes, on whether the deadline passes after which nobody waits for ways.
      if (role === 'policy version' && (times < usual || scenario.callsVary === true)) continue;
      // A change that comes late undoes what the next leader did, who then does it again.
      if (watcher.mayOverlap) continue;
      watcher.note('O5', `${role} ${what} ${times} times, ${usual} without the fault`);
    }
  }
  for (const what of ['world', 'status'] as const) {
    if (actual[what] === expected[what]) continue;
    watcher.note('O6', `${what}: ${firstDifference(actual[what], expected[what])}`);
  }
  const mostCalls = expected.calls * 2 + callsPerFault * faults;
  if (actual.calls > mostCalls && scenario.callsVary !== true) {
    watcher.note('O9', `${actual.calls} calls, ${expected.calls} without the fault`);
  }
}
