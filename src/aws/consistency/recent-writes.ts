import type { Action, ResultOf } from '../../plan/actions.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type RecentWrite, recentWritesOf } from './recent-write.ts';

/**
 * The recent changes of this process, so that reads which do not show them yet are not taken for
 * somebody else's doing. A change counts until a read shows it (a deletion for good even then), and
 * at most for the settle window: then AWS's answer stands.
 */
export interface RecentWrites {
  record<A extends Action>(action: A, result: ResultOf<A>): void;
  /** A change may or may not have taken effect: what it may have overtaken is not claimed. */
  doubt(action: Action): void;
  /** Those of the settle window in their order, shown or not. */
  all(): readonly RecentWrite[];
  /** Those that no read has shown, in their order. */
  unseen(): readonly RecentWrite[];
  /** A read shows these. */
  noteShown(writes: readonly RecentWrite[]): void;
}

interface Entry {
  readonly write: RecentWrite;
  readonly madeAt: number;
  readonly isShown: boolean;
}

/**
 * @param settleMs How long a change may stay invisible, in milliseconds.
 * @param isOvertaken Whether an action makes an earlier write moot.
 */
export function createRecentWrites(
  clock: Clock,
  settleMs: number,
  isOvertaken: (action: Action, write: RecentWrite) => boolean,
): RecentWrites {
  let entries: readonly Entry[] = [];

  function current(): readonly Entry[] {
    const oldest = clock.now() - settleMs;
    entries = entries.filter(({ madeAt }) => madeAt > oldest);
    return entries;
  }

  function doubt(action: Action): void {
    entries = entries.filter(({ write }) => !isOvertaken(action, write));
  }

  return {
    record(action, result) {
      const writes = recentWritesOf(action, result);
      if (writes.length === 0) return;
      doubt(action);
      const madeAt = clock.now();
      entries = [...entries, ...writes.map((write) => ({ write, madeAt, isShown: false }))];
    },
    doubt,
    all: () => current().map(({ write }) => write),
    unseen: () =>
      current()
        .filter(({ isShown }) => !isShown)
        .map(({ write }) => write),
    noteShown(writes) {
      const shown = new Set(writes.filter((write) => !isForGood(write)));
      if (shown.size === 0) return;
      entries = entries.map((entry) =>
        shown.has(entry.write) ? { ...entry, isShown: true } : entry,
      );
    },
  };
}

/** A deleted resource never comes back: a read that shows it is older than the one before. */
function isForGood({ changes }: RecentWrite): boolean {
  return changes.some(({ isFinal }) => isFinal === true);
}
