import { onAbort } from '../../runtime/on-abort.ts';
import { abortedBy } from '../client/aborted.ts';

/** Ends the wait of one who waits. */
export interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Waits until someone ends the wait, or until the signal fires: then the wait ends with an
 * `Aborted` error.
 * @param enrol Hands the waiter over, and returns how to take it back when the signal fires.
 */
export async function waitForTurn(
  { action, signal }: { readonly action: string; readonly signal: AbortSignal },
  enrol: (waiter: Waiter) => () => void,
): Promise<void> {
  if (signal.aborted) throw abortedBy(action);
  let stopListening = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const leave = enrol({ resolve, reject });
      stopListening = onAbort(signal, () => {
        leave();
        reject(abortedBy(action));
      });
    });
  } finally {
    stopListening();
  }
}
