import type { Clock } from '../../runtime/clock.ts';
import { createTokenBucket, type RateLimit } from '../../runtime/token-bucket.ts';

/** Lets callers through in the order of their coming, at a steady rate after a first burst. */
export interface RateLimiter {
  /** Waits for a turn; returns the milliseconds waited. Rejects when the signal aborts first. */
  take(signal: AbortSignal): Promise<number>;
}

/** A token bucket whose callers wait. One that gives up returns its token. */
export function createRateLimiter(limit: RateLimit, clock: Clock): RateLimiter {
  const bucket = createTokenBucket(limit, clock.now());
  return {
    async take(signal) {
      signal.throwIfAborted();
      const waitMs = bucket.reserve(clock.now());
      if (waitMs === 0) return 0;
      try {
        await clock.sleep(waitMs, signal);
      } catch (error) {
        bucket.giveBack();
        throw error;
      }
      return waitMs;
    },
  };
}
