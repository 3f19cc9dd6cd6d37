import type { Action, ResultOf } from '../../plan/actions.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type RecentWrite, recentWritesOf } from './recent-write.ts';

/**
 * The recent changes of this process, so that reads which do not show them yet are not taken for
 * somebody else's doing. A change counts until a read shows it (a deletion for good even then), and
 * for reads that began before the end of its settle window: later ones stand.
 *
 * They are kept by resource: thousands of links change theirs at the same time, and each asks for
 * its own only.
 */
export interface RecentWrites {
  record<A extends Action>(action: A, result: ResultOf<A>): void;
  /** A change may or may not have taken effect: what it may have overtaken is not claimed. */
  doubt(action: Action): void;
  /** Those of policies in the settle window, in their order, shown or not. */
  ofPolicies(): readonly RecentWrite[];
  /**
   * Those of one resource that no read has shown, in their order.
   *
   * @param readAt when the read began that they are put into, by the clock. @default now
   */
  unseenOf(id: string, readAt?: number): readonly RecentWrite[];
  /** A read that began at this time stays in use: the writes since then are kept for it. */
  keepFor(readAt: number): void;
  /** The resources that have a write. */
  ids(): Iterable<string>;
  /** A read shows these. */
  noteShown(writes: readonly RecentWrite[]): void;
  /**
   * Begins to follow the writes.
   *
   * @returns asks for the resources whose unseen writes have changed since it was last asked; at
   *   first for all that have any
   */
  follow(): () => ReadonlySet<string>;
}

interface Entry {
  readonly write: RecentWrite;
  readonly madeAt: number;
  isShown: boolean;
}

/**
 * @param settleMs How long a change may stay invisible, in milliseconds.
 * @param overtakenBy Which earlier writes an action makes moot; undefined: none.
 */
export function createRecentWrites(
  clock: Clock,
  settleMs: number,
  overtakenBy: (action: Action) => ((write: RecentWrite) => boolean) | undefined,
): RecentWrites {
  return new IndexedWrites(clock, settleMs, overtakenBy);
}

class IndexedWrites implements RecentWrites {
  private readonly clock: Clock;
  private readonly settleMs: number;
  private readonly overtakenBy: (action: Action) => ((write: RecentWrite) => boolean) | undefined;
  /** When the oldest read began that is in use. */
  private keptFor = Number.POSITIVE_INFINITY;
  /** In the order in which they were made. */
  private readonly entries = new Set<Entry>();
  /** Those of policies, in the same order: few, and each pass asks for them. */
  private readonly policyEntries = new Set<Entry>();
  private readonly byId = new Map<string, Set<Entry>>();
  private readonly byWrite = new WeakMap<RecentWrite, Entry>();
  /** For each follower the resources that it has not been told of. */
  private readonly untold: Set<string>[] = [];

  constructor(
    clock: Clock,
    settleMs: number,
    overtakenBy: (action: Action) => ((write: RecentWrite) => boolean) | undefined,
  ) {
    this.clock = clock;
    this.settleMs = settleMs;
    this.overtakenBy = overtakenBy;
  }

  record<A extends Action>(action: A, result: ResultOf<A>): void {
    const writes = recentWritesOf(action, result);
    if (writes.length === 0) return;
    this.expire();
    this.doubt(action);
    const madeAt = this.clock.now();
    for (const write of writes) this.add({ write, madeAt, isShown: false });
  }

  doubt(action: Action): void {
    const isOvertaken = this.overtakenBy(action);
    if (isOvertaken === undefined) return;
    for (const entry of this.entries) if (isOvertaken(entry.write)) this.remove(entry);
  }

  ofPolicies(): readonly RecentWrite[] {
    this.expire();
    const oldest = this.clock.now() - this.settleMs;
    return [...this.policyEntries].flatMap(({ write, madeAt }) => (madeAt > oldest ? [write] : []));
  }

  unseenOf(id: string, readAt = this.clock.now()): readonly RecentWrite[] {
    this.expire();
    const oldest = readAt - this.settleMs;
    return [...(this.byId.get(id) ?? [])]
      .filter(({ isShown, madeAt }) => !isShown && madeAt > oldest)
      .map(({ write }) => write);
  }

  keepFor(readAt: number): void {
    this.keptFor = readAt;
  }

  ids(): Iterable<string> {
    this.expire();
    return this.byId.keys();
  }

  noteShown(writes: readonly RecentWrite[]): void {
    for (const write of writes) {
      const entry = this.byWrite.get(write);
      if (entry === undefined || isForGood(write)) continue;
      entry.isShown = true;
      if (isOfPolicy(write)) this.tell(write.id);
      else this.remove(entry);
    }
  }

  follow(): () => ReadonlySet<string> {
    const at = this.untold.push(new Set(this.byId.keys())) - 1;
    return () => {
      this.expire();
      const changed = this.untold[at] ?? new Set();
      this.untold[at] = new Set();
      return changed;
    };
  }

  private add(entry: Entry): void {
    const { write } = entry;
    this.entries.add(entry);
    if (isOfPolicy(write)) this.policyEntries.add(entry);
    this.byWrite.set(write, entry);
    const ofResource = this.byId.get(write.id) ?? new Set();
    this.byId.set(write.id, ofResource.add(entry));
    this.tell(write.id);
  }

  private remove(entry: Entry): void {
    const { id } = entry.write;
    this.entries.delete(entry);
    this.policyEntries.delete(entry);
    const ofResource = this.byId.get(id);
    ofResource?.delete(entry);
    if (ofResource?.size === 0) this.byId.delete(id);
    this.tell(id);
  }

  /** Forgets writes whose settle window no read needs any more: the oldest come first. */
  private expire(): void {
    const oldest = Math.min(this.clock.now(), this.keptFor) - this.settleMs;
    for (const entry of this.entries) {
      if (entry.madeAt > oldest) return;
      this.remove(entry);
    }
  }

  private tell(id: string): void {
    for (const changed of this.untold) changed.add(id);
  }
}

/** The lists of policies' names lag behind the reads that show a policy: its writes count for them still. */
function isOfPolicy({ changes }: RecentWrite): boolean {
  return changes.some(({ of }) => of === 'ManagedPolicy');
}

/** A deleted resource never comes back: a read that shows it is older than the one before. */
function isForGood({ changes }: RecentWrite): boolean {
  return changes.some(({ isFinal }) => isFinal === true);
}
