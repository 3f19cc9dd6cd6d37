/** Resources by the owner that their tags name, so that a link's part is found without a search. */
import type { Tags } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import { markedOwner } from './ownership.ts';

/** A resource that says by tags whose it is. */
export interface TaggedResource {
  readonly id: string;
  readonly tags: Tags;
}

/** Resources by id, in the order in which they came in, and by owner. */
export interface OwnerIndex<T extends TaggedResource> {
  put(resource: T): void;
  delete(id: string): void;
  /** Makes the index one of these resources. Those that it has already, as the same objects, cost next to nothing. */
  replace(resources: readonly T[]): void;
  get(id: string): T | undefined;
  all(): readonly T[];
  /**
   * All resources that may be the link's or a former self's, and some that may not: `ownershipOf`
   * has the last word.
   */
  near(owner: OwnerIdentity): readonly T[];
}

interface Placed<T> {
  readonly resource: T;
  readonly order: number;
}

/** Creates an index of the resources. */
export function createOwnerIndex<T extends TaggedResource>(resources: readonly T[]): OwnerIndex<T> {
  const index = new IndexByTags<T>();
  index.replace(resources);
  return index;
}

/** Few resources have the same mark, and there are thousands of marks: their lists are small arrays. */
type Marked<T> = Map<string, readonly Placed<T>[]>;

class IndexByTags<T extends TaggedResource> implements OwnerIndex<T> {
  private readonly byId = new Map<string, Placed<T>>();
  private readonly byUid: Marked<T> = new Map();
  private readonly byName: Marked<T> = new Map();
  private made = 0;

  put(resource: T): void {
    const { id, tags } = resource;
    const former = this.byId.get(id);
    if (former !== undefined) this.unmark(former);
    this.made += 1;
    const placed = { resource, order: former?.order ?? this.made };
    this.byId.set(id, placed);
    const { uid, name } = markedOwner(tags);
    mark(this.byUid, uid, placed);
    mark(this.byName, name, placed);
  }

  delete(id: string): void {
    const former = this.byId.get(id);
    if (former === undefined) return;
    this.unmark(former);
    this.byId.delete(id);
  }

  replace(resources: readonly T[]): void {
    for (const resource of resources) {
      if (this.byId.get(resource.id)?.resource !== resource) this.put(resource);
    }
    if (this.byId.size === resources.length) return;
    const ids = new Set(resources.map(({ id }) => id));
    for (const id of this.byId.keys()) if (!ids.has(id)) this.delete(id);
  }

  get(id: string): T | undefined {
    return this.byId.get(id)?.resource;
  }

  all(): readonly T[] {
    return [...this.byId.values()].map(({ resource }) => resource);
  }

  near({ uid, name, formerUids = [] }: OwnerIdentity): readonly T[] {
    const uids = [uid, ...formerUids].flatMap((one) => this.byUid.get(one) ?? []);
    const found = new Set([...(this.byName.get(name) ?? []), ...uids]);
    return [...found]
      .toSorted((one, other) => one.order - other.order)
      .map(({ resource }) => resource);
  }

  private unmark(placed: Placed<T>): void {
    const { uid, name } = markedOwner(placed.resource.tags);
    unmark(this.byUid, uid, placed);
    unmark(this.byName, name, placed);
  }
}

function mark<T>(marked: Marked<T>, key: string | undefined, placed: Placed<T>): void {
  if (key === undefined) return;
  // Of the size that is needed: a spread list has room for 17.
  const others = marked.get(key);
  marked.set(key, others === undefined ? [placed] : others.concat(placed));
}

function unmark<T>(marked: Marked<T>, key: string | undefined, placed: Placed<T>): void {
  if (key === undefined) return;
  const others = (marked.get(key) ?? []).filter((one) => one !== placed);
  if (others.length === 0) marked.delete(key);
  else marked.set(key, others);
}
