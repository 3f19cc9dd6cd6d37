/** Random walks over specs: two roads to one spec end in one state (Acto's differential oracle). */
import { type CallPoint, describeFault, type FaultKind, faultsFor } from './faults.ts';
import { endOf } from './ends.ts';
import { firstDifference } from './oracles/difference.ts';
import type { Outcome } from './oracles/watcher.ts';
import type { RunResult } from './enumerate.ts';
import { plainSpec } from './links.ts';
import { Run, type RunKit } from './run.ts';
import { linkName } from './scenarios/scenario.ts';
import { pick, seededRandom } from '../test/model/seeded-random.ts';
import type { Surroundings } from './world/foreign.ts';

type Spec = Record<string, unknown>;

const narrow = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sagemaker:List*', Resource: '*' }],
};

/** For each field of the spec the values that a walk sets; undefined takes the field away. */
function choicesOf({ vpcId, subnetIds, spareSubnetId, userGroupId }: Surroundings) {
  const api = { service: 'api' };
  const access = { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['DataScientist'] } };
  const [firstSubnetId = ''] = subnetIds;
  return {
    vpc: [{ id: vpcId }, { tags: { ml: 'vpc' } }],
    subnets: [
      { tags: { ml: 'private' } },
      { ids: subnetIds.slice(0, 1) },
      { ids: [spareSubnetId, ...subnetIds.slice(1)], unsupportedZones: 'Skip' },
    ],
    ipAddressType: [undefined, 'ipv4', 'dualstack'],
    dnsRecordIPType: [undefined, undefined, 'ipv4'],
    endpoints: [
      [api],
      [api, { service: 'runtime', privateDNS: false }],
      [{ ...api, policy: narrow }, { service: 'metrics' }],
      [{ ...api, privateDNS: false }, { service: 'notebook' }],
      [{ ...api, addresses: { [firstSubnetId]: { ipv4: '10.0.1.77' } } }],
    ],
    securityGroup: [
      undefined,
      { ids: [userGroupId] },
      { ingress: [{ cidr: '10.1.0.0/16', description: 'the office' }, { cidr: '10.2.0.0/16' }] },
      { ingress: [{ securityGroupId: userGroupId }] },
    ],
    notebookAccess: [
      undefined,
      undefined,
      { ...access, allowEndpoints: true },
      { ...access, attachTo: { roles: ['Analyst', 'DataScientist'] }, allowEndpoints: false },
      { ...access, allowEndpoints: true, allowedPrivateCIDRs: ['10.0.0.0/16'] },
      { ...access, allowEndpoints: true, additionalEndpointIds: ['vpce-0abcdef0123456789'] },
    ],
    tags: [undefined, { team: 'ml' }, { team: 'ops', stage: 'test' }],
    deletionPolicy: [undefined, 'Delete', 'Retain'],
    driftPolicy: [undefined, 'Repair', 'Report'],
    suspend: [undefined, false, true],
    sweepInterval: [undefined, '60s', '2m'],
  } as const;
}

/** Mistakes of a person, corrected in the next step. */
const mistakes: readonly Spec[] = [
  { vpc: { id: 'vpc-00000000000000000' } },
  { vpc: { tags: { ml: 'nowhere' } } },
  { subnets: { ids: ['subnet-00000000000000000'] } },
  { subnets: { tags: { ml: 'nowhere' } } },
  { securityGroup: { ids: ['sg-00000000000000000'] } },
  { endpoints: [{ serviceName: 'com.amazonaws.eu-west-1.sagemaker.no-such-thing' }] },
  {
    notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['Nobody'] } },
  },
];

