import { onAbort } from './on-abort.ts';

/**
 * All time that the operator sees. Durations are measured by `now()`, which no change of the
 * machine's date can move; `wallTime()` is for timestamps that people and the API server read.
 */
export interface Clock {
  /** Milliseconds of a monotonic clock with an arbitrary start. */
  now(): number;
  /** The date and time of day. Never subtract two of these to get a duration. */
  wallTime(): Date;
  /**
   * Calls back once after `delayMs`. The timer does not keep the process alive.
   * @returns a function that cancels the timer; it may be called at any time.
   */
  setTimer(callback: () => void, delayMs: number): () => void;
  /** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** A number in [0, 1), such as `Math.random`. Injected so that jitter is repeatable in tests. */
export type Random = () => number;

/** The clock of this machine. */
export function systemClock(): Clock {
  const clock: Clock = {
    now: () => performance.now(),
    wallTime: () => new Date(),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, longestTimerMs));
      timer.unref();
      return () => clearTimeout(timer);
    },
    sleep: (delayMs, signal) => sleepOn(clock, delayMs, signal),
  };
  return clock;
}

/** Above this (about 24.8 days) Node fires a timer at once. */
const longestTimerMs = 2 ** 31 - 1;

/** `Clock.sleep` in terms of the clock's own timer. */
export function sleepOn(
  clock: Pick<Clock, 'setTimer'>,
  delayMs: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const cancel = clock.setTimer(() => {
      stopListening();
      resolve();
    }, delayMs);
    const stopListening = onAbort(signal, () => {
      cancel();
      reject(signal.reason as Error);
    });
  });
}
