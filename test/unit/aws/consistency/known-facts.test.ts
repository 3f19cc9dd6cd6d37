import { expect, test } from '@jest/globals';
import { createKnownFacts } from '../../../../src/aws/consistency/known-facts.ts';
import type { Endpoint } from '../../../../src/plan/facts.ts';
import { endpoint } from '../aws-values.ts';

/** The facts of items that were parsed. */
function knownAfter(...before: readonly Endpoint[]) {
  const known = createKnownFacts<Endpoint>();
  const read = (parsed: Endpoint): Endpoint =>
    known.read({ digest: 'other words', parsed }, (one) => one).fact;
  known.keepOnly(before.map((fact) => ({ fact, digest: `words of ${fact.id}` })));
  return { known, read };
}

test('a read that says the same in other words leaves the object of the read before', () => {
  const first = endpoint({ id: 'vpce-1', tags: { a: '1' } });
  const { read } = knownAfter(first);
  expect(read(endpoint({ id: 'vpce-1', tags: { a: '1' } }))).toBe(first);
  const changed = endpoint({ id: 'vpce-1', tags: { a: '2' } });
  expect(read(changed)).toBe(changed);
  const other = endpoint({ id: 'vpce-2', tags: { a: '1' } });
  expect(read(other)).toBe(other);
});

test('an item in the words of the last read is the object that it was', () => {
  const first = endpoint({ id: 'vpce-1' });
  const { known } = knownAfter(first);
  expect(known.inWords('words of vpce-1')).toBe(first);
  expect(known.inWords('words of vpce-2')).toBeUndefined();
  const item = { digest: 'words of vpce-1', known: first };
  const factOf = (): never => {
    throw new Error('it needs no parsing');
  };
  expect(known.read(item, factOf)).toEqual({ fact: first, digest: 'words of vpce-1' });
});

test('a resource that a whole read lacks is forgotten', () => {
  const { known, read } = knownAfter(endpoint({ id: 'vpce-1' }));
  known.keepOnly([]);
  const again = endpoint({ id: 'vpce-1' });
  expect(read(again)).toBe(again);
  expect(known.inWords('words of vpce-1')).toBeUndefined();
});
