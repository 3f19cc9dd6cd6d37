import { expect, test } from '@jest/globals';
import { createResourceCache } from '../../../../src/kubernetes/watch/resource-cache.ts';

const object = (resourceVersion: string, label: string) => ({
  metadata: { name: 'a', uid: 'u', resourceVersion, labels: { label } },
});

test('a list that says the same of an object leaves the one that is known in its place', () => {
  const cache = createResourceCache();
  const known = object('5', 'x');
  cache.put(known);
  expect(cache.putListed(object('5', 'x'))).toEqual([]);
  expect(cache.get('a')).toBe(known);
});

test('another state of an object takes its place, also under the same version', () => {
  const cache = createResourceCache();
  const previous = object('5', 'x');
  cache.put(previous);
  const restored = object('5', 'y');
  expect(cache.putListed(restored)).toEqual([{ kind: 'updated', object: restored, previous }]);
  expect(cache.get('a')).toBe(restored);
});

test('the state of an object is the same until it changes', () => {
  const cache = createResourceCache();
  cache.put(object('5', 'x'));
  const state = cache.stateOf('a');
  expect(state).toBeDefined();
  cache.putListed(object('5', 'x'));
  expect(cache.stateOf('a')).toBe(state);
  cache.putListed(object('5', 'y'));
  expect(cache.stateOf('a')).not.toBe(state);
  expect(cache.stateOf('b')).toBeUndefined();
});
