import { isDeepStrictEqual } from 'node:util';
import type { SiftedItem } from '../client/items/item-sieve.ts';

/** The fact of one item of a read, with the digest of AWS's words for it where those were seen. */
export interface ReadFact<T> {
  readonly fact: T;
  readonly digest?: string;
}

/**
 * The facts of the last read, so that a read which says the same of a resource leaves the same object:
 * else two reads of ten thousand resources are in memory at a time, and all that is known of an object
 * is found out anew. An item in the very words of the last read is not even parsed.
 */
export interface KnownFacts<T> {
  /** The fact of the item whose words have this digest. */
  inWords(digest: string): T | undefined;
  /** The fact of an item: as it is known, if it is the same. */
  read<Parsed>(item: SiftedItem<T, Parsed>, factOf: (parsed: Parsed) => T): ReadFact<T>;
  /** Forgets all but these, which are a whole read. */
  keepOnly(facts: readonly ReadFact<T>[]): void;
}

/** Knows nothing at first. */
export function createKnownFacts<T extends { readonly id: string }>(): KnownFacts<T> {
  let byId: ReadonlyMap<string, T> = new Map();
  let byWords: ReadonlyMap<string, T> = new Map();

  function same(fact: T): T {
    const former = byId.get(fact.id);
    return former !== undefined && isDeepStrictEqual(former, fact) ? former : fact;
  }

  return {
    inWords: (digest) => byWords.get(digest),
    read(item, factOf) {
      const { digest } = item;
      const fact = 'known' in item ? item.known : same(factOf(item.parsed));
      return digest === undefined ? { fact } : { fact, digest };
    },
    keepOnly(facts) {
      byId = new Map(facts.map(({ fact }) => [fact.id, fact]));
      byWords = new Map(
        facts.flatMap(({ fact, digest }) => (digest === undefined ? [] : [[digest, fact]])),
      );
    },
  };
}
