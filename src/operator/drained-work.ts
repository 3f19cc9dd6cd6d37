import type { WorkQueue } from '../kubernetes/queue/work-queue.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface DrainedWorkOptions {
  readonly queue: Pick<WorkQueue, 'drain'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long running passes may take to end once the shutdown begins. */
  readonly drainMs: number;
  /** Aborts when the work has to stop where it is. */
  readonly leadership: AbortSignal;
  /** Aborts when no new pass may begin. */
  readonly shutdown: AbortSignal;
}

/**
 * Works until leadership ends, or drains when the shutdown begins: running passes may end, those
 * that do not in time are cut off.
 */
export async function drainedWork(
  { queue, clock, logger, drainMs, leadership, shutdown }: DrainedWorkOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const drain = (): void => {
    logger.info({}, 'draining: running passes may end');
    void queue.drain();
    clock.setTimer(() => stop.abort(new Error('drain time is over')), drainMs);
  };
  shutdown.addEventListener('abort', drain, { once: true });
  if (shutdown.aborted) drain();
  try {
    await work(AbortSignal.any([leadership, stop.signal]));
  } finally {
    shutdown.removeEventListener('abort', drain);
    stop.abort(new Error('work has ended'));
  }
}
