import { isDeepStrictEqual } from 'node:util';
import { compareResourceVersions, keyOf, type KubernetesObject } from '../client/object.ts';

/** A change of one object, as far as the cache can tell. */
export type ResourceChange<T> =
  | { readonly kind: 'added'; readonly object: T }
  | { readonly kind: 'updated'; readonly object: T; readonly previous: T }
  /** `object` is the last state that is known. */
  | { readonly kind: 'deleted'; readonly object: T };

/** The objects of one resource as they were last seen. */
export interface ResourceCache<T extends KubernetesObject> {
  get(key: string): T | undefined;
  /** All objects at once: of a watch that keeps them packed see `createResourceIndex`. */
  list(): readonly T[];
  keys(): Iterable<string>;
  /**
   * A token of the state that an object is in: it stays the same until the object changes, however often
   * it is read or listed in between. Undefined where there is none.
   */
  stateOf(key: string): object | undefined;
  readonly size: number;
}

/** The way in which objects are kept: a `Map` is one. */
export interface ObjectStore<T> {
  get(key: string): T | undefined;
  set(key: string, object: T): unknown;
  delete(key: string): unknown;
  keys(): Iterable<string>;
  values(): Iterable<T>;
  /** See `ResourceCache.stateOf`. @default the object itself */
  stateOf?(key: string): object | undefined;
  readonly size: number;
}

/** The writing side. Each method returns the changes that it made, in order. */
export interface WritableResourceCache<T extends KubernetesObject> extends ResourceCache<T> {
  /** Takes the object over, unless a newer state of it is known. */
  put(object: T): readonly ResourceChange<T>[];
  /** Takes the object out, unless a newer or a recreated one is known. */
  remove(object: T): readonly ResourceChange<T>[];
  /** Takes over an object of a full list, whatever is known of it. */
  putListed(object: T): readonly ResourceChange<T>[];
  /** Ends a full list: takes out all objects but those of its keys. */
  endList(keys: readonly string[]): readonly ResourceChange<T>[];
  /**
   * Takes over the answer to a write of our own, so that the next pass does not see an older state.
   * Only for an object that is known: a late answer must not bring back a deleted one.
   */
  absorb(object: T): readonly ResourceChange<T>[];
}

/** Creates an empty cache. @param store an empty one */
export function createResourceCache<T extends KubernetesObject>(
  store: ObjectStore<T> = new Map<string, T>(),
): WritableResourceCache<T> {
  return new ObjectsByKey<T>(store);
}

class ObjectsByKey<T extends KubernetesObject> implements WritableResourceCache<T> {
  private readonly objects: ObjectStore<T>;

  constructor(store: ObjectStore<T>) {
    this.objects = store;
  }

  get size(): number {
    return this.objects.size;
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  list(): readonly T[] {
    return [...this.objects.values()];
  }

  keys(): Iterable<string> {
    return this.objects.keys();
  }

  stateOf(key: string): object | undefined {
    const { objects } = this;
    return objects.stateOf === undefined ? objects.get(key) : objects.stateOf(key);
  }

  put(object: T): readonly ResourceChange<T>[] {
    const key = keyOf(object.metadata);
    return isOlder(object, this.objects.get(key)) ? [] : this.set(key, object);
  }

  remove(object: T): readonly ResourceChange<T>[] {
    const key = keyOf(object.metadata);
    const known = this.objects.get(key);
    if (known === undefined || isOlder(object, known)) return [];
    // The event carries the very last state, which says more than the one before it.
    if (known.metadata.uid === object.metadata.uid) this.objects.set(key, object);
    return this.take(key);
  }

  putListed(object: T): readonly ResourceChange<T>[] {
    return this.set(keyOf(object.metadata), object);
  }

  endList(keys: readonly string[]): readonly ResourceChange<T>[] {
    const listed = new Set(keys);
    const vanished = [...this.objects.keys()].filter((key) => !listed.has(key));
    return vanished.flatMap((key) => this.take(key));
  }

  absorb(object: T): readonly ResourceChange<T>[] {
    const key = keyOf(object.metadata);
    const known = this.objects.get(key);
    if (known === undefined || known.metadata.uid !== object.metadata.uid) return [];
    return isOlder(known, object) ? this.set(key, object) : [];
  }

  private set(key: string, object: T): readonly ResourceChange<T>[] {
    const previous = this.objects.get(key);
    // Those who know something of the very object go on knowing it after each list.
    if (previous !== undefined && isSameState(previous, object)) return [];
    this.objects.set(key, object);
    if (previous === undefined) return [{ kind: 'added', object }];
    if (previous.metadata.uid !== object.metadata.uid) {
      // Deleted and recreated between two looks.
      return [
        { kind: 'deleted', object: previous },
        { kind: 'added', object },
      ];
    }
    return [{ kind: 'updated', object, previous }];
  }

  private take(key: string): readonly ResourceChange<T>[] {
    const object = this.objects.get(key);
    if (object === undefined) return [];
    this.objects.delete(key);
    return [{ kind: 'deleted', object }];
  }
}

/** After a restore of etcd from a backup an equal version may be another state. */
function isSameState(one: KubernetesObject, other: KubernetesObject): boolean {
  const hasSameVersion = one.metadata.resourceVersion === other.metadata.resourceVersion;
  return hasSameVersion && isDeepStrictEqual(one, other);
}

function isOlder(object: KubernetesObject, than: KubernetesObject | undefined): boolean {
  const version = than?.metadata.resourceVersion;
  return compareResourceVersions(object.metadata.resourceVersion, version) === -1;
}
