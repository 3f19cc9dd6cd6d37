import { expect, test } from '@jest/globals';
import { createKnownFacts } from '../../../../src/aws/consistency/known-facts.ts';
import { endpoint } from '../aws-values.ts';

test('what a read says anew is the object of the read before, and what changed is not', () => {
  const known = createKnownFacts<ReturnType<typeof endpoint>>();
  const first = endpoint({ id: 'vpce-1', tags: { a: '1' } });
  expect(known.same(first)).toBe(first);
  known.keepOnly([first]);
  expect(known.same(endpoint({ id: 'vpce-1', tags: { a: '1' } }))).toBe(first);
  const changed = endpoint({ id: 'vpce-1', tags: { a: '2' } });
  expect(known.same(changed)).toBe(changed);
  const other = endpoint({ id: 'vpce-2', tags: { a: '1' } });
  expect(known.same(other)).toBe(other);
});

test('what a whole read lacks is forgotten', () => {
  const known = createKnownFacts<ReturnType<typeof endpoint>>();
  const first = endpoint({ id: 'vpce-1' });
  known.keepOnly([first]);
  known.keepOnly([]);
  const again = endpoint({ id: 'vpce-1' });
  expect(known.same(again)).toBe(again);
});
