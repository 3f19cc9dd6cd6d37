/** When a link is looked at early: soon, but not again and again. */
import type { WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import type { Clock } from '../../runtime/clock.ts';
import { untilTick } from '../waits/next-pass.ts';

/** The reason of a pass that follows a hint. */
const hinted = 'Hint';
/** The same where the hint is about the network, which is asked about anew then. */
export const networkHinted = 'NetworkHint';

/** Hints of a moment are gathered, and the looks of all links that they are about share their reads. */
const gatherMs = 2_000;
/** A link is not looked at early more often than this, whatever the queue of events says. */
export const earlyLookEveryMs = 30_000;

/**
 * The sweep that follows an early look comes after a minute at least and three at most: for a
 * minute a change of our own counts for more than an answer that does not show it, and AWS itself
 * may tell of a change before its answers do.
 */
const secondLookMs = 120_000;

/** The sweep interval after a pass for these reasons, in ms. */
export function sweepAfter(reasons: readonly string[], sweepMs: number): number {
  return isHinted(reasons) ? Math.min(sweepMs, secondLookMs) : sweepMs;
}

/** Whether a pass follows a hint, among its other reasons. */
export function isHinted(reasons: readonly string[]): boolean {
  return reasons.includes(hinted) || reasons.includes(networkHinted);
}

export interface EarlyLooks {
  /**
   * Asks for a look at a link.
   *
   * @returns false where no look is new: one is to come already, or the link comes again by itself
   */
  ask(link: string, isOfNetwork: boolean): boolean;
}

interface EarlyLooksOptions {
  readonly queue: Pick<WorkQueue, 'addAfter' | 'failures'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Creates the memory of early looks. */
export function createEarlyLooks({ queue, clock }: EarlyLooksOptions): EarlyLooks {
  // In the order of their times, so that those that are long over are found at the beginning.
  const looks = new Map<string, { readonly dueAt: number }>();

  function forgetOld(now: number): void {
    for (const [link, { dueAt }] of looks) {
      if (dueAt + earlyLookEveryMs > now) return;
      looks.delete(link);
    }
  }

  return {
    ask(link, isOfNetwork) {
      const now = clock.now();
      forgetOld(now);
      // A link that fails comes again by itself, and its pauses are not a stranger's to shorten.
      if (queue.failures(link) > 0) return false;
      const former = looks.get(link);
      const isAhead = former !== undefined && former.dueAt >= now;
      const dueAt = isAhead ? former.dueAt : nextLook(now, former?.dueAt);
      if (!isAhead) {
        looks.delete(link);
        looks.set(link, { dueAt });
      }
      const reason = isOfNetwork ? networkHinted : hinted;
      // Also where the look is ahead: an earlier pass may have taken its place before this change.
      queue.addAfter(link, dueAt - now, { priority: 'low', reason });
      return !isAhead;
    },
  };
}

/** The time of the next early look; `formerAt` is that of the one before, where there was one lately. */
function nextLook(now: number, formerAt = Number.NEGATIVE_INFINITY): number {
  return Math.max(now + untilTick(now, gatherMs), formerAt + earlyLookEveryMs);
}
