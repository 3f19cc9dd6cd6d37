import { isDeepStrictEqual } from 'node:util';

/**
 * The facts of the last read, so that a read which says the same of a resource leaves the same object:
 * else two reads of ten thousand resources are in memory at a time, and all that is known of an object
 * is found out anew.
 */
export interface KnownFacts<T> {
  /** The fact as it is known, if it is the same. */
  same(fact: T): T;
  /** Forgets all but these, which are a whole read. */
  keepOnly(facts: readonly T[]): void;
}

/** Knows nothing at first. */
export function createKnownFacts<T extends { readonly id: string }>(): KnownFacts<T> {
  let known: ReadonlyMap<string, T> = new Map();
  return {
    same(fact) {
      const former = known.get(fact.id);
      return former !== undefined && isDeepStrictEqual(former, fact) ? former : fact;
    },
    keepOnly(facts) {
      known = new Map(facts.map((fact) => [fact.id, fact]));
    },
  };
}
