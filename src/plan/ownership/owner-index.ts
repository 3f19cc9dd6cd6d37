/** Resources by the owner that their tags name, so that a link's part is found without a search. */
import type { OwnerIdentity } from '../looks.ts';

/** A resource that says by tags whose it is (`markedOwner`). */
export interface OwnedResource {
  readonly id: string;
  readonly uid: string | undefined;
  readonly name: string | undefined;
}

/** Resources by id and by owner. */
export interface OwnerIndex<T extends OwnedResource> {
  put(resource: T): void;
  delete(id: string): void;
  /** Makes the index one of these resources. Those that it has already, as the same objects, cost next to nothing. */
  replace(resources: readonly T[]): void;
  get(id: string): T | undefined;
  all(): Iterable<T>;
  /**
   * All resources that may be the link's or a former self's, and some that may not: `ownershipOf`
   * has the last word. In the order of their ids, which is the same in each process.
   */
  near(owner: OwnerIdentity): readonly T[];
}

/** Creates an index of the resources. */
export function createOwnerIndex<T extends OwnedResource>(resources: readonly T[]): OwnerIndex<T> {
  const index = new IndexByTags<T>();
  index.replace(resources);
  return index;
}

/** Most marks are those of one or two resources, and there are thousands of marks: one needs no list. */
type Marked<T> = Map<string, T | readonly T[]>;

class IndexByTags<T extends OwnedResource> implements OwnerIndex<T> {
  private readonly byId = new Map<string, T>();
  private readonly byUid: Marked<T> = new Map();
  private readonly byName: Marked<T> = new Map();

  put(resource: T): void {
    const former = this.byId.get(resource.id);
    if (former !== undefined) this.unmark(former);
    this.byId.set(resource.id, resource);
    mark(this.byUid, resource.uid, resource);
    mark(this.byName, resource.name, resource);
  }

  delete(id: string): void {
    const former = this.byId.get(id);
    if (former === undefined) return;
    this.unmark(former);
    this.byId.delete(id);
  }

  replace(resources: readonly T[]): void {
    for (const resource of resources) {
      if (this.byId.get(resource.id) !== resource) this.put(resource);
    }
    if (this.byId.size === resources.length) return;
    const ids = new Set(resources.map(({ id }) => id));
    for (const id of this.byId.keys()) if (!ids.has(id)) this.delete(id);
  }

  get(id: string): T | undefined {
    return this.byId.get(id);
  }

  all(): Iterable<T> {
    return this.byId.values();
  }

  near({ uid, name, formerUids = [] }: OwnerIdentity): readonly T[] {
    const uids = [uid, ...formerUids].flatMap((one) => markedBy(this.byUid, one));
    const found = new Set([...markedBy(this.byName, name), ...uids]);
    return [...found].toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  private unmark(resource: T): void {
    unmark(this.byUid, resource.uid, resource);
    unmark(this.byName, resource.name, resource);
  }
}

function markedBy<T extends OwnedResource>(marked: Marked<T>, key: string): readonly T[] {
  const found = marked.get(key);
  if (found === undefined) return [];
  return isList(found) ? found : [found];
}

function isList<T extends OwnedResource>(found: T | readonly T[]): found is readonly T[] {
  return Array.isArray(found);
}

function mark<T extends OwnedResource>(
  marked: Marked<T>,
  key: string | undefined,
  resource: T,
): void {
  if (key === undefined) return;
  const others = markedBy(marked, key);
  // Of the size that is needed: a spread list has room for 17.
  marked.set(key, others.length === 0 ? resource : others.concat(resource));
}

function unmark<T extends OwnedResource>(
  marked: Marked<T>,
  key: string | undefined,
  resource: T,
): void {
  if (key === undefined) return;
  const [first, ...others] = markedBy(marked, key).filter((one) => one !== resource);
  if (first === undefined) marked.delete(key);
  else marked.set(key, others.length === 0 ? first : [first].concat(others));
}
