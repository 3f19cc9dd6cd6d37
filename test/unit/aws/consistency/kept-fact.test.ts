import { expect, test } from '@jest/globals';
import { createKeeper } from '../../../../src/aws/consistency/kept-fact.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { ownershipTagsOf } from '../../../../src/plan/ownership/ownership.ts';
import { endpoint } from '../aws-values.ts';

const owner = { clusterId: 'c', uid: 'u', name: 'ml' };
const facts = Array.from({ length: 5_000 }, (_, n) =>
  endpoint({ id: `vpce-${n}`, tags: ownershipTagsOf({ ...owner, uid: `u-${n}` }, 'endpoint') }),
);

test('a kept fact says whose it is, by tags in any letter case', () => {
  const keeper = createKeeper<Endpoint>();
  const shouted = Object.fromEntries(
    Object.entries(ownershipTagsOf(owner, 'endpoint')).map(([key, one]) => [
      key.toUpperCase(),
      one,
    ]),
  );
  for (const tags of [ownershipTagsOf(owner, 'endpoint'), shouted]) {
    expect(keeper.keep(endpoint({ tags }))).toMatchObject({ id: 'vpce-1', uid: 'u', name: 'ml' });
  }
  expect(keeper.keep(endpoint())).toMatchObject({ uid: undefined, name: undefined });
});

test('facts are what they were, however many there are', () => {
  const keeper = createKeeper<Endpoint>();
  const kept = facts.map((fact) => keeper.keep(fact));
  expect(kept.map((one) => one.fact())).toEqual(facts);
  keeper.expect(facts.length);
  expect(kept.toReversed().map((one) => one.fact())).toEqual(facts.toReversed());
});

test('few facts are held unpacked, and of many those that were looked at last', () => {
  const keeper = createKeeper<Endpoint>();
  const kept = facts.slice(0, 2_000).map((fact) => keeper.keep(fact));
  const isHeld = (at: number): boolean => kept[at]?.fact() === facts[at];
  keeper.expect(2_000);
  expect([0, 1_000, 1_999].map(isHeld)).toEqual([true, true, true]);
  keeper.expect(3_000);
  const more = facts.slice(2_000, 4_000).map((fact) => keeper.keep(fact));
  expect([0, 1, 1_000, 1_999].map(isHeld)).toEqual([false, false, false, false]);
  expect(more.at(-1)?.fact()).toBe(facts[3_999]);
  expect(more.at(-257)?.fact()).not.toBe(facts[3_743]);
});

test('a fact that its keeper has let go of stays as it is for those who have it, and counts no more', () => {
  const keeper = createKeeper<Endpoint>();
  const [first, ...others] = facts.slice(0, 2_048).map((fact) => keeper.keep(fact));
  for (const one of others) keeper.release(one);
  for (const fact of facts.slice(2_048, 4_095)) keeper.keep(fact);
  expect(others.every((one, at) => one.fact() === facts[at + 1])).toBe(true);
  expect(first?.fact()).toBe(facts[0]);
});
