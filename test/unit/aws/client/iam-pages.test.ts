import { expect, test } from '@jest/globals';
import { iamPage } from '../../../../src/aws/client/iam-pages.ts';

test('only IsTruncated says that there is more, be the page empty or full', () => {
  expect(iamPage([], { IsTruncated: true, Marker: 'm' })).toEqual({ items: [], nextToken: 'm' });
  expect(iamPage(['a'], { IsTruncated: false, Marker: 'm' })).toEqual({ items: ['a'] });
  expect(iamPage(['a'], {})).toEqual({ items: ['a'] });
});
