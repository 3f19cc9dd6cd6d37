/** Scenarios in virtual time: what happens, and what it is measured by. */
import { region } from '../../faults/world/foreign.ts';
import { BenchWorld, type Counts, nameOf } from './bench-world.ts';

export type ScenarioName = 'storm' | 'steady' | 'drift' | 'delete' | 'restart' | 'edit';

/** Figures of one scenario; times in seconds of virtual time where the name does not say more. */
export type Figures = Readonly<
  Record<string, number | string | Readonly<Record<string, number>> | undefined>
>;

type Scenario = (world: BenchWorld, links: number) => Promise<Figures>;

/** Runs one scenario with a number of links. @param sweepInterval of the links. @default the kind's */
export async function runScenario(
  name: ScenarioName,
  links: number,
  sweepInterval?: string,
): Promise<Figures> {
  const begun = performance.now();
  const { user } = process.cpuUsage();
  const world = new BenchWorld(sweepInterval);
  const figures = await scenarios[name](world, links);
  world.kill();
  return {
    scenario: name,
    links,
    ...(sweepInterval === undefined ? {} : { sweepInterval }),
    ...figures,
    wallSeconds: rounded((performance.now() - begun) / 1000),
    cpuSeconds: rounded((process.cpuUsage().user - user) / 1e6),
    rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
  };
}

const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  storm,
  steady,
  drift,
  delete: removal,
  restart,
  edit,
};

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

const endpointsPerLink = 2;
/** AWS's bucket for creating, modifying and deleting endpoints. */
const bucket = { burst: 4, perSecond: 0.3 };
const workOfAwsSeconds = 60;
const day = 86_400_000;

/** All links are created at once. */
async function storm(world: BenchWorld, links: number): Promise<Figures> {
  world.start();
  await world.pass(1_000);
  world.resetCounts();
  const begunAt = world.time.now();
  for (let index = 0; index < links; index += 1) world.create(index);
  await world.until(() => world.readyCount === links, 7 * day);
  const seconds = (world.time.now() - begunAt) / 1000;
  const limit = bucketSeconds(links * endpointsPerLink) + workOfAwsSeconds;
  return {
    seconds,
    ratioToLimit: ratio(seconds, limit),
    ...availableToReady(world.sinceAvailable()),
    ...figuresOf(world.countsNow(), links),
  };
}

/** All links are deleted at once. */
async function removal(world: BenchWorld, links: number): Promise<Figures> {
  await world.prepare(links);
  world.start();
  await world.until(() => world.passedCount === links, 600_000);
  await world.pass(60_000);
  world.resetCounts();
  const begunAt = world.time.now();
  for (let index = 0; index < links; index += 1) world.links.delete(nameOf(index));
  await world.until(() => world.links.list().length === 0, 7 * day);
  const seconds = (world.time.now() - begunAt) / 1000;
  // The figure that earlier measurements have: 25 endpoints a call.
  const floor = bucketSeconds((links * endpointsPerLink) / 25) + workOfAwsSeconds;
  return { seconds, ratioToFloor: ratio(seconds, floor), ...figuresOf(world.countsNow(), links) };
}

/** Nothing happens for an hour. */
async function steady(world: BenchWorld, links: number): Promise<Figures> {
  await world.prepare(links);
  world.start();
  await world.until(() => world.passedCount === links, 600_000);
  await world.pass(60_000);
  world.resetCounts();
  await world.pass(3_600_000);
  const counts = world.countsNow();
  return {
    readsPerSweep: rounded((counts.calls.length * links) / Math.max(counts.passes, 1)),
    kubernetesWrites: counts.kubernetesWrites,
    ...figuresOf(counts, links),
  };
}

