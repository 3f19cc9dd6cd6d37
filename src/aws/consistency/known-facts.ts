import { isDeepStrictEqual } from 'node:util';
import type { SiftedItem } from '../client/items/item-sieve.ts';
import type { Keeper, KeptFact } from './kept-fact.ts';

/** The fact of one item of a read, with the digest of AWS's words for it where those were seen. */
export interface ReadFact<T> {
  readonly kept: KeptFact<T>;
  readonly digest?: string;
}

/**
 * The facts of the last read, so that a read which says the same of a resource leaves the same object:
 * else two reads of ten thousand resources are in memory at a time, and all that is known of an object
 * is found out anew. An item in the very words of the last read is not even parsed.
 */
export interface KnownFacts<T> {
  /** The fact of the item whose words have this digest. */
  inWords(digest: string): KeptFact<T> | undefined;
  /** The fact of the resource. */
  ofId(id: string): KeptFact<T> | undefined;
  /** The fact of an item: as it is known, if it is the same. */
  read<Parsed>(item: SiftedItem<KeptFact<T>, Parsed>, factOf: (parsed: Parsed) => T): ReadFact<T>;
  /** Forgets in which words AWS said them: at the next read each is parsed. */
  forgetWords(): void;
  /** Forgets all but these, which are a whole read. */
  keepOnly(facts: readonly ReadFact<T>[]): void;
}

/** Knows nothing at first. */
export function createKnownFacts<T extends { readonly id: string }>(
  keeper: Keeper<T>,
): KnownFacts<T> {
  let byWords: ReadonlyMap<string, KeptFact<T>> = new Map();
  let wordless: readonly KeptFact<T>[] = [];
  /** Made where a read needs it: mostly AWS says what it said. */
  let byId: ReadonlyMap<string, KeptFact<T>> | undefined;

  function ofId(id: string): KeptFact<T> | undefined {
    byId ??= new Map([...byWords.values(), ...wordless].map((one) => [one.id, one]));
    return byId.get(id);
  }

  function same(fact: T): KeptFact<T> {
    const former = ofId(fact.id);
    return former !== undefined && isDeepStrictEqual(former.fact(), fact)
      ? former
      : keeper.keep(fact);
  }

  function isWhatIsKnown(facts: readonly ReadFact<T>[]): boolean {
    const isSame = ({ digest = '', kept }: ReadFact<T>): boolean => byWords.get(digest) === kept;
    return facts.length === byWords.size && wordless.length === 0 && facts.every(isSame);
  }

  return {
    inWords: (digest) => byWords.get(digest),
    ofId,
    read(item, factOf) {
      const { digest } = item;
      const kept = 'known' in item ? item.known : same(factOf(item.parsed));
      return digest === undefined ? { kept } : { kept, digest };
    },
    forgetWords() {
      wordless = [...byWords.values(), ...wordless];
      byWords = new Map();
    },
    keepOnly(facts) {
      byId = undefined;
      keeper.expect(facts.length);
      if (isWhatIsKnown(facts)) return;
      const known = new Set(facts.map(({ kept }) => kept));
      for (const one of [...byWords.values(), ...wordless])
        if (!known.has(one)) keeper.release(one);
      const words = facts.flatMap(({ kept, digest }) =>
        digest === undefined ? [] : [[digest, kept] as const],
      );
      byWords = new Map(words);
      wordless = facts.flatMap(({ kept, digest }) => (digest === undefined ? kept : []));
    },
  };
}
