import { expect, test } from '@jest/globals';
import type { EventRecord } from '../../../../src/kubernetes/events/event-recorder.ts';
import type { HoldingsPart } from '../../../../src/plan/facts.ts';
import { createOrphanSweep } from '../../../../src/reconcile/orphans/orphan-sweep.ts';
import type { Clock } from '../../../../src/runtime/clock.ts';
import { createLogger } from '../../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../../src/telemetry/metrics.ts';
import { type AwsWorld, copyOf, fingerprint, tick } from '../../../model/aws-world.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../../model/generated-worlds.ts';
import { ownedBy } from '../../../model/goal.ts';
import { LinkLife } from '../../../model/link-life.ts';
import { type Call, createModelCloud, type Fault } from '../../../model/model-cloud.ts';

const graceMs = 60_000;

/** Sweeps over the world of a link; which links the cluster has is up to the test. */
class Sweeps {
  readonly events: EventRecord[] = [];
  readonly metrics = createMetrics({ processMetrics: false });
  living: readonly { uid: string; name: string }[] = [];
  /** UIDs that the cache has. */
  cached: readonly string[] = [];
  isListRefused = false;
  /** Parts of what the cluster has that cannot be read. */
  unread: readonly HoldingsPart[] = [];
  nowMs = 0;
  private readonly world: AwsWorld;
  private readonly sweep;

  constructor(world: AwsWorld, orphans: 'Report' | 'Delete') {
    this.world = world;
    const faultOf = ({ name }: Call): Fault | undefined =>
      /^(Owned|ClusterHoldings)$/.test(name) && this.unread.length > 0
        ? { kind: 'unread', parts: this.unread, as: 'Denied' }
        : undefined;
    const onStep = (): void => undefined;
    const cloud = createModelCloud({ world, process: 'sweeper', lag: 0, faultOf, onStep });
    this.sweep = createOrphanSweep({
      clusterId: owner.clusterId,
      orphans,
      graceMs,
      periodMs: 1_000,
      patience: { dnsSettleMs: 2_000, iamSettleMs: 2_000, wayDeadlineMs: 60_000 },
      places: () => [{ region: 'eu-west-1', cloud }],
      living: () =>
        this.isListRefused ? Promise.reject(new Error('no list')) : Promise.resolve(this.living),
      presumedLiving: () => this.cached,
      clock: { now: () => this.nowMs } as Clock,
      logger: createLogger({ level: 'error' }),
      metrics: this.metrics,
      recordEvent: (event) => this.events.push(event),
    });
  }

  async run(afterMs = 1_000): Promise<void> {
    this.nowMs += afterMs;
    await this.sweep(new AbortController().signal);
    tick(this.world);
  }

  async count(): Promise<number> {
    const { values } = await this.metrics.orphans.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  }

  async countedKinds(): Promise<readonly unknown[]> {
    const { values } = await this.metrics.orphans.get();
    return values.map(({ labels }) => labels.kind);
  }
}

async function worldOfLink(): Promise<AwsWorld> {
  const spec = {
    ...plainSpec,
    notebookAccess: {
      attachTo: { roles: ['DataScientist'], users: [], groups: [] },
      onImpact: 'Proceed' as const,
      actions: ['NotebookInstances' as const],
      allowedCIDRs: ['203.0.113.0/24'],
      allowEndpoints: false,
      additionalEndpointIds: [],
      allowedPrivateCIDRs: [],
    },
  };
  const life = new LinkLife({ world: emptyWorld(), spec });
  const { end } = await life.settle();
  expect(end.plan.problems).toEqual([]);
  return life.world;
}

test('what no link of the cluster has is counted and told once, and stays', async () => {
  const world = await worldOfLink();
  const before = fingerprint(copyOf(world));
  const sweeps = new Sweeps(world, 'Report');
  await sweeps.run();
  expect(sweeps.events).toEqual([]);
  for (let round = 0; round < 5; round += 1) await sweeps.run(graceMs);
  expect(await sweeps.count()).toBe(3);
  expect(sweeps.events).toMatchObject([
    { reason: 'OrphansFound', type: 'Warning', regarding: { name: 'ml', uid: owner.uid } },
  ]);
  for (const id of [
    ...world.endpoints.keys(),
    ...ownedBy(world, owner).groups.map(({ id }) => id),
  ]) {
    expect(sweeps.events[0]?.note).toContain(id);
  }
  expect(fingerprint(world)).toBe(before);
});

