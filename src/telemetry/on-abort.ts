import { setMaxListeners } from 'node:events';

/**
 * Calls back once when the signal aborts; not if it has aborted already. Returns how to stop
 * listening, which is a must for a signal that outlives the work. One signal of a process serves
 * every request and timer at once, so Node's warning at 11 listeners would be a false alarm; one at
 * 1001 is a leak.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  setMaxListeners(mostListeners, signal);
  signal.addEventListener('abort', callback, { once: true });
  return () => signal.removeEventListener('abort', callback);
}

const mostListeners = 1_000;
