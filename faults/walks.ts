/** Random walks over specs: two roads to one spec end in one state (Acto's differential oracle). */
import { faultsFor, type CallPoint, type FaultKind } from './faults.ts';
import type { Outcome } from './oracles/watcher.ts';
import type { RunResult } from './enumerate.ts';
import { plainSpec } from './links.ts';
import { Run, type RunKit } from './run.ts';
import { linkName } from './scenarios/scenario.ts';
import { pick, seededRandom } from './seeded-random.ts';
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
  return {
    vpc: [{ id: vpcId }, { tags: { ml: 'vpc' } }],
    subnets: [
      { tags: { ml: 'private' } },
      { ids: subnetIds.slice(0, 1) },
      { ids: [spareSubnetId, ...subnetIds.slice(1)] },
    ],
    endpoints: [
      [api],
      [api, { service: 'runtime', privateDNS: false }],
      [{ ...api, policy: narrow }, { service: 'metrics' }],
      [{ ...api, privateDNS: false }, { service: 'notebook' }],
    ],
    securityGroup: [
      undefined,
      { ids: [userGroupId] },
      { ingress: [{ cidr: '10.1.0.0/16', description: 'the office' }, { cidr: '10.2.0.0/16' }] },
    ],
    notebookAccess: [
      undefined,
      undefined,
      { ...access, allowEndpoints: true },
      { ...access, attachTo: { roles: ['Analyst', 'DataScientist'] }, allowEndpoints: false },
    ],
    tags: [undefined, { team: 'ml' }, { team: 'ops', stage: 'test' }],
    suspend: [false, false, true],
    sweepInterval: ['60s', '2m'],
  } as const;
}

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

/** How often a call of a walk meets a fault. */
const faultRate = 0.01;

/** A walk from an empty world over several specs, with faults, to a last spec. */
export async function runWalk(kit: RunKit, seed: number): Promise<RunResult> {
  const random = seededRandom(seed);
  const struck: string[] = [];
  const strike = (point: CallPoint): FaultKind | undefined => {
    if (random() >= faultRate || point.name.startsWith('watch')) return undefined;
    // A walk looks at every status, so reads stay true; enumeration has the stale ones.
    const kind = pick(
      random,
      faultsFor(point).filter((one) => one !== 'stale'),
    );
    struck.push(`${kind} at call ${point.n} (${point.name})`);
    return kind;
  };
  const run = new Run(kit, { seed, faultAt: strike, restartMs: random() * 20_000 });
  try {
    await run.pass(1_000);
    run.beginStriking();
    let spec: Spec = { ...plainSpec(run.surroundings), endpoints: [{ service: 'api' }] };
    run.create(linkName, spec);
    const steps = 1 + Math.floor(random() * 5);
    for (let step = 0; step < steps; step += 1) {
      await (random() < 0.4 ? run.rest() : run.pass(random() * 40_000));
      spec = changed(spec, run.surroundings, random);
      run.replaceSpec(linkName, spec);
    }
    spec = { ...spec, suspend: false };
    run.replaceSpec(linkName, spec);
    if (!(await run.rest())) run.watcher.note('O4', 'no rest at the end of the walk');
    const outcome = run.watcher.conclude();
    compareRoads(run, outcome, await straightRoad(kit, spec));
    return {
      scenario: `walk to ${JSON.stringify(spec)}`,
      faults: struck,
      violations: run.violations(),
    };
  } finally {
    run.close();
  }
}

async function straightRoad(kit: RunKit, spec: Spec): Promise<Outcome> {
  const run = new Run(kit);
  try {
    run.create(linkName, spec);
    await run.rest();
    return run.watcher.conclude();
  } finally {
    run.close();
  }
}

function compareRoads(run: Run, walked: Outcome, straight: Outcome): void {
  if (walked.world !== straight.world) {
    run.watcher.note('O6', `AWS ends as ${walked.world}, on the straight road ${straight.world}`);
  }
  const timeless = (text: string): string =>
    text
      .replaceAll(/"(?:observed|applied)Generation":\d+/g, '')
      .replaceAll(/"lastHandled[^,]*/g, '');
  if (timeless(walked.status) !== timeless(straight.status)) {
    run.watcher.note('O6', `status ${walked.status}, on the straight road ${straight.status}`);
  }
}
