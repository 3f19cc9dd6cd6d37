/** A wait for a turn in words that stay the same while it changes little. Pure. */

/** Where a call stands in the line. */
export interface Standing {
  /** Calls that go before it. */
  readonly ahead: number;
  /** Until its turn comes if nobody else comes, in milliseconds. */
  readonly waitMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The estimates that are told: a link that waits for hours has its status written a few times. */
const estimates = [
  { ms: 5 * minuteMs, words: 'about 5 minutes' },
  { ms: 30 * minuteMs, words: 'about 30 minutes' },
  { ms: 2 * hourMs, words: 'about 2 hours' },
  { ms: 8 * hourMs, words: 'about 8 hours' },
  { ms: 24 * hourMs, words: 'about a day' },
] as const;
const counts = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/**
 * The cause of a call's wait, the time until its turn and its place in the line. The figures are as
 * round as a status may be that is written for news alone; metrics have the exact ones. The place is the
 * one that belongs to the estimate, so that one never changes without the other.
 */
export function turnWords(action: string, { ahead, waitMs }: Standing): string {
  const cause = `${action} waits for the call budget: AWS allows only so many of these calls a second.`;
  if (waitMs < minuteMs) {
    return `${cause} Few calls go first, and its turn comes in less than a minute`;
  }
  const { ms, words } = nearest(estimates, waitMs, (one) => one.ms);
  const place = nearest(counts, ahead * (ms / waitMs), (one) => one);
  return `${cause} About ${place} calls go first, and its turn comes in ${words}`;
}

/** The nearest by ratio: 14 is nearer to 20 than to 10 (of 1, 2, 5, 10, 20 ...). */
function nearest<T>(steps: readonly T[], value: number, valueOf: (step: T) => number): T {
  const distance = (step: T): number => Math.abs(Math.log(value / valueOf(step)));
  return steps.reduce((best, step) => (distance(step) < distance(best) ? step : best));
}