test('a link of the cache has no orphans until it is gone from there too, and one of the API server alone has none', async () => {
  const sweeps = new Sweeps(await worldOfLink(), 'Report');
  sweeps.cached = [owner.uid];
  for (let round = 0; round < 3; round += 1) await sweeps.run(graceMs);
  // Its policy is found by its name.
  expect(await sweeps.count()).toBe(1);
  expect(sweeps.events).toMatchObject([{ note: expect.not.stringContaining('vpce-') }]);
  sweeps.cached = [];
  await sweeps.run(graceMs);
  expect(await sweeps.count()).toBe(3);
  sweeps.living = [owner];
  await sweeps.run(graceMs);
  expect(await sweeps.count()).toBe(0);
});

test('a part that cannot be read is not counted, and the orphans of the others are', async () => {
  const sweeps = new Sweeps(await worldOfLink(), 'Report');
  sweeps.unread = ['endpoints'];
  for (let round = 0; round < 3; round += 1) await sweeps.run(graceMs);
  expect(await sweeps.countedKinds()).toEqual(['security-group', 'policy']);
  expect(await sweeps.count()).toBe(2);
  sweeps.unread = ['securityGroups', 'rules'];
  for (let round = 0; round < 3; round += 1) await sweeps.run(graceMs);
  expect(await sweeps.countedKinds()).toEqual(['endpoint', 'policy']);
  expect(await sweeps.count()).toBe(2);
});

test('while nobody can read its endpoints, the group of an orphan is not deleted', async () => {
  const world = await worldOfLink();
  const sweeps = new Sweeps(world, 'Delete');
  sweeps.unread = ['endpoints'];
  for (let round = 0; round < 6; round += 1) await sweeps.run(graceMs);
  const { endpoints, groups } = ownedBy(world, owner);
  expect([endpoints, groups]).toMatchObject([[{ state: 'available' }], [{}]]);
  sweeps.unread = [];
  for (let round = 0; round < 12; round += 1) await sweeps.run(graceMs);
  expect(ownedBy(world, owner)).toEqual({ endpoints: [], groups: [], policies: [] });
});

test('what a link has is no orphan, and neither is what others have', async () => {
  const sweeps = new Sweeps(await worldOfLink(), 'Delete');
  sweeps.living = [owner];
  for (let round = 0; round < 3; round += 1) await sweeps.run(graceMs);
  expect(await sweeps.count()).toBe(0);
  expect(sweeps.events).toEqual([]);
});

test('an orphan that a link takes back in time is not deleted', async () => {
  const world = await worldOfLink();
  const before = fingerprint(copyOf(world));
  const sweeps = new Sweeps(world, 'Delete');
  await sweeps.run();
  await sweeps.run(graceMs / 2);
  expect(await sweeps.count()).toBe(3);
  sweeps.living = [owner];
  await sweeps.run(graceMs);
  expect(await sweeps.count()).toBe(0);
  expect(fingerprint(world)).toBe(before);
});

test('with Delete an orphan goes after the grace, policy and attachments first', async () => {
  const world = await worldOfLink();
  const sweeps = new Sweeps(world, 'Delete');
  await sweeps.run();
  await sweeps.run(graceMs - 1);
  expect(ownedBy(world, owner).endpoints).toHaveLength(1);
  for (let round = 0; round < 12; round += 1) await sweeps.run();
  const { endpoints, groups, policies } = ownedBy(world, owner);
  expect([...endpoints, ...groups, ...policies]).toEqual([]);
  expect(await sweeps.count()).toBe(0);
});

test('without an answer about the links nothing is an orphan', async () => {
  const world = await worldOfLink();
  const before = fingerprint(copyOf(world));
  const sweeps = new Sweeps(world, 'Delete');
  sweeps.isListRefused = true;
  for (let round = 0; round < 4; round += 1) await sweeps.run(graceMs);
  expect(sweeps.events).toEqual([]);
  expect(fingerprint(world)).toBe(before);
});
