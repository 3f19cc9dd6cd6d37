/**
 * When a link was last able to get something new at AWS. Only after a while of quiet can "AWS
 * shows nothing of this link" be believed: AWS is eventually consistent, and a call that a process
 * sent before it died may still take effect.
 */
export interface QuietTime {
  /** Notes that a change was sent for the link, or that it may have been. */
  noteActivity(uid: string, nowMs: number): void;
  /** When the link has been quiet for long enough; its first mention counts as activity. */
  quietAt(uid: string, nowMs: number): number;
  forget(uid: string): void;
}

/** @param windowMs how long AWS may take to show what was created */
export function createQuietTime(windowMs: number): QuietTime {
  const lastActivity = new Map<string, number>();
  return {
    noteActivity: (uid, nowMs) => {
      lastActivity.set(uid, nowMs);
    },
    quietAt: (uid, nowMs) => {
      const since = lastActivity.get(uid) ?? nowMs;
      lastActivity.set(uid, since);
      return since + windowMs;
    },
    forget: (uid) => {
      lastActivity.delete(uid);
    },
  };
}
