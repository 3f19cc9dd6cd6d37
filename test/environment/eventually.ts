import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** When to give up; generous, because a busy machine must not fail a test. */
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * Repeats `check` until it no longer throws, and returns what it then returns. Throws the last
 * error when time is up. For what the world does in its own time: look at its state, never sleep.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + (options.withinMs ?? 30_000);
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(options.everyMs ?? 50);
  }
}
