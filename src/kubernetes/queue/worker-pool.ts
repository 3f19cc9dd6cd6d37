import { takeTurn } from '../../runtime/turn.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { ReconcileMetrics } from '../../telemetry/metrics.ts';
import type { WorkItem, WorkQueue } from './work-queue.ts';

export interface WorkerPoolOptions {
  /** Label of the metrics. */
  readonly controller: string;
  readonly queue: WorkQueue;
  readonly workers: number;
  readonly logger: Logger;
  readonly metrics?: ReconcileMetrics;
  /**
   * One pass for one key. It asks the queue for the next pass itself. One that throws is a bug: it
   * is logged, and the key comes again after its backoff.
   */
  work(item: WorkItem, signal: AbortSignal): Promise<void>;
}

/**
 * Runs workers until the signal aborts or the queue is shut down; resolves when the last pass has
 * ended. The passes get the same signal. Between two passes of any workers the event loop turns.
 */
export async function runWorkers(options: WorkerPoolOptions, signal: AbortSignal): Promise<void> {
  const labels = { controller: options.controller };
  options.metrics?.maxWorkers.set(labels, options.workers);
  options.metrics?.activeWorkers.set(labels, 0);
  await Promise.all(Array.from({ length: options.workers }, () => runWorker(options, signal)));
}

async function runWorker(options: WorkerPoolOptions, signal: AbortSignal): Promise<void> {
  const labels = { controller: options.controller };
  for (;;) {
    const item = await options.queue.get(signal);
    if (item === undefined) return;
    options.metrics?.activeWorkers.inc(labels);
    try {
      // Passes that never wait for the network would else keep the lease and the probes from running.
      await takeTurn();
      await options.work(item, signal);
    } catch (error) {
      if (!signal.aborted) {
        options.logger.error({ err: error, key: item.key }, 'pass failed unexpectedly');
        options.queue.addRateLimited(item.key, { priority: item.priority, reason: 'Panic' });
      }
    } finally {
      options.metrics?.activeWorkers.dec(labels);
      options.queue.done(item);
    }
  }
}
