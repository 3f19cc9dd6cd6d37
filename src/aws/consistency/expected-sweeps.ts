/** Sweeps to come, of which a read that is made a little before may take the questions along. */
import type { ExpectedSweep } from '../../plan/cloud.ts';

/** The sweeps of one account and region that are to come. Times in milliseconds of one clock. */
export interface ExpectedSweeps {
  expect(sweep: ExpectedSweep): void;
  /**
   * True if a read that begins now answers a sweep that no read has answered yet.
   *
   * @param lastReadAt when the last read of all that links own began
   */
  isDue(nowMs: number, lastReadAt: number): boolean;
}

/** Links that have the same interval are swept at the same ticks, so there are few different ones. */
const mostSweeps = 100;

/** Creates a list of none. */
export function createExpectedSweeps(): ExpectedSweeps {
  /** By the time of the sweep: from when on a read answers it for all links. */
  const sweeps = new Map<number, number>();
  return {
    expect({ from, until }) {
      const known = sweeps.get(until);
      if (known === undefined && sweeps.size >= mostSweeps) return;
      sweeps.set(until, Math.max(from, known ?? from));
    },
    isDue(nowMs, lastReadAt) {
      for (const until of sweeps.keys()) if (until <= nowMs) sweeps.delete(until);
      return [...sweeps.values()].some((from) => from <= nowMs && lastReadAt < from);
    },
  };
}
