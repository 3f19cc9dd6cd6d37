import { expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../../../src/kubernetes/client/object.ts';
import {
  createResourceCache,
  type ResourceChange,
} from '../../../../src/kubernetes/watch/resource-cache.ts';
import { tellInTurns } from '../../../../src/kubernetes/watch/tell-in-turns.ts';
import { settle } from '../../../time/virtual-clock.ts';

const object = (name: string, resourceVersion = '1', uid = name): KubernetesObject => ({
  metadata: { name, uid, resourceVersion },
});

function setUp(names: string) {
  const cache = createResourceCache();
  for (const name of names) cache.put(object(name));
  const told: string[] = [];
  const note = ({ kind, object: { metadata } }: ResourceChange<KubernetesObject>): void => {
    told.push(`${kind} ${metadata.uid}${metadata.resourceVersion}`);
  };
  const telling = tellInTurns(cache, note, 2);
  const publish = (changes: readonly ResourceChange<KubernetesObject>[]): void => {
    for (const change of changes) telling.handler(change);
  };
  return { cache, told, telling, publish };
}

test('objects are told of some at a time', async () => {
  const { told } = setUp('abcde');
  expect(told).toEqual(['added a1', 'added b1']);
  await settle();
  expect(told).toEqual(['added a1', 'added b1', 'added c1', 'added d1', 'added e1']);
});

test('an object that changes meanwhile is told of before its change, and once', async () => {
  const { cache, told, publish } = setUp('abcdef');
  publish(cache.put(object('c', '2')));
  publish(cache.remove(object('d', '2')));
  publish(cache.put(object('e', '2', 'f')));
  publish(cache.put(object('a', '2')));
  publish(cache.put(object('g')));
  await settle();
  expect(told.join(', ')).toBe(
    'added a1, added b1, added c1, updated c2, added d2, deleted d2, ' +
      'added e1, deleted e1, added f2, updated a2, added g1, added f1',
  );
});

test('nobody is told of anything after the end', async () => {
  const { told, telling } = setUp('abcde');
  telling.stop();
  await settle();
  expect(told).toHaveLength(2);
});
