import { expect, test } from '@jest/globals';
import { LRUCache } from 'lru-cache';
import { getOrMake } from '../../../src/aws/get-or-make.ts';

test('a value is made once, also one that is false or empty', () => {
  const made: string[] = [];
  const store = new Map<string, string>();
  const make = (): string => {
    made.push('one');
    return '';
  };
  expect([getOrMake(store, 'a', make), getOrMake(store, 'a', make)]).toEqual(['', '']);
  expect(made).toHaveLength(1);
});

test('a value that could not be made is not kept', () => {
  const store = new Map<string, number>();
  const fail = (): number => {
    throw new Error('no');
  };
  expect(() => getOrMake(store, 'a', fail)).toThrow('no');
  expect(getOrMake(store, 'a', () => 2)).toBe(2);
});

test('a cache that forgot a value gets it anew', () => {
  const cache = new LRUCache<string, { readonly name: string }>({ max: 1 });
  const first = getOrMake(cache, 'a', () => ({ name: 'a' }));
  expect(getOrMake(cache, 'a', () => ({ name: 'again' }))).toBe(first);
  getOrMake(cache, 'b', () => ({ name: 'b' }));
  expect(getOrMake(cache, 'a', () => ({ name: 'again' }))).toEqual({ name: 'again' });
});
