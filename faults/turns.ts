import { breathe } from './virtual-time.ts';

/**
 * Hands out results in the order in which the works were begun, and each one when everything that
 * follows from the one before has been done. How long a work takes changes nothing then.
 */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = work();
    const ended = result.catch(() => undefined);
    const turn = last.then(() => ended).then(breathe);
    last = turn;
    return turn.then(() => result);
  };
}
