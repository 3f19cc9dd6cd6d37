/** Which of several should have something: all of them decide alike, and without a word. */
import { createHash } from 'node:crypto';

/**
 * Highest random weight: each candidate draws a number that depends on it and on the key alone, and the
 * highest wins. When a candidate comes, only what it wins moves; when one goes, only what it had.
 *
 * @param key what is to be had
 * @param candidates unique names, in any order
 * @returns the winner; undefined where nobody stands
 */
export function rendezvous(key: string, candidates: readonly string[]): string | undefined {
  return candidates.reduce<string | undefined>((best, one) => {
    if (best === undefined) return one;
    const [mine, other] = [weightOf(key, one), weightOf(key, best)];
    // Equal weights happen to nobody; if they do, all have to choose alike.
    return mine > other || (mine === other && one > best) ? one : best;
  }, undefined);
}

function weightOf(key: string, candidate: string): string {
  return createHash('sha256')
    .update(JSON.stringify([key, candidate]))
    .digest('hex');
}
