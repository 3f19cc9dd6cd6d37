/** How often the same content may be written to the same object again. */
import type { Clock } from '../runtime/clock.ts';

/** Rewrites that are made at once: an edit by hand, and a second one, are repaired without delay. */
const promptRewrites = 3;
const firstPauseMs = 2_000;
const longestPauseMs = 300_000;
/** After this long without a rewrite an object counts as quiet again. */
const forgetMs = 600_000;

/**
 * Slows down where somebody undoes each write: two controllers that want something else of one object
 * would else write it as fast as the API server answers.
 */
export interface RewritePace {
  /** How long to wait before this content is written to the object, in ms; 0 for not at all. */
  pauseMs(object: string, content: string): number;
  noteWrite(object: string, content: string): void;
}

interface Writes {
  readonly content: string;
  readonly count: number;
  readonly lastAt: number;
}

/** Creates a pace that has seen no write. */
export function createRewritePace(clock: Pick<Clock, 'now'>): RewritePace {
  const written = new Map<string, Writes>();
  const known = (object: string, content: string): Writes | undefined => {
    const writes = written.get(object);
    const isRecent = writes !== undefined && clock.now() - writes.lastAt < forgetMs;
    return isRecent && writes.content === content ? writes : undefined;
  };
  return {
    pauseMs(object, content) {
      const writes = known(object, content);
      if (writes === undefined || writes.count <= promptRewrites) return 0;
      const pauseMs = firstPauseMs * 2 ** (writes.count - promptRewrites - 1);
      return Math.max(writes.lastAt + Math.min(pauseMs, longestPauseMs) - clock.now(), 0);
    },
    noteWrite(object, content) {
      const count = (known(object, content)?.count ?? 0) + 1;
      // Insertion order is the order of the last writes: the oldest are first, and go first.
      written.delete(object);
      written.set(object, { content, count, lastAt: clock.now() });
      for (const [oldest, { lastAt }] of written) {
        if (clock.now() - lastAt < forgetMs) break;
        written.delete(oldest);
      }
    },
  };
}
