import { keyOf, type KubernetesObject } from '../client/object.ts';
import type { ResourceWatch } from './resource-watch.ts';

/**
 * A small part of each object of a watch, for those who ask of all objects at once. It is made when the
 * object changes, so that nobody has to read thousands of objects to find the few that matter.
 */
export interface ResourceIndex<V> {
  /** The parts by the keys of their objects. */
  entries(): Iterable<readonly [key: string, part: V]>;
  values(): Iterable<V>;
}

/**
 * Creates an index that lives as long as the watch.
 *
 * @param partOf of an object that does not matter it is undefined
 */
export function createResourceIndex<T extends KubernetesObject, V>(
  watch: Pick<ResourceWatch<T>, 'subscribe'>,
  partOf: (object: T) => V | undefined,
): ResourceIndex<V> {
  const parts = new Map<string, V>();
  watch.subscribe(({ kind, object }) => {
    const key = keyOf(object.metadata);
    const part = kind === 'deleted' ? undefined : partOf(object);
    if (part === undefined) parts.delete(key);
    else parts.set(key, part);
  });
  return { entries: () => parts, values: () => parts.values() };
}
