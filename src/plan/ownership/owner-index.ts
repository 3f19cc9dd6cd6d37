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
  const byId = new Map<string, Placed<T>>();
  const byMark = new Map<string, Map<string, Placed<T>>>();
  let made = 0;

  function unmark(id: string): void {
    const known = byId.get(id);
    for (const mark of known === undefined ? [] : marksOf(known.resource)) {
      byMark.get(mark)?.delete(id);
    }
  }

  function put(resource: T): void {
    const { id } = resource;
    unmark(id);
    made += 1;
    const placed = { resource, order: byId.get(id)?.order ?? made };
    byId.set(id, placed);
    for (const mark of marksOf(resource)) {
      const marked = byMark.get(mark) ?? new Map<string, Placed<T>>();
      byMark.set(mark, marked.set(id, placed));
    }
  }

  for (const resource of resources) put(resource);
  return {
    put,
    delete(id) {
      unmark(id);
      byId.delete(id);
    },
    get: (id) => byId.get(id)?.resource,
    all: () => [...byId.values()].map(({ resource }) => resource),
    near(owner) {
      const found = new Map(marksOfOwner(owner).flatMap((mark) => [...(byMark.get(mark) ?? [])]));
      return [...found.values()]
        .toSorted((one, other) => one.order - other.order)
        .map(({ resource }) => resource);
    },
  };
}

function marksOf({ tags }: TaggedResource): readonly string[] {
  const { uid, name } = markedOwner(tags);
  return [
    ...(uid === undefined ? [] : [`uid ${uid}`]),
    ...(name === undefined ? [] : [`name ${name}`]),
  ];
}

function marksOfOwner({ uid, name, formerUids = [] }: OwnerIdentity): readonly string[] {
  return [`name ${name}`, ...[uid, ...formerUids].map((one) => `uid ${one}`)];
}
