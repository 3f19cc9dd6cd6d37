import { expect, test } from '@jest/globals';
import { createKnownFacts } from '../../../../src/aws/consistency/known-facts.ts';
import { endpoint } from '../aws-values.ts';

test('a read that says the same leaves the object of the read before', () => {
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

test('a resource that a whole read lacks is forgotten', () => {
  const known = createKnownFacts<ReturnType<typeof endpoint>>();
  const first = endpoint({ id: 'vpce-1' });
  known.keepOnly([first]);
  known.keepOnly([]);
  const again = endpoint({ id: 'vpce-1' });
  expect(known.same(again)).toBe(again);
});
