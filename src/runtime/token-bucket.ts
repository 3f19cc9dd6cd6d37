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
  return new RefilledBucket(limit, nowMs);
}

/** A class: there is one for each object that events are about, and closures took 1.4 KiB each. */
class RefilledBucket implements TokenBucket {
  private readonly limit: RateLimit;
  private tokens: number;
  private refilledAtMs: number;
  private speed = 1;

  constructor(limit: RateLimit, nowMs: number) {
    this.limit = limit;
    this.tokens = limit.burst;
    this.refilledAtMs = nowMs;
  }

  take(atMs: number): boolean {
    this.refill(atMs);
    // A timer may fire a little early, and sums of fractions are never exact.
    if (this.tokens < 1 - 1e-6 || this.refilledAtMs > atMs) return false;
    this.tokens -= 1;
    return true;
  }

  timeUntilMs(count: number, atMs: number): number {
    this.refill(atMs);
    const pauseMs = Math.max(0, this.refilledAtMs - atMs);
    const missing = Math.max(0, count - this.tokens);
    return pauseMs + Math.ceil((missing / this.perSecond) * 1000);
  }

  reserve(atMs: number): number {
    this.refill(atMs);
    this.tokens -= 1;
    return (Math.max(0, -this.tokens) / this.perSecond) * 1000;
  }

  giveBack(): void {
    this.tokens += 1;
  }

  slowDown(atMs: number): void {
    this.refill(atMs);
    this.tokens = 0;
    this.refilledAtMs = atMs + pauseAfterThrottlingMs;
    this.speed = Math.max(slowest, this.speed / 2);
  }

  speedUp(atMs: number): void {
    this.refill(atMs);
    this.speed = Math.min(1, this.speed + recovery);
  }

  private get perSecond(): number {
    return this.limit.perSecond * this.speed;
  }

  private refill(atMs: number): void {
    if (atMs <= this.refilledAtMs) return;
    const gained = ((atMs - this.refilledAtMs) / 1000) * this.perSecond;
    this.tokens = Math.min(this.limit.burst, this.tokens + gained);
    this.refilledAtMs = atMs;
  }
}
