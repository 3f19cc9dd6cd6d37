/** Replicas over an API server in memory: who works on what as they come, go, hang and are upgraded. */
import { expect, test } from '@jest/globals';
import { ShardReplicas } from '../../../../faults/shard-replicas.ts';

const ids = ['one', 'two', 'three', 'four', 'five', 'six'];

/** No two may act on a shard, at no moment. */
function checking(world: ShardReplicas): () => void {
  return () => {
    for (const id of ids) expect([id, world.actorsOn(id).length <= 1]).toEqual([id, true]);
  };
}

function ownersIn(world: ShardReplicas): Record<string, readonly string[]> {
  return Object.fromEntries(ids.map((id) => [id, world.actorsOn(id)]));
}

function shared(world: ShardReplicas): void {
  for (const id of ids) expect([id, world.actorsOn(id).length]).toEqual([id, 1]);
}

function seconds(world: ShardReplicas, since: number): number {
  return (world.time.now() - since) / 1000;
}

/** How long it takes until each shard has an owner. */
async function untilShared(world: ShardReplicas, limitMs: number): Promise<number> {
  const since = world.time.now();
  let at: number | undefined;
  await world.pass(limitMs, () => {
    checking(world)();
    if (at === undefined && ids.every((id) => world.actorsOn(id).length === 1))
      at = seconds(world, since);
  });
  if (at === undefined) throw new Error(`not shared: ${JSON.stringify(ownersIn(world))}`);
  return at;
}

test('one replica has everything at once', async () => {
  const world = new ShardReplicas(ids);
  world.start('a');
  expect(await untilShared(world, 3_000)).toBeLessThan(1);
});

test('F13: the shards of a replica that is killed go on within the lease time and a second', async () => {
  for (const killedAtMs of [0, 700, 1_900, 3_300]) {
    const world = new ShardReplicas(ids);
    for (const name of ['a', 'b', 'c']) world.start(name);
    await untilShared(world, 30_000);
    await world.pass(killedAtMs);
    const before = ownersIn(world);
    const victim = world.replicas.find(({ works }) => works.size > 0);
    if (victim === undefined) throw new Error('nobody has anything');
    victim.life.isAlive = false;
    expect(await untilShared(world, 40_000)).toBeLessThanOrEqual(16);
    // Whoever lives keeps what it had.
    for (const [id, [owner]] of Object.entries(before)) {
      if (owner !== victim.life.name) expect([id, world.actorsOn(id)]).toEqual([id, [owner]]);
    }
  }
});

test('F13: a replica that hangs loses what it had, and ends when it goes on', async () => {
  const world = new ShardReplicas(ids);
  for (const name of ['a', 'b', 'c']) world.start(name);
  await untilShared(world, 30_000);
  const hung = world.replicas.find(({ works }) => works.size > 0);
  if (hung === undefined) throw new Error('nobody has anything');
  hung.life.frozenUntilMs = world.time.now() + 40_000;
  expect(await untilShared(world, 39_000)).toBeLessThanOrEqual(16);
  await world.pass(10_000, checking(world));
  expect([hung.end, hung.works.size]).toEqual(['lost', 0]);
  shared(world);
});

test('F13: a replica that is cut off from the API server stops before others take over', async () => {
  const world = new ShardReplicas(ids);
  for (const name of ['a', 'b', 'c']) world.start(name);
  await untilShared(world, 30_000);
  const cut = world.replicas.find(({ works }) => works.size > 0);
  if (cut === undefined) throw new Error('nobody has anything');
  cut.life.cutOffUntilMs = world.time.now() + 60_000;
  expect(await untilShared(world, 59_000)).toBeLessThanOrEqual(17);
  expect(cut.end).toBe('lost');
});

test('F24: a replica that comes gets its share once what is in flight has ended, and nothing else moves', async () => {
  const world = new ShardReplicas(ids);
  world.start('a');
  world.start('b');
  await untilShared(world, 30_000);
  const before = ownersIn(world);
  world.drainMs = 5_000;
  world.start('c');
  await world.pass(30_000, checking(world));
  const after = ownersIn(world);
  const moved = ids.filter((id) => before[id]?.[0] !== after[id]?.[0]);
  expect(moved.length).toBeGreaterThan(0);
  for (const id of moved) expect(after[id]).toEqual(['c']);
});

