import { expect, test } from '@jest/globals';
import { digestOf } from '../../../src/runtime/digest.ts';

test('the same values have the same digest, and others have another one', () => {
  expect(digestOf('a', { b: [1] })).toBe(digestOf('a', { b: [1] }));
  const all = [digestOf(), digestOf('a'), digestOf('a', 'b'), digestOf('ab'), digestOf(['a', 'b'])];
  expect(new Set(all).size).toBe(all.length);
});

test('a digest is short, however long the values are', () => {
  expect(digestOf('a'.repeat(100_000)).length).toBeLessThan(30);
});
