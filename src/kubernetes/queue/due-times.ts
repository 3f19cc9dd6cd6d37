import type { Clock } from '../../runtime/clock.ts';

/** Entries that wait for a time to come. */
export interface DueTimes<E> {
  /** Adds an entry, which is not among them. */
  add(entry: E): void;
  /** Takes an entry out, if it is among them; its time must be the one that it was added with. */
  remove(entry: E): void;
  clear(): void;
}

interface DueTogether<E> {
  readonly entries: Set<E>;
  readonly cancelTimer: () => void;
}

/**
 * Entries by the millisecond in which they are due, with one timer for each: ten thousand links are swept
 * at the same ticks, and a timer of its own took more memory than everything else about a waiting key.
 *
 * @param onDue called with all entries whose millisecond has come; they are taken out before
 */
export function createDueTimes<E extends { readonly dueAt: number }>(
  clock: Clock,
  onDue: (entries: Iterable<E>) => void,
): DueTimes<E> {
  const times = new Map<number, DueTogether<E>>();

  function begin(time: number): DueTogether<E> {
    const entries = new Set<E>();
    const come = (): void => {
      times.delete(time);
      onDue(entries);
    };
    return { entries, cancelTimer: clock.setTimer(come, time - clock.now()) };
  }

  return {
    add(entry) {
      const time = millisecondOf(entry);
      const known = times.get(time);
      const together = known ?? begin(time);
      together.entries.add(entry);
      if (known === undefined) times.set(time, together);
    },
    remove(entry) {
      const time = millisecondOf(entry);
      const together = times.get(time);
      if (together?.entries.delete(entry) !== true || together.entries.size > 0) return;
      together.cancelTimer();
      times.delete(time);
    },
    clear() {
      for (const { cancelTimer } of times.values()) cancelTimer();
      times.clear();
    },
  };
}

function millisecondOf({ dueAt }: { readonly dueAt: number }): number {
  return Math.ceil(dueAt);
}
