import { expect, test } from '@jest/globals';
import { tagOnCreate, tagsFromSdk, tagsToSdk } from '../../../../src/aws/client/tags.ts';

test('tags survive the way to AWS and back', () => {
  const tags = { team: 'ml', empty: '' };
  expect(tagsFromSdk(tagsToSdk(tags))).toEqual(tags);
});

test('an answer without tags, keys or values has none of them', () => {
  expect(tagsFromSdk(undefined)).toEqual({});
  expect(tagsFromSdk([{ Value: 'lost' }, { Key: 'bare' }])).toEqual({ bare: '' });
});

test('a creation without tags sends no specification, which AWS would refuse', () => {
  expect(tagOnCreate('vpc-endpoint', {})).toEqual({});
  expect(tagOnCreate('vpc-endpoint', { a: 'b' })).toEqual({
    TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: [{ Key: 'a', Value: 'b' }] }],
  });
});
