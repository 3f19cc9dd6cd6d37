import type { Sighting, Sightings } from '../plan/sightings.ts';

/**
 * Measures for how long what plans see stays the same, on a clock that never jumps. In memory only:
 * a process that begins measures anew.
 */
export interface SightingTimes {
  /** The states of a link that were seen last, and for how long each has lasted. */
  of(uid: string, nowMs: number): Sightings;
  /** Notes what a pass has seen; what it did not look at stays as it was. */
  note(uid: string, seen: Readonly<Record<string, string>>, nowMs: number): void;
  forget(uid: string): void;
}

interface Seen {
  readonly state: string;
  readonly sinceMs: number;
}

export function createSightingTimes(): SightingTimes {
  const links = new Map<string, Map<string, Seen>>();
  return {
    of(uid, nowMs) {
      const entries = [...(links.get(uid) ?? [])].map(([topic, { state, sinceMs }]) => {
        return [topic, { state, forMs: nowMs - sinceMs } satisfies Sighting] as const;
      });
      return Object.fromEntries(entries);
    },
    note(uid, seen, nowMs) {
      const known = links.get(uid) ?? new Map<string, Seen>();
      for (const [topic, state] of Object.entries(seen)) {
        if (known.get(topic)?.state !== state) known.set(topic, { state, sinceMs: nowMs });
      }
      if (known.size > 0) links.set(uid, known);
    },
    forget: (uid) => void links.delete(uid),
  };
}
