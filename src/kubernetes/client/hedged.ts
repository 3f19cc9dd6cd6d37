import type { Clock } from '../../runtime/clock.ts';
import { onAbort } from '../../runtime/on-abort.ts';

/**
 * Runs `attempt`, and once more beside it if the first has not ended after `afterMs`. Resolves with
 * the first that succeeds, and cuts the other off. Rejects as soon as all that were begun have
 * failed, with the error of the last, or with the signal's reason.
 */
export async function hedged<R>(
  attempt: (signal: AbortSignal) => Promise<R>,
  options: { readonly clock: Clock; readonly afterMs: number; readonly signal: AbortSignal },
): Promise<R> {
  options.signal.throwIfAborted();
  const cutOff = new AbortController();
  const stopListening = onAbort(options.signal, () => cutOff.abort(options.signal.reason));
  let cancelSecond: () => void = () => undefined;
  try {
    return await new Promise<R>((resolve, reject) => {
      let running = 0;
      const begin = (): void => {
        running += 1;
        attempt(cutOff.signal).then(resolve, (error: unknown) => {
          running -= 1;
          if (running === 0) reject(error);
        });
      };
      cancelSecond = options.clock.setTimer(begin, options.afterMs);
      begin();
    });
  } finally {
    cancelSecond();
    stopListening();
    cutOff.abort(new Error('another attempt was faster'));
  }
}
