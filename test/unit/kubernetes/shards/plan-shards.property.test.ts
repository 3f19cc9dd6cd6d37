/** Replicas that decide by the plan alone share everything, and no two work on one shard. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rendezvous } from '../../../../src/kubernetes/shards/rendezvous.ts';
import { ShardWorld } from './shard-world.ts';

const leaseMs = 15_000;

type Step =
  | {
      readonly kind: 'come' | 'plan' | 'hear' | 'drained' | 'leave' | 'die' | 'freeze' | 'thaw';
      readonly who: number;
    }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'want' | 'unwant'; readonly shard: number };

const who = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('come' as const), who }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom('plan' as const, 'hear' as const, 'drained' as const),
      who,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('leave' as const, 'die' as const, 'freeze' as const, 'thaw' as const),
      who,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 9_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('want' as const, 'unwant' as const),
      shard: fc.nat({ max: 5 }),
    }),
  },
);

function play(world: ShardWorld, one: Step): void {
  if (one.kind === 'pass') world.pass(one.ms);
  else if ('shard' in one) world[one.kind](`shard-${one.shard}`);
  else world.act(one.kind, one.who);
}

test('F13: whatever replicas see and whenever they decide, no two work on one shard', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const world = new ShardWorld(leaseMs);
      for (const slot of [0, 1, 2]) world.act('come', slot);
      for (const one of steps) {
        play(world, one);
        expect(world.doubled()).toEqual([]);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('F13: once all hear and decide, each shard has the owner that it should have, within bounded steps', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const world = new ShardWorld(leaseMs);
      world.act('come', 0);
      world.act('come', 1);
      for (const one of steps) play(world, one);
      // Who was silent for too long ends here.
      world.turn();
      world.act('come', 6);
      for (let round = 0; round < 12; round += 1) {
        world.pass(leaseMs / 4);
        world.turn();
        expect(world.doubled()).toEqual([]);
      }
      const living = world.ready();
      for (const id of world.wanted)
        expect([id, world.workerOf(id)]).toEqual([id, rendezvous(id, living)]);
      // Nothing is left of the dead.
      expect(world.presences().every((identity) => world.living().includes(identity))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('F13: only what a replica that comes is to have moves, and only what one that goes had', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 });
  const keys = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(names, keys, fc.string({ minLength: 1 }), (members, shards, comer) => {
      fc.pre(!members.includes(comer));
      for (const key of shards) {
        const before = rendezvous(key, members);
        const after = rendezvous(key, [...members, comer]);
        expect([before, comer]).toContain(after);
        expect(rendezvous(key, [...members, comer].toReversed())).toBe(after);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('the shards are spread: with three replicas and 300 shards none has less than 70', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 300; n += 1) {
    const owner = rendezvous(`place-${n}`, ['a', 'b', 'c']) ?? '';
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  expect(Math.min(...['a', 'b', 'c'].map((one) => counts.get(one) ?? 0))).toBeGreaterThanOrEqual(
    70,
  );
});
