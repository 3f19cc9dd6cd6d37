/** The simulator's time: milliseconds since the epoch, and a way to wait for it to pass. */
export interface Clock {
  now(): number;
  /** The time on clients' clocks when this one shows `ms`: they know nothing of its speed. */
  wallTimeOf(ms: number): number;
  /** Resolves when `ms` of this clock's time have passed, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that stands still until somebody moves it. */
export interface VirtualClock extends Clock {
  /** Moves the time forward by `ms` and wakes all sleepers whose time has come. */
  advance(ms: number): void;
}

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/**
 * Real time, made faster: with a scale of 60 a minute passes in a second.
 * Everything at the simulator (pending endpoints, token buckets, lag) follows this one clock.
 */
export function scaledClock(timeScale = 1): Clock {
  const startedMs = Date.now();
  return {
    now: () => startedMs + (Date.now() - startedMs) * timeScale,
    wallTimeOf: (ms) => startedMs + (ms - startedMs) / timeScale,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(finish, ms / timeScale);
        signal?.addEventListener('abort', finish, { once: true });
        function finish(): void {
          clearTimeout(timer);
          signal?.removeEventListener('abort', finish);
          resolve();
        }
      }),
  };
}

/** A clock for tests: starts at `startMs` (default 2026-01-01) and moves only by `advance`. */
export function virtualClock(startMs: number = Date.UTC(2026, 0, 1)): VirtualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => nowMs,
    wallTimeOf: (ms) => ms,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper: Sleeper = {
          wakeAtMs: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        if (ms <= 0 || signal?.aborted) return resolve();
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    advance(ms) {
      nowMs += ms;
      for (const sleeper of sleepers) if (sleeper.wakeAtMs <= nowMs) sleeper.wake();
    },
  };
}