/** Somebody takes the ingress rule away from the group of each link. */
async function drift(world: BenchWorld, links: number): Promise<Figures> {
  await world.prepare(links);
  world.start();
  await world.until(() => world.passedCount === links, 600_000);
  await world.pass(60_000);
  const ec2 = world.aws.control.region(region);
  const isOurs = (groupId: string): boolean =>
    ec2.securityGroups().some(({ id, name }) => id === groupId && name.startsWith('sagemaker'));
  const ours = new Set(ec2.securityGroups().flatMap(({ id }) => (isOurs(id) ? [id] : [])));
  const ingress = () =>
    ec2.rules().filter(({ groupId, isEgress }) => ours.has(groupId) && !isEgress);
  const before = ingress();
  world.resetCounts();
  const begunAt = world.time.now();
  for (const { id, groupId } of before) {
    ec2.run('RevokeSecurityGroupIngress', { GroupId: groupId, 'SecurityGroupRuleId.1': id });
  }
  await world.until(() => ingress().length === before.length, day);
  const seconds = (world.time.now() - begunAt) / 1000;
  return { seconds, ...figuresOf(world.countsNow(), links) };
}

/** A new process takes over while everything is well. */
async function restart(world: BenchWorld, links: number): Promise<Figures> {
  world.hasPrivateDns = true;
  await world.prepare(links);
  world.resetCounts();
  const begunAt = world.time.now();
  world.start();
  await world.until(() => world.passedCount === links, 3_600_000);
  const seconds = (world.time.now() - begunAt) / 1000;
  const counts = world.countsNow();
  const awsWrites = counts.calls.filter(({ readOnly }) => !readOnly).length;
  const { kubernetesWrites } = counts;
  return { seconds, awsWrites, kubernetesWrites, ...figuresOf(counts, links) };
}

/** A user edits one link while the endpoints of all others are made anew. */
async function edit(world: BenchWorld, links: number): Promise<Figures> {
  await world.prepare(links);
  world.start();
  await world.until(() => world.passedCount === links, 600_000);
  await world.pass(60_000);
  world.loseEndpoints();
  await world.until(() => world.readyCount === 0, 600_000);
  await world.pass(120_000);
  world.resetCounts();
  const begunAt = world.time.now();
  const creations = (): readonly boolean[] =>
    world
      .countsNow()
      .calls.filter(({ action }) => action === 'CreateVpcEndpoint')
      .map(({ parameters }) => parameters['ServiceName']?.endsWith('.metrics') === true);
  world.addEndpoint(links - 1, 'metrics');
  await world.until(() => creations().includes(true), day);
  return {
    secondsToCall: (world.time.now() - begunAt) / 1000,
    creationsBefore: creations().indexOf(true),
    ...figuresOf(world.countsNow(), links),
  };
}

/** How long AWS's bucket takes for so many calls. */
function bucketSeconds(calls: number): number {
  return Math.max(0, calls - bucket.burst) / bucket.perSecond;
}

function figuresOf(counts: Counts, links: number): Figures {
  const { calls, passes, passesToReady, statusWrites, events } = counts;
  const throttled = calls.filter(({ errorCode }) => errorCode === 'RequestLimitExceeded').length;
  return {
    throttled,
    calls: calls.length,
    callsPerLink: rounded(calls.length / links),
    passesPerLink: rounded(passes / links),
    passesToReadyPerLink: rounded(passesToReady / links),
    statusWritesPerLink: rounded(statusWrites / links),
    eventsPerLink: rounded(events / links),
    byAction: countsOf(calls.map(({ action }) => action)),
  };
}

/**
 * Seconds from the moment at which AWS was done with the last endpoint of a link to `Ready` True.
 *
 * @param sortedMs the shortest first
 */
function availableToReady(sortedMs: readonly number[]): Figures {
  const at = (part: number): number => {
    const index = Math.max(0, Math.ceil(sortedMs.length * part) - 1);
    return rounded((sortedMs[index] ?? 0) / 1000);
  };
  return {
    availableToReadyP50: at(0.5),
    availableToReadyP99: at(0.99),
    availableToReadyMax: at(1),
  };
}

function countsOf(actions: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const action of actions.toSorted()) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

function ratio(value: number, of: number): number {
  return Math.round((value / of) * 1000) / 1000;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
