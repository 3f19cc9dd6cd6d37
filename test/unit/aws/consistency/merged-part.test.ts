import { expect, test } from '@jest/globals';
import { createKeeper } from '../../../../src/aws/consistency/kept-fact.ts';
import { createMergedPart } from '../../../../src/aws/consistency/merged-part.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { endpoint, partOf } from '../aws-values.ts';

const [one, two] = [endpoint({ id: 'vpce-1' }), endpoint({ id: 'vpce-2' })];

/** A part that was read at 10 and showed one endpoint. */
function begunPart() {
  const part = createMergedPart(createKeeper<Endpoint>());
  const read = partOf([one], 10);
  part.begin(read);
  return {
    part,
    read,
    known: () => [...part.merged.all()].map((kept) => kept.fact()),
    readNow: (id: string) => part.read(id)?.fact,
    merge: (id: string, fact: Endpoint | undefined) => part.merge(id, fact, part.read(id)),
  };
}

test('a resource that is known otherwise than it was read is both, until the next read', () => {
  const { part, read, known, readNow, merge } = begunPart();
  const deleting = { ...one, state: 'deleting' as const };
  merge(one.id, deleting);
  merge(two.id, two);
  expect(known()).toEqual([deleting, two]);
  expect([readNow(one.id), readNow(two.id)]).toEqual([one, undefined]);
  merge(one.id, undefined);
  expect(known()).toEqual([two]);
  expect(readNow(one.id)).toEqual(one);
  merge(one.id, readNow(one.id));
  expect(known()).toEqual([two, one]);
  expect(part.isNew(read)).toBe(false);
  expect(part.isNew({ ...read, begunAt: read.begunAt - 1 })).toBe(false);
  expect(part.isNew({ ...read })).toBe(true);
  expect(part.begin(partOf([one], 20))).toEqual([]);
  expect(known()).toEqual([one]);
});

test('a later read of a resource stands until the part was read later still', () => {
  const { part, readNow } = begunPart();
  const pending = { ...one, state: 'pending' as const };
  expect(part.observe(one.id, pending, 9)).toBe(false);
  expect(part.observe(one.id, pending, 30)).toBe(true);
  expect([readNow(one.id), part.begunAt(one.id), part.begunAt()]).toEqual([pending, 30, 10]);
  expect(part.observe(one.id, one, 29)).toBe(false);
  expect(part.begin(partOf([one], 20))).toEqual([one.id]);
  expect(readNow(one.id)).toEqual(pending);
  expect(part.observe(one.id, undefined, 31)).toBe(true);
  expect([readNow(one.id), part.begunAt(one.id)]).toEqual([undefined, 31]);
  expect(part.begin(partOf([one], 40))).toEqual([]);
  expect([readNow(one.id), part.begunAt(one.id)]).toEqual([one, 40]);
});

test('a resource that no read has shown may be too new for a later one, too', () => {
  const { part } = begunPart();
  expect(part.observe(two.id, undefined, 30)).toBe(false);
  expect(part.observe(two.id, two, 30)).toBe(true);
});

test('a read that is known to be over is packed as any other, since it is known still', () => {
  const keeper = createKeeper<Endpoint>();
  keeper.expect(10_000);
  const part = createMergedPart(keeper);
  part.begin({ all: [keeper.keep(one)], begunAt: 10 });
  part.merge(one.id, { ...one, state: 'deleting' }, part.read(one.id));
  for (let n = 0; n < 1_000; n += 1) keeper.keep(endpoint({ id: `vpce-of-others-${n}` }));
  const read = part.read(one.id)?.fact;
  expect(read).toEqual(one);
  expect(read).not.toBe(one);
});
