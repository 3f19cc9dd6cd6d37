/** Facts about tens of thousands of resources, of which few are looked at in any second. */
import { LRUCache } from 'lru-cache';
import type { Tags } from '../../plan/facts.ts';
import { markedOwner } from '../../plan/ownership/ownership.ts';
import type { OwnedResource } from '../../plan/ownership/owner-index.ts';
import { createTextPacker, type PackedText } from '../../runtime/packed-text.ts';
import { sharedText } from '../../runtime/shared-text.ts';

/** A fact about a resource with tags, which takes few bytes while nobody asks for it. */
export interface KeptFact<T> extends OwnedResource {
  /** Unpacks it: whoever needs it twice holds on to it. */
  fact(): T;
}

/** Keeps facts that are alike. */
export interface Keeper<T> {
  keep(fact: T): KeptFact<T>;
  /** Says how many there are, by which the keeper decides how many of them to hold unpacked. */
  expect(count: number): void;
  /**
   * Lets go of a fact that is not known any more: it is not packed for those who hardly ever ask for it.
   * Those who have it still hold it themselves.
   */
  release(kept: KeptFact<T>): void;
}

/** As many as these are all held unpacked, some 3 MiB: to look at one costs nothing. */
const fewFacts = 2_048;
/** Of more facts those that links in work look at: a sweep goes through all, and meets none of them again. */
const mostUnpacked = 256;

/** Creates a keeper of nothing. */
export function createKeeper<T extends { readonly id: string; readonly tags: Tags }>(): Keeper<T> {
  return new FactKeeper<T>();
}

class FactKeeper<T extends { readonly id: string; readonly tags: Tags }> implements Keeper<T> {
  readonly packer = createTextPacker();
  private readonly unpacked = new LRUCache<PackedFact<T>, { readonly fact: T }>({
    max: fewFacts,
    dispose: ({ fact }, one, reason) => {
      if (reason === 'evict') one.pack(fact);
    },
  });
  private most = fewFacts;

  keep(fact: T): KeptFact<T> {
    const one = new PackedFact<T>(fact, this);
    this.hold(one, fact);
    return one;
  }

  expect(count: number): void {
    this.most = count > fewFacts ? mostUnpacked : fewFacts;
  }

  release(kept: KeptFact<T>): void {
    if (!(kept instanceof PackedFact)) return;
    const one = kept as PackedFact<T>;
    const held = this.unpacked.peek(one);
    if (held === undefined) return;
    one.holdItself(held.fact);
    this.unpacked.delete(one);
  }

  factOf(one: PackedFact<T>): T {
    const known = this.unpacked.get(one);
    if (known !== undefined) return known.fact;
    const fact = one.unpack();
    this.hold(one, fact);
    return fact;
  }

  private hold(one: PackedFact<T>, fact: T): void {
    this.unpacked.set(one, { fact });
    // Two at most: where few facts come to be many, not all of them are packed at once.
    for (let left = 2; left > 0 && this.unpacked.size > this.most; left -= 1) this.unpacked.pop();
  }
}

/** Unpacked, it is among those that its keeper holds, or holds itself. */
class PackedFact<T extends { readonly id: string; readonly tags: Tags }> implements KeptFact<T> {
  readonly id: string;
  readonly uid: string | undefined;
  readonly name: string | undefined;
  private readonly keeper: FactKeeper<T>;
  /** Undefined until it was packed once; the fact itself once its keeper has let go of it. */
  private packed: PackedText | { readonly fact: T } | undefined;

  constructor({ id, tags }: T, keeper: FactKeeper<T>) {
    const { uid, name } = markedOwner(tags);
    this.id = id;
    this.uid = uid === undefined ? uid : sharedText(uid);
    this.name = name === undefined ? name : sharedText(name);
    this.keeper = keeper;
    this.packed = undefined;
  }

  fact(): T {
    const { packed } = this;
    return typeof packed === 'object' ? packed.fact : this.keeper.factOf(this);
  }

  holdItself(fact: T): void {
    this.packed = { fact };
  }

  pack(fact: T): void {
    this.packed ??= this.keeper.packer.pack(JSON.stringify(fact));
  }

  unpack(): T {
    const { packed } = this;
    if (typeof packed !== 'string') throw new Error(`the fact of ${this.id} was not packed`);
    return JSON.parse(this.keeper.packer.unpack(packed)) as T;
  }
}
