/** Size and refill of one bucket. */
export interface RateLimit {
  /** Calls that may be made at once. */
  readonly burst: number;
  /** Calls per second that come back. */
  readonly perSecond: number;
}

/**
 * A token bucket, for callers that take a token when there is one and for callers that reserve one
 * ahead. It slows down when the server says so. All times in milliseconds of one clock.
 */
export interface TokenBucket {
  /** Takes one token; false when there is none. */
  take(nowMs: number): boolean;
  /** Milliseconds from now until the bucket will have held `count` tokens more than were taken. */
  timeUntilMs(count: number, nowMs: number): number;
  /**
   * Takes a token that may only be there later, so the level goes below zero, as
   * golang.org/x/time/rate does for client-go: callers get their turns in the order of their calls.
   *
   * @returns milliseconds until the token is there
   */
  reserve(nowMs: number): number;
  /** Puts a reserved token back that was not used. */
  giveBack(): void;
  /** The server refused a call: empty the bucket, pause, and refill at half the speed. */
  slowDown(nowMs: number): void;
  /** The server took a call: come back towards the full speed. */
  speedUp(nowMs: number): void;
}

/** The slowest refill after repeated throttling, as a part of the normal one. */
const slowest = 1 / 8;
/** How much of the normal speed each call that is taken gives back. */
const recovery = 1 / 16;
/** AWS's SDKs wait one second before they repeat a throttled call. */
const pauseAfterThrottlingMs = 1000;

/** A bucket that starts full. */
export function createTokenBucket(limit: RateLimit, nowMs: number): TokenBucket {
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
    reserve(atMs) {
      refill(atMs);
      tokens -= 1;
      return (Math.max(0, -tokens) / (limit.perSecond * speed)) * 1000;
    },
    giveBack() {
      tokens += 1;
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
