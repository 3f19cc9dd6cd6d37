/** Size and refill of one bucket. */
export interface BucketLimit {
  /** Calls that may be made at once. */
  readonly burst: number;
  /** Calls per second that come back. */
  readonly perSecond: number;
}

/** A token bucket that slows down when AWS says so. All times in milliseconds of one clock. */
export interface TokenBucket {
  /** Takes one token; false when there is none. */
  take(nowMs: number): boolean;
  /** Milliseconds from now until the bucket will have held `count` tokens more than were taken. */
  timeUntilMs(count: number, nowMs: number): number;
  /** AWS refused a call of this bucket: empty it, pause, and refill at half the speed. */
  slowDown(nowMs: number): void;
  /** AWS took a call: come back towards the full speed. */
  speedUp(nowMs: number): void;
}

/** The slowest refill after repeated throttling, as a part of the normal one. */
const slowest = 1 / 8;
/** How much of the normal speed each call that AWS takes gives back. */
const recovery = 1 / 16;
/** AWS's SDKs wait one second before they repeat a throttled call. */
const pauseAfterThrottlingMs = 1000;

/** A bucket that starts full. */
export function createTokenBucket(limit: BucketLimit, nowMs: number): TokenBucket {
  let tokens = limit.burst;
  let refilledAtMs = nowMs;
  let speed = 1;

  function refill(atMs: number): void {
    if (atMs <= refilledAtMs) return;
    const gained = ((atMs - refilledAtMs) / 1000) * limit.perSecond * speed;
    tokens = Math.min(limit.burst, tokens + gained);
    refilledAtMs = atMs;
  }

  return {
    take(atMs) {
      refill(atMs);
      // A timer may fire a little early, and sums of fractions are never exact.
      if (tokens < 1 - 1e-6 || refilledAtMs > atMs) return false;
      tokens -= 1;
      return true;
    },
    timeUntilMs(count, atMs) {
      refill(atMs);
      const pauseMs = Math.max(0, refilledAtMs - atMs);
      const missing = Math.max(0, count - tokens);
      return pauseMs + Math.ceil((missing / (limit.perSecond * speed)) * 1000);
    },
    slowDown(atMs) {
      refill(atMs);
      tokens = 0;
      refilledAtMs = atMs + pauseAfterThrottlingMs;
      speed = Math.max(slowest, speed / 2);
    },
    speedUp(atMs) {
      refill(atMs);
      speed = Math.min(1, speed + recovery);
    },
  };
}
