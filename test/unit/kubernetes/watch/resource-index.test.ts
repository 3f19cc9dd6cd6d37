import { expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../../../src/kubernetes/client/object.ts';
import type { ResourceChange } from '../../../../src/kubernetes/watch/resource-cache.ts';
import { createResourceIndex } from '../../../../src/kubernetes/watch/resource-index.ts';

const object = (name: string, team?: string): KubernetesObject => ({
  metadata: { name, namespace: 'ml', labels: team === undefined ? {} : { team } },
});

test('an index has the parts of the objects that matter, as they are now', () => {
  let publish: (change: ResourceChange<KubernetesObject>) => void = () => undefined;
  const index = createResourceIndex<KubernetesObject, string>(
    { subscribe: (handler) => ((publish = handler), () => undefined) },
    ({ metadata }) => metadata.labels?.['team'],
  );
  const entries = (): unknown => [...index.entries()];
  publish({ kind: 'added', object: object('a', 'red') });
  publish({ kind: 'added', object: object('b') });
  publish({ kind: 'added', object: object('c', 'blue') });
  expect(entries()).toEqual([
    ['ml/a', 'red'],
    ['ml/c', 'blue'],
  ]);
  publish({ kind: 'updated', previous: object('a', 'red'), object: object('a', 'green') });
  publish({ kind: 'updated', previous: object('b'), object: object('b', 'black') });
  publish({ kind: 'updated', previous: object('c', 'blue'), object: object('c') });
  expect(entries()).toEqual([
    ['ml/a', 'green'],
    ['ml/b', 'black'],
  ]);
  publish({ kind: 'deleted', object: object('a', 'green') });
  expect([...index.values()]).toEqual(['black']);
});
