import { expect, test } from '@jest/globals';
import { createRecentWrites } from '../../../src/cluster/recent-writes.ts';
import { existingObject } from '../../../src/cluster/stored-object.ts';
import { createVirtualClock } from '../../time/virtual-clock.ts';

function configMap(resourceVersion: string, value: string) {
  const metadata = { name: 'x', namespace: 'team', uid: 'u', resourceVersion };
  return { metadata, data: { value } };
}

const valuesOf = (objects: readonly { readonly kind: string }[]): readonly unknown[] =>
  objects.map((one) => ('data' in one ? one.data : undefined));

test('a write counts until the watch shows it or a later one', () => {
  const writes = createRecentWrites(createVirtualClock());
  writes.noteWritten('ConfigMap', configMap('12', 'ours'));
  const former = existingObject('ConfigMap', configMap('11', 'former'));
  expect(valuesOf(writes.merged('team', [former]))).toEqual([{ value: 'ours' }]);
  expect(valuesOf(writes.merged('team', []))).toEqual([{ value: 'ours' }]);
  writes.noteShown('ConfigMap', { kind: 'added', object: configMap('11', 'former') });
  expect(valuesOf(writes.merged('team', [former]))).toEqual([{ value: 'ours' }]);
  writes.noteShown('ConfigMap', { kind: 'added', object: configMap('13', 'edited') });
  expect(valuesOf(writes.merged('team', [former]))).toEqual([{ value: 'former' }]);
  expect(writes.merged('other', [])).toEqual([]);
});

test('a deletion counts until the watch shows it, or another object of the name', async () => {
  const clock = createVirtualClock();
  const writes = createRecentWrites(clock);
  writes.noteDeleted({ kind: 'ConfigMap', namespace: 'team', name: 'x', uid: 'u' });
  const former = existingObject('ConfigMap', configMap('11', 'former'));
  writes.noteShown('ConfigMap', { kind: 'added', object: configMap('11', 'former') });
  await clock.advance(3_600_000);
  expect(writes.merged('team', [former])).toEqual([]);
  const another = { ...former, metadata: { ...former.metadata, uid: 'another' } };
  expect(writes.merged('team', [another])).toHaveLength(1);
  writes.noteShown('ConfigMap', { kind: 'deleted', object: configMap('12', 'former') });
  expect(writes.merged('team', [former])).toHaveLength(1);
});

test('a watch that never shows a write is believed in the end', async () => {
  const clock = createVirtualClock();
  const writes = createRecentWrites(clock);
  writes.noteWritten('ConfigMap', configMap('12', 'ours'));
  await clock.advance(10_001);
  expect(writes.merged('team', [])).toEqual([]);
});
