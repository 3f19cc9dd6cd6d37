/**
 * `high`: a user's change (spec, annotation, deletion). `normal`: something that is not ready yet.
 * `low`: a sweep for drift of something that was well.
 */
export type Priority = 'high' | 'normal' | 'low';

const priorities: readonly Priority[] = ['high', 'normal', 'low'];

interface Waiting {
  /** The time since when the entry is ready. */
  readonly dueAt: number;
  /** Whether it goes before all others, however long they have waited. */
  readonly isOnTime: boolean;
}

/** Ready entries: by priority, and within one in the order of insertion. */
export interface ReadyLists<E> {
  insert(entry: E, priority: Priority): void;
  /** Returns whether the entry was there. */
  remove(entry: E, priority: Priority): boolean;
  /** Takes the next one; one that has waited longer than the limit goes first. */
  take(now: number): E | undefined;
  size(): number;
  sizes(): Readonly<Record<Priority, number>>;
  clear(): void;
}

/** Creates the lists. A Set keeps the order of insertion and removes in constant time. */
export function createReadyLists<E extends Waiting>(longestWaitMs: number): ReadyLists<E> {
  const lists: Readonly<Record<Priority, Set<E>>> = {
    high: new Set(),
    normal: new Set(),
    low: new Set(),
  };
  const onTime = new Map<E, Priority>();
  const heads = (): { readonly entry: E; readonly priority: Priority }[] =>
    priorities.flatMap((priority) => {
      const [entry] = lists[priority];
      return entry === undefined ? [] : [{ entry, priority }];
    });
  return {
    insert(entry, priority) {
      if (entry.isOnTime) onTime.set(entry, priority);
      else lists[priority].add(entry);
    },
    remove: (entry, priority) => onTime.delete(entry) || lists[priority].delete(entry),
    take(now) {
      const [awaited] = onTime.keys();
      if (awaited !== undefined) {
        onTime.delete(awaited);
        return awaited;
      }
      const [first, ...others] = heads();
      if (first === undefined) return undefined;
      const overdue = others.filter(({ entry }) => now - entry.dueAt > longestWaitMs);
      const next = overdue.reduce(
        (oldest, head) => (head.entry.dueAt < oldest.entry.dueAt ? head : oldest),
        first,
      );
      lists[next.priority].delete(next.entry);
      return next.entry;
    },
    size: () => priorities.reduce((sum, priority) => sum + lists[priority].size, onTime.size),
    sizes() {
      const sizes = { high: lists.high.size, normal: lists.normal.size, low: lists.low.size };
      for (const priority of onTime.values()) sizes[priority] += 1;
      return sizes;
    },
    clear() {
      onTime.clear();
      for (const priority of priorities) lists[priority].clear();
    },
  };
}
