/** All resources of a kind, as a read shows them and as they are known since. */
import type { Tags } from '../../plan/facts.ts';
import { createOwnerIndex, type OwnerIndex } from '../../plan/ownership/owner-index.ts';
import type { Keeper, KeptFact } from './kept-fact.ts';

/** A read of all resources of a kind that the cluster owns. */
export interface PartRead<T> {
  readonly all: readonly KeptFact<T>[];
  /** In milliseconds of the clock. */
  readonly begunAt: number;
}

/** A resource as a read shows it. */
export interface ReadResource<T> {
  readonly kept: KeptFact<T>;
  readonly fact: T;
}

/** The last read of a part, later reads of some of its resources, and what else is known of them. */
export interface MergedPart<T> {
  /** The resources as they are known. */
  readonly merged: OwnerIndex<KeptFact<T>>;
  /** Whether a read is neither the one that the part has already nor an older one. */
  isNew(read: PartRead<T>): boolean;
  /**
   * Begins with a read: what is known is what it shows, but for resources that a later read showed.
   *
   * @returns the ids of those
   */
  begin(read: PartRead<T>): readonly string[];
  /**
   * Notes what a later read shows of a resource; undefined: nothing.
   *
   * @returns whether it says more than what was read before
   */
  observe(id: string, fact: T | undefined, begunAt: number): boolean;
  /** The resource as the last read shows it that shows anything of it. */
  read(id: string): ReadResource<T> | undefined;
  /** When that read began, or the read of the part; undefined before the first. */
  begunAt(id?: string): number | undefined;
  /**
   * Notes how a resource is known.
   *
   * @param fact undefined: it is no more
   * @param read how it was read, of which `fact` was made
   */
  merge(id: string, fact: T | undefined, read: ReadResource<T> | undefined): void;
}

interface Later<T> {
  /** Undefined: it was gone. */
  readonly kept: KeptFact<T> | undefined;
  readonly begunAt: number;
}

/** Creates a part of which nothing was read. */
export function createMergedPart<T extends { readonly id: string; readonly tags: Tags }>(
  keeper: Keeper<T>,
): MergedPart<T> {
  return new ReadAndMerged<T>(keeper);
}

/** Most resources are known as they were read: of the others alone both are kept. */
class ReadAndMerged<T extends { readonly id: string; readonly tags: Tags }>
  implements MergedPart<T>
{
  readonly merged = createOwnerIndex<KeptFact<T>>([]);
  private readonly keeper: Keeper<T>;
  private part: PartRead<T> | undefined;
  private later = new Map<string, Later<T>>();
  /** As the part shows them; undefined: not at all. */
  private readonly unmerged = new Map<string, KeptFact<T> | undefined>();

  constructor(keeper: Keeper<T>) {
    this.keeper = keeper;
  }

  isNew(read: PartRead<T>): boolean {
    return read !== this.part && read.begunAt >= (this.part?.begunAt ?? read.begunAt);
  }

  begin(read: PartRead<T>): readonly string[] {
    this.part = read;
    this.later = new Map([...this.later].filter(([, one]) => one.begunAt > read.begunAt));
    this.unmerged.clear();
    this.merged.replace(read.all);
    return [...this.later.keys()];
  }

  observe(id: string, fact: T | undefined, begunAt: number): boolean {
    const isKnown = this.later.has(id) || this.keptAsRead(id) !== undefined;
    // A resource that no read has shown may be too new for this one, too.
    if (fact === undefined && !isKnown) return false;
    if (isKnown && (this.begunAt(id) ?? begunAt) > begunAt) return false;
    const former = this.later.get(id)?.kept;
    const kept = fact !== undefined && former?.fact() === fact ? former : undefined;
    this.later.set(id, { kept: kept ?? (fact && this.keeper.keep(fact)), begunAt });
    return true;
  }

  read(id: string): ReadResource<T> | undefined {
    const kept = this.keptAsRead(id);
    return kept && { kept, fact: kept.fact() };
  }

  begunAt(id = ''): number | undefined {
    return this.later.get(id)?.begunAt ?? this.part?.begunAt;
  }

  merge(id: string, fact: T | undefined, read: ReadResource<T> | undefined): void {
    const isAsRead = fact === read?.fact;
    if (isAsRead) this.unmerged.delete(id);
    else if (!this.later.has(id)) this.unmerged.set(id, read?.kept);
    const former = this.merged.get(id);
    const kept = isAsRead ? read?.kept : fact && this.keeper.keep(fact);
    if (kept === undefined) this.merged.delete(id);
    else this.merged.put(kept);
    const isOver = former !== kept && former !== read?.kept;
    if (former !== undefined && isOver) this.keeper.release(former);
  }

  private keptAsRead(id: string): KeptFact<T> | undefined {
    const later = this.later.get(id);
    if (later !== undefined) return later.kept;
    return this.unmerged.has(id) ? this.unmerged.get(id) : this.merged.get(id);
  }
}
