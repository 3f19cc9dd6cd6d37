import { turnsWaiting } from '../../src/runtime/turn.ts';
import { type Clock, sleepOn } from '../../src/runtime/clock.ts';

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /**
   * Moves time forward, runs each timer that is due at its own moment, and lets everything that
   * follows from it happen before the next.
   */
  advance(ms: number): Promise<void>;
  /** Moves time without running timers, as for a process that is paused. */
  jump(ms: number): void;
  /** Moves the date without moving time, as a skewed or corrected machine clock does. */
  skewWallTime(ms: number): void;
  /** Number of timers that are set. */
  readonly timers: number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Creates a clock that starts at 2026-01-01.
 * @param start what `now()` says then, in ms: code may not take any value for granted
 */
export function createVirtualClock(start = 1_000_000): VirtualClock {
  let now = start;
  let skewMs = 0;
  const timers = new Set<Timer>();
  const nextDue = (until: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  };
  const clock: VirtualClock = {
    now: () => now,
    wallTime: () => new Date(Date.UTC(2026, 0, 1) + now - start + skewMs),
    setTimer(callback, delayMs) {
      const timer = { at: now + Math.max(delayMs, 0), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    sleep: (delayMs, signal) => sleepOn(clock, delayMs, signal),
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
        await settle();
      }
      now = Math.max(now, until);
    },
    jump(ms) {
      now += ms;
    },
    skewWallTime(ms) {
      skewMs += ms;
    },
    get timers() {
      return timers.size;
    },
  };
  return clock;
}

/** Lets every promise that can settle do so: setImmediate runs after all microtasks. */
export async function settle(): Promise<void> {
  let hadTurns = false;
  do {
    hadTurns = turnsWaiting() > 0;
    await new Promise((resolve) => setImmediate(resolve));
  } while (hadTurns || turnsWaiting() > 0);
}

/** The same for workers, which let the event loop turn after each pass. */
export async function settlePasses(passes = 4): Promise<void> {
  for (let pass = 0; pass < passes; pass += 1) await settle();
}
