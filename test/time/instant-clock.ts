import type { Clock } from '../../src/runtime/clock.ts';

/**
 * A clock for code that talks over real sockets: sleeping takes no real time but moves the clock,
 * and timers (time limits, watchdogs) go off only when the test says so.
 */
export interface InstantClock extends Clock {
  /** Every pause that was slept, in ms. */
  readonly slept: readonly number[];
  jump(ms: number): void;
  /** Jumps to the next timer of at least this delay, and lets it go off. */
  fireTimer(atLeastMs: number): void;
  /** The delays of the timers that are set. */
  readonly timers: readonly number[];
}

/** Creates the clock. */
export function createInstantClock(): InstantClock {
  let now = 0;
  const slept: number[] = [];
  const timers = new Set<{ readonly delayMs: number; readonly callback: () => void }>();
  return {
    slept,
    now: () => now,
    wallTime: () => new Date(Date.UTC(2026, 0, 1) + now),
    setTimer(callback, delayMs) {
      const timer = { delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async sleep(delayMs, signal) {
      signal.throwIfAborted();
      slept.push(delayMs);
      now += delayMs;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
    jump(ms) {
      now += ms;
    },
    fireTimer(atLeastMs) {
      const timer = [...timers].find((each) => each.delayMs >= atLeastMs);
      if (timer === undefined) throw new Error(`no timer of ${atLeastMs} ms or more is set`);
      timers.delete(timer);
      now += timer.delayMs;
      timer.callback();
    },
    get timers() {
      return [...timers].map((timer) => timer.delayMs);
    },
  };
}
