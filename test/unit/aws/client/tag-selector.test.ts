import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  hasTags,
  tagFilters,
  tagsFromKey,
  tagsToKey,
} from '../../../../src/aws/client/tag-selector.ts';

const tags = fc.dictionary(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), {
  maxKeys: 6,
  noNullPrototype: true,
});

test('tags are the same key in any order, and come back from it', () => {
  fc.assert(
    fc.property(tags, (some) => {
      const turned = Object.fromEntries(Object.entries(some).toReversed());
      expect(tagsToKey(turned)).toBe(tagsToKey(some));
      expect(tagsFromKey(tagsToKey(some))).toEqual(some);
    }),
  );
});

test('AWS takes a wildcard in a filter, and the value itself has the last word', () => {
  expect(tagFilters({ ml: 'p*' })).toEqual([{ Name: 'tag:ml', Values: ['p*'] }]);
  expect(hasTags({ ml: 'private' }, { ml: 'p*' })).toBe(false);
  expect(hasTags({ ml: 'p*', team: 'a' }, { ml: 'p*' })).toBe(true);
  expect(hasTags({}, { ml: '' })).toBe(false);
});
