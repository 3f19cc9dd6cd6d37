import type { WatchPauseTiming } from './watch-pauses.ts';

/** The paces of a watch. */
export interface WatchTiming extends WatchPauseTiming {
  /** Length of one watch request, chosen at random so that clients do not reconnect together. */
  readonly watchSeconds: readonly [shortest: number, longest: number];
  /** Silence after which a connection counts as dead. The server sends a bookmark each minute. */
  readonly silenceMs: number;
  /** A full list at least this often, in case events got lost anywhere. */
  readonly relistMs: readonly [shortest: number, longest: number];
  /** A watch that lived this long proves the server well: the backoff starts anew. */
  readonly stableMs: number;
}

/** client-go's figures where it has them: 5 to 10 min, 0.8 s to 30 s, 2 min. */
export const defaultWatchTiming: WatchTiming = {
  watchSeconds: [300, 600],
  silenceMs: 150_000,
  relistMs: [600_000, 900_000],
  backoff: { firstMs: 800, longestMs: 30_000 },
  stableMs: 120_000,
  resolvedByPeopleMs: 30_000,
};