/** A spec with some of its fields set to other values. */
function changed(spec: Spec, surroundings: Surroundings, random: () => number): Spec {
  const choices = choicesOf(surroundings);
  const next: Spec = { ...spec };
  const count = 1 + Math.floor(random() * 2);
  for (let field = 0; field < count; field += 1) {
    const key = pick(random, Object.keys(choices) as (keyof typeof choices)[]);
    const value = pick<unknown>(random, choices[key]);
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  return next;
}

/** One step of a walk: what the link before it is given, and the spec that comes then. */
export interface WalkStep {
  /** Milliseconds, or until everything rests. */
  readonly after: number | 'rest';
  readonly spec: Spec;
}

/** Steps over several specs, with mistakes between them, to a last spec that is meant. */
function* randomSteps(surroundings: Surroundings, random: () => number): Generator<WalkStep> {
  const first: Spec = { ...plainSpec(surroundings), endpoints: [{ service: 'api' }] };
  let spec = first;
  yield { after: 0, spec };
  const steps = 1 + Math.floor(random() * 5);
  for (let step = 0; step < steps; step += 1) {
    const after = random() < 0.4 ? 'rest' : random() * 40_000;
    spec = changed(spec, surroundings, random);
    yield { after, spec: random() < 0.2 ? { ...spec, ...pick(random, mistakes) } : spec };
  }
  // Sometimes back to where it began.
  yield { after: 0, spec: { ...(random() < 0.2 ? first : spec), suspend: false } };
}

/** How often a call of a walk meets a fault. */
const faultRate = 0.01;

/** A read that is denied is denied to all for up to this long: a permission does not come back at once. */
const denialMs = 3 * 60_000;

/** A read that is denied for a while. */
interface Denial {
  readonly name: string;
  readonly until: number;
}

/** A walk from an empty world over several specs, with faults, to a last spec. */
export function runWalk(kit: RunKit, seed: number): Promise<RunResult> {
  return randomWalk(kit, seed);
}

/** A walk that is written down, without faults. */
export function runWalkOf(kit: RunKit, steps: readonly WalkStep[]): Promise<RunResult> {
  return walk(kit, new Run(kit), () => steps);
}

async function randomWalk(kit: RunKit, seed: number): Promise<RunResult> {
  const random = seededRandom(seed);
  const struck: string[] = [];
  // Where reads may be stale, a status may say what AWS still shows: then it is judged at the end.
  const isCertain = random() < 0.7;
  let denial: Denial | undefined;
  const strike = (point: CallPoint): FaultKind | undefined => {
    if (denial?.name === point.name && run.time.now() < denial.until) return 'deny';
    if (random() >= faultRate || point.name.startsWith('watch')) return undefined;
    const kinds = faultsFor(point).filter((kind) => !isCertain || kind !== 'stale');
    const kind = pick(random, kinds);
    struck.push(describeFault({ n: point.n, kind }, point));
    if (kind === 'deny' && point.to === 'aws' && point.isRead) {
      denial = { name: point.name, until: run.time.now() + random() * denialMs };
    }
    return kind;
  };
  const run: Run = new Run(kit, { seed, faultAt: strike, restartMs: random() * 20_000 });
  run.watcher.isCertain = isCertain;
  const result = await walk(kit, run, (surroundings) => randomSteps(surroundings, random));
  return { ...result, faults: struck };
}

async function walk(
  kit: RunKit,
  run: Run,
  stepsIn: (surroundings: Surroundings) => Iterable<WalkStep>,
): Promise<RunResult> {
  try {
    await run.pass(1_000);
    run.beginStriking();
    const spec = await take(run, stepsIn(run.surroundings));
    if (!(await run.rest())) run.watcher.note('O4', 'no rest at the end of the walk');
    const outcome = run.watcher.conclude();
    compareRoads(run, outcome, await straightRoad(kit, spec));
    const scenario = `walk to ${JSON.stringify(spec)}`;
    return { scenario, faults: [], violations: run.violations() };
  } finally {
    run.close();
  }
}

/** Takes the steps; returns the last spec. */
async function take(run: Run, steps: Iterable<WalkStep>): Promise<Spec> {
  let last: Spec | undefined;
  for (const { after, spec } of steps) {
    await (after === 'rest' ? run.rest() : run.pass(after));
    if (last === undefined) run.create(linkName, spec);
    else run.replaceSpec(linkName, spec);
    last = spec;
  }
  return last ?? {};
}

/** How a link ends that is created with a spec and meets no faults. */
interface Road {
  readonly end: string;
  readonly outcome: Outcome;
}

async function straightRoad(kit: RunKit, spec: Spec): Promise<Road> {
  const run = new Run(kit);
  try {
    run.create(linkName, spec);
    await run.rest();
    return { outcome: run.watcher.conclude(), end: endOf(run) };
  } finally {
    run.close();
  }
}

function compareRoads(run: Run, walked: Outcome, straight: Road): void {
  const end = endOf(run);
  if (end !== straight.end) {
    run.watcher.note('O6', `ends ${end}, on the straight road ${straight.end}`);
  }
  // A link that needs a person keeps what it had before.
  if (straight.end !== 'ready') return;
  const { world, status } = straight.outcome;
  if (walked.world !== world) {
    run.watcher.note(
      'O6',
      `AWS, against the straight road: ${firstDifference(walked.world, world)}`,
    );
  }
  const timeless = (text: string): string =>
    text
      .replaceAll(/"(?:observed|applied)Generation":\d+/g, '')
      .replaceAll(/"lastHandled[^,]*/g, '');
  const [walkedStatus, straightStatus] = [timeless(walked.status), timeless(status)];
  if (walkedStatus !== straightStatus) {
    const difference = firstDifference(walkedStatus, straightStatus);
    run.watcher.note('O6', `status, against the straight road: ${difference}`);
  }
}
