import type { Clock } from '../../runtime/clock.ts';

export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** Lets callers through in the order of their coming, at a steady rate after a first burst. */
export interface RateLimiter {
  /** Waits for a turn; returns the milliseconds waited. Rejects when the signal aborts first. */
  take(signal: AbortSignal): Promise<number>;
  /** Takes a turn if there is one now. */
  tryTake(): boolean;
}

/**
 * A token bucket. A waiting caller reserves its token ahead (the level goes below zero), as
 * golang.org/x/time/rate does for client-go, so no queue is needed and the order is kept. A caller
 * that gives up returns its token.
 */
export function createRateLimiter(limit: RateLimit, clock: Clock): RateLimiter {
  let tokens = limit.burst;
  let at = clock.now();
  const refill = (): void => {
    const now = clock.now();
    tokens = Math.min(limit.burst, tokens + ((now - at) / 1000) * limit.perSecond);
    at = now;
  };
  return {
    async take(signal) {
      signal.throwIfAborted();
      refill();
      tokens -= 1;
      if (tokens >= 0) return 0;
      const waitMs = (-tokens / limit.perSecond) * 1000;
      try {
        await clock.sleep(waitMs, signal);
      } catch (error) {
        tokens += 1;
        throw error;
      }
      return waitMs;
    },
    tryTake() {
      refill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
