import type { Clock } from './clock.ts';

/** When a version of a row was written. */
export interface Stamp {
  /** Number of the changing call that wrote it. */
  readonly call: number;
  readonly atMs: number;
  /** How many reads had been answered in this scope before it. */
  readonly reads: number;
}

/** A state of the world as one call sees it. */
export interface View {
  sees(stamp: Stamp): boolean;
  /** The time at which states that follow the clock are judged. */
  readonly nowMs: number;
}

/** How late readers learn of a change. AWS gives no figure; both forms may be combined. */
export interface VisibilityLag {
  /** Milliseconds of the simulator's clock. */
  ms: number;
  /**
   * Number of further reads in the same account and region that still answer the earlier world, for
   * ten seconds at most: a lag that lasts until somebody asks again would last for ever.
   */
  reads: number;
}

/** The longest that a lag counted in reads lasts, in milliseconds of the simulator's clock. */
const longestReadLagMs = 10_000;

const always: Stamp = { call: -1, atMs: -Infinity, reads: -Infinity };

/**
 * The order of changes in one scope (an account and region, or the IAM of an account), from which
 * the latest, the delayed and the stale view are made.
 */
export class Ledger {
  #call = 0;
  #reads = 0;
  #settled = false;
  readonly #clock: Clock;
  readonly #lag: VisibilityLag;

  constructor(clock: Clock, lag: VisibilityLag) {
    this.#clock = clock;
    this.#lag = lag;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Begins a changing call: what it writes belongs together. */
  beginChange(): void {
    this.#call += 1;
  }

  /** The view of the writing call: everything. Writers are strongly consistent in this simulator. */
  latest(): View {
    return { sees: () => true, nowMs: this.now() };
  }

  /** The view of the next reading call under the visibility lag. */
  nextRead(): View {
    const reads = this.#reads;
    this.#reads += 1;
    const read = { lag: { ...this.#lag }, reads, nowMs: this.now() };
    return { sees: (stamp) => isSeen(stamp, read), nowMs: read.nowMs - read.lag.ms };
  }

  /** The world as it was before the last changing call, for one stale answer. */
  beforeLastChange(): View {
    const last = this.#call;
    return { sees: (stamp) => stamp.call < last, nowMs: this.now() };
  }

  /** True when no reader can be shown a world from before this stamp any more. */
  everybodySees(stamp: Stamp): boolean {
    const read = { lag: this.#lag, reads: this.#reads, nowMs: this.now() };
    return isSeen(stamp, read) && stamp.call < this.#call;
  }

  stamp(): Stamp {
    if (this.#settled) return always;
    return { call: this.#call, atMs: this.now(), reads: this.#reads };
  }

  /** Runs `change` so that its writes are visible at once, as if made long ago. */
  settled<T>(change: () => T): T {
    const before = this.#settled;
    this.#settled = true;
    try {
      return change();
    } finally {
      this.#settled = before;
    }
  }
}

/** True when a lagging read shows what was written at `stamp`. */
function isSeen(
  stamp: Stamp,
  { lag, reads, nowMs }: { lag: VisibilityLag; reads: number; nowMs: number },
): boolean {
  const ageMs = nowMs - stamp.atMs;
  if (ageMs < lag.ms) return false;
  return stamp.reads + lag.reads <= reads || ageMs >= longestReadLagMs;
}
