import { compareResourceVersions, keyOf, type KubernetesObject } from './object.ts';

/** What happened to one object, as far as the cache can tell. */
export type ResourceChange<T> =
  | { readonly kind: 'added'; readonly object: T }
  | { readonly kind: 'updated'; readonly object: T; readonly previous: T }
  /** `object` is the last state that is known. */
  | { readonly kind: 'deleted'; readonly object: T };

/** The objects of one resource as they were last seen. */
export interface ResourceCache<T extends KubernetesObject> {
  get(key: string): T | undefined;
  list(): readonly T[];
  readonly size: number;
}

/** The writing side. Each method returns the changes that it made, in order. */
export interface WritableResourceCache<T extends KubernetesObject> extends ResourceCache<T> {
  /** Takes the object over, unless a newer state of it is known. */
  put(object: T): readonly ResourceChange<T>[];
  /** Takes the object out, unless a newer or a recreated one is known. */
  remove(object: T): readonly ResourceChange<T>[];
  /** Makes the cache equal to a full list. */
  replace(objects: readonly T[]): readonly ResourceChange<T>[];
  /**
   * Takes over the answer to a write of our own, so that the next pass does not see an older state.
   * Only for an object that is known: a late answer must not bring back a deleted one.
   */
  absorb(object: T): readonly ResourceChange<T>[];
}

/** Creates an empty cache. */
export function createResourceCache<T extends KubernetesObject>(): WritableResourceCache<T> {
  const objects = new Map<string, T>();
  const set = (key: string, object: T): readonly ResourceChange<T>[] => {
    const previous = objects.get(key);
    objects.set(key, object);
    if (previous === undefined) return [{ kind: 'added', object }];
    if (previous.metadata.uid !== object.metadata.uid) {
      // Deleted and recreated between two looks.
      return [
        { kind: 'deleted', object: previous },
        { kind: 'added', object },
      ];
    }
    if (previous.metadata.resourceVersion === object.metadata.resourceVersion) return [];
    return [{ kind: 'updated', object, previous }];
  };
  const isOlder = (object: T, known: T | undefined): boolean =>
    known !== undefined &&
    compareResourceVersions(object.metadata.resourceVersion, known.metadata.resourceVersion) === -1;
  const take = (key: string): readonly ResourceChange<T>[] => {
    const object = objects.get(key);
    if (object === undefined) return [];
    objects.delete(key);
    return [{ kind: 'deleted', object }];
  };
  return {
    get: (key) => objects.get(key),
    list: () => [...objects.values()],
    get size() {
      return objects.size;
    },
    put(object) {
      const key = keyOf(object.metadata);
      return isOlder(object, objects.get(key)) ? [] : set(key, object);
    },
    remove(object) {
      const key = keyOf(object.metadata);
      const known = objects.get(key);
      if (known === undefined || isOlder(object, known)) return [];
      // The event carries the very last state, which says more than the one before it.
      if (known.metadata.uid === object.metadata.uid) objects.set(key, object);
      return take(key);
    },
    replace(list) {
      const wanted = new Map(list.map((object) => [keyOf(object.metadata), object]));
      const vanished = [...objects.keys()].filter((key) => !wanted.has(key));
      return [
        ...vanished.flatMap(take),
        ...[...wanted].flatMap(([key, object]) => set(key, object)),
      ];
    },
    absorb(object) {
      const key = keyOf(object.metadata);
      const known = objects.get(key);
      if (known === undefined || known.metadata.uid !== object.metadata.uid) return [];
      const order = compareResourceVersions(
        object.metadata.resourceVersion,
        known.metadata.resourceVersion,
      );
      return order === 1 ? set(key, object) : [];
    },
  };
}