test('F20: a replica that is asked to end hands over what it has, and leaves no Lease of its own', async () => {
  const world = new ShardReplicas(ids);
  for (const name of ['a', 'b']) world.start(name);
  await untilShared(world, 30_000);
  const [first] = world.replicas;
  first?.shutdown.abort(new Error('SIGTERM'));
  await world.pass(4_000, checking(world));
  expect(first?.end).toBe('released');
  shared(world);
  const names = world.leases
    .list()
    .map(({ metadata }) => metadata.annotations?.['example.com/replica']);
  expect(names.filter((name) => name !== undefined)).toEqual(['b']);
});

test('F24: beside a version that knows one leader nobody works, whichever of the two came first', async () => {
  const world = new ShardReplicas(ids);
  const leader = world.startFormer('former-1');
  const standby = world.startFormer('former-2');
  await world.pass(5_000);
  expect(leader.lease.mayAct()).toBe(true);
  for (const name of ['a', 'b']) world.start(name);
  const apart = (): void => {
    checking(world)();
    const isFormerActive = [leader, standby].some(
      ({ life, lease }) => life.isAlive && lease.mayAct(),
    );
    for (const id of ids) expect(isFormerActive && world.actorsOn(id).length > 0).toBe(false);
  };
  await world.pass(60_000, apart);
  expect(leader.lease.mayAct()).toBe(true);
  // The leader of the former version dies: the standby or the new ones go on, and not both.
  leader.life.isAlive = false;
  await world.pass(60_000, apart);
  standby.shutdown.abort(new Error('SIGTERM'));
  await world.pass(30_000, apart);
  shared(world);
  // Back again: as long as one replica shares the work, no leader of the former version begins.
  const back = world.startFormer('former-3');
  world.replicas[0]?.shutdown.abort(new Error('SIGTERM'));
  await world.pass(60_000, apart);
  expect(back.lease.mayAct()).toBe(false);
  shared(world);
  world.replicas[1]?.shutdown.abort(new Error('SIGTERM'));
  await world.pass(60_000, apart);
  expect(back.lease.mayAct()).toBe(true);
});

test('the Lease of a shard that nobody needs any more is deleted when its holder ends', async () => {
  const world = new ShardReplicas(ids);
  for (const name of ['a', 'b']) world.start(name);
  await untilShared(world, 30_000);
  world.share(['one', 'two']);
  await world.pass(5_000, checking(world));
  const leasesOf = (): readonly string[] =>
    world.leases
      .list()
      .flatMap(({ metadata }) => metadata.annotations?.['example.com/shard'] ?? []);
  expect(leasesOf()).toHaveLength(ids.length);
  world.start('c');
  await world.pass(5_000);
  for (const { shutdown } of world.replicas.slice(0, 2)) shutdown.abort(new Error('SIGTERM'));
  await world.pass(60_000, checking(world));
  expect(leasesOf().toSorted()).toEqual(['one', 'two']);
});

test('a Lease that somebody deletes is made again by who had it', async () => {
  const world = new ShardReplicas(ids);
  for (const name of ['a', 'b']) world.start(name);
  await untilShared(world, 30_000);
  const before = ownersIn(world);
  for (const { metadata } of world.leases.list()) {
    if (metadata.annotations?.['example.com/shard'] === undefined) continue;
    world.leases.delete(`${metadata.namespace}/${metadata.name}`);
  }
  await world.pass(30_000, checking(world));
  expect(ownersIn(world)).toEqual(before);
});

test('F13: a replica that has nothing and hangs comes back, and works when it is needed', async () => {
  const world = new ShardReplicas(['one']);
  for (const name of ['a', 'b']) world.start(name);
  await world.pass(30_000);
  const owner = world.replicas.find(({ works }) => works.size > 0);
  const idle = world.replicas.find((one) => one !== owner);
  if (owner === undefined || idle === undefined) throw new Error('nobody has anything');
  idle.life.frozenUntilMs = world.time.now() + 40_000;
  await world.pass(60_000);
  expect([idle.end, world.actorsOn('one')]).toEqual([undefined, [owner.life.name]]);
  owner.life.isAlive = false;
  await world.pass(16_000);
  expect(world.actorsOn('one')).toEqual([idle.life.name]);
});
