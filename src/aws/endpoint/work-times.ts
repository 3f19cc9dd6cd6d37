/** How long AWS works on endpoints, as this process has seen it, and when to look for its end. */
export interface WorkTimes {
  /** Notes that AWS works on an endpoint from now on, if that is not known. */
  begin(id: string, nowMs: number): void;
  /** Notes that an endpoint was looked at and AWS was not done. */
  look(id: string): void;
  /** Notes that AWS is done, with work of a kind. */
  end(id: string, kind: string, nowMs: number): void;
  /**
   * When to look at an endpoint next, in milliseconds.
   *
   * @param lastReadAt when endpoints were last looked at
   */
  dueAt(id: string, kind: string, lastReadAt: number): number;
}

/** How many of the last works are remembered. */
const remembered = 20;
/** After an end that was there at the first look, the next look comes so much earlier. */
const impatience = 0.8;
/** The pause grows with the wait: a wait of hours is not asked for each second. */
const growth = 1 / 8;
const longestPauseMs = 60_000;
/** Most works are over within minutes, and somebody waits for each: so long the pause is short. */
const youngMs = 180_000;
const longestYoungPauseMs = 3_000;
/** Works that nobody has waited for any more are forgotten. */
const mostBegun = 20_000;

/**
 * Creates times without experience: then the pauses grow with the age of the oldest work. With it
 * the first look comes when the fastest of the last works would be done.
 *
 * @param pollMs the shortest pause between two looks, in milliseconds
 */
export function createWorkTimes(pollMs: number): WorkTimes {
  /** In the order of their begin. */
  const begun = new Map<string, number>();
  const looked = new Set<string>();
  const tookMs = new Map<string, readonly number[]>();

  function forget(id: string): void {
    begun.delete(id);
    looked.delete(id);
  }

  return {
    begin(id, nowMs) {
      if (begun.has(id)) return;
      const [oldest] = begun.keys();
      if (begun.size >= mostBegun && oldest !== undefined) forget(oldest);
      begun.set(id, nowMs);
    },
    look: (id) => void looked.add(id),
    end(id, kind, nowMs) {
      const begunAt = begun.get(id);
      if (begunAt === undefined) return;
      // Of an end that was there at the first look nobody knows how much earlier it was there.
      const took = (nowMs - begunAt) * (looked.has(id) ? 1 : impatience);
      forget(id);
      tookMs.set(kind, [...(tookMs.get(kind) ?? []), took].slice(-remembered));
    },
    dueAt(id, kind, lastReadAt) {
      const begunAt = begun.get(id) ?? lastReadAt;
      const known = tookMs.get(kind);
      const expectedAt = begunAt + (known === undefined ? 0 : Math.min(...known));
      if (lastReadAt < expectedAt) return Math.max(expectedAt, begunAt + pollMs);
      const [oldestAt = begunAt] = known === undefined ? begun.values() : [expectedAt];
      const ageMs = lastReadAt - oldestAt;
      const longestMs = ageMs < youngMs ? longestYoungPauseMs : longestPauseMs;
      return lastReadAt + Math.max(pollMs, Math.min(ageMs * growth, longestMs));
    },
  };
}
