import { expect, test } from '@jest/globals';
import { createKeeper } from '../../../../src/aws/consistency/kept-fact.ts';
import { createKnownFacts } from '../../../../src/aws/consistency/known-facts.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { endpoint } from '../aws-values.ts';

/** The facts of items that were parsed. */
function knownAfter(...before: readonly Endpoint[]) {
  const keeper = createKeeper<Endpoint>();
  const known = createKnownFacts(keeper);
  const read = (parsed: Endpoint) =>
    known.read({ digest: 'other words', parsed }, (one) => one).kept;
  const kept = before.map((fact) => keeper.keep(fact));
  known.keepOnly(kept.map((one) => ({ kept: one, digest: `words of ${one.id}` })));
  return { known, kept, read };
}

test('a read that says the same in other words leaves the object of the read before', () => {
  const { kept, read } = knownAfter(endpoint({ id: 'vpce-1', tags: { a: '1' } }));
  expect(read(endpoint({ id: 'vpce-1', tags: { a: '1' } }))).toBe(kept[0]);
  const changed = endpoint({ id: 'vpce-1', tags: { a: '2' } });
  expect(read(changed).fact()).toEqual(changed);
  const other = endpoint({ id: 'vpce-2', tags: { a: '1' } });
  expect(read(other).fact()).toEqual(other);
});

test('an item in the words of the last read is the object that it was', () => {
  const { known, kept } = knownAfter(endpoint({ id: 'vpce-1' }), endpoint({ id: 'vpce-2' }));
  expect(known.inWords('words of vpce-2')).toBe(kept[1]);
  expect(known.inWords('words of vpce-3')).toBeUndefined();
  const item = { digest: 'words of vpce-1', known: kept[0] as never };
  const factOf = (): never => {
    throw new Error('it needs no parsing');
  };
  expect(known.read(item, factOf)).toEqual({ kept: kept[0], digest: 'words of vpce-1' });
});

test('a resource that a whole read lacks is forgotten', () => {
  const { known, kept, read } = knownAfter(endpoint({ id: 'vpce-1' }), endpoint({ id: 'vpce-2' }));
  known.keepOnly([{ kept: kept[1] as never, digest: 'words of vpce-2' }]);
  expect(known.inWords('words of vpce-1')).toBeUndefined();
  expect(known.inWords('words of vpce-2')).toBe(kept[1]);
  expect(read(endpoint({ id: 'vpce-1' }))).not.toBe(kept[0]);
  expect(read(endpoint({ id: 'vpce-2' }))).toBe(kept[1]);
});

test('a fact whose words were not seen is known by itself', () => {
  const { known, kept, read } = knownAfter(endpoint({ id: 'vpce-1' }));
  known.keepOnly([{ kept: kept[0] as never }]);
  expect(known.inWords('words of vpce-1')).toBeUndefined();
  expect(read(endpoint({ id: 'vpce-1' }))).toBe(kept[0]);
});

test('a fact whose words are forgotten is parsed, and the object that it was', () => {
  const { known, kept, read } = knownAfter(endpoint({ id: 'vpce-1' }), endpoint({ id: 'vpce-2' }));
  known.forgetWords();
  expect(known.inWords('words of vpce-1')).toBeUndefined();
  expect(read(endpoint({ id: 'vpce-1' }))).toBe(kept[0]);
  known.keepOnly([{ kept: kept[0] as never, digest: 'words of vpce-1' }]);
  expect(known.inWords('words of vpce-1')).toBe(kept[0]);
  expect(read(endpoint({ id: 'vpce-2' }))).not.toBe(kept[1]);
});
