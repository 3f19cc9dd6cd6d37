import { setMaxListeners } from 'node:events';

/**
 * Calls back once when the signal aborts; not if it has aborted already. Returns how to stop
 * listening, which is a must for a signal that outlives the work.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  expectManyListeners(signal);
  signal.addEventListener('abort', callback, { once: true });
  return () => signal.removeEventListener('abort', callback);
}

/**
 * For a signal that is handed to a library, which listens by itself. One signal of a process serves
 * every request and timer at once, so Node's warning at 11 listeners would be a false alarm; one at
 * 1001 is a leak.
 */
export function expectManyListeners(signal: AbortSignal): void {
  setMaxListeners(mostListeners, signal);
}

/** The outcome of `work`, or a rejection with the signal's reason when that aborts first. */
export function untilAborted<R>(work: Promise<R>, signal: AbortSignal): Promise<R> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    if (signal.aborted) giveUp();
    const stopListening = onAbort(signal, giveUp);
    work.then(resolve, reject).finally(stopListening);
  });
}

const mostListeners = 1_000;
