import { abortedBy } from './aborted.ts';

/** Time as this layer sees it; tests advance their own. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Runs `run` once after `delayMs` milliseconds; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The process's monotonic clock. */
export function systemClock(): Clock {
  return {
    now: () => performance.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

/** Resolves after `delayMs` milliseconds; rejects with an `Aborted` error when the signal fires. */
export async function sleep(
  clock: Clock,
  delayMs: number,
  options: { readonly action: string; readonly signal: AbortSignal },
): Promise<void> {
  const { action, signal } = options;
  if (signal.aborted) throw abortedBy(action);
  await new Promise<void>((resolve, reject) => {
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    function onAbort(): void {
      cancel();
      reject(abortedBy(action));
    }
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
