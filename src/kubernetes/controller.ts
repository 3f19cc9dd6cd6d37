/** From changes of watched objects to keys in a queue, and from keys to passes; of any kind. */
import type { Clock } from '../runtime/clock.ts';
import { untilAborted } from '../runtime/on-abort.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ReconcileMetrics } from '../telemetry/metrics.ts';
import type { KubernetesObject } from './client/object.ts';
import type { WorkItem, WorkQueue } from './queue/work-queue.ts';
import { runWorkers } from './queue/worker-pool.ts';
import type { ResourceChange } from './watch/resource-cache.ts';
import type { ResourceWatch } from './watch/resource-watch.ts';

/** Result of a pass, as controller-runtime's metric counts them. */
export type PassResult = 'success' | 'requeue_after' | 'requeue' | 'error';

/** The side of the queue that changes are put into. */
export type KeyQueue = Pick<WorkQueue, 'add' | 'forget'>;

/** A watch of any kind, joined with what its changes do to the queue. */
export interface Source {
  /** Resolves when everything that there is has been listed once. */
  readonly synced: Promise<void>;
  /** Begins to hand on changes, with an `added` for everything that is known. Returns how to end it. */
  connect(queue: KeyQueue): () => void;
}

/**
 * A source whose changes are handled one by one.
 *
 * @param handle puts keys into the queue; must be quick
 */
export function handledBy<T extends KubernetesObject>(
  watch: Pick<ResourceWatch<T>, 'synced' | 'subscribe'>,
  handle: (change: ResourceChange<T>, queue: KeyQueue) => void,
): Source {
  return {
    synced: watch.synced,
    connect: (queue) => watch.subscribe((change) => handle(change, queue)),
  };
}

/** Everything that a controller works with. */
export interface ControllerOptions {
  /** Name of the controller in metrics and logs. */
  readonly name: string;
  readonly watches: readonly Source[];
  readonly queue: WorkQueue;
  /**
   * One pass for one key. It asks the queue for the next pass of the key itself. One that throws is
   * logged, and the key comes again after its backoff.
   */
  readonly reconcile: (item: WorkItem, signal: AbortSignal) => Promise<PassResult>;
  readonly workers: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ReconcileMetrics;
}

/** Reconciles the keys of one kind of work. */
export interface Controller {
  /**
   * Begins when every watch is synced, and works until the signal aborts or the queue is shut down;
   * resolves when the last pass has ended. May be called once.
   *
   * @throws the signal's reason when it aborts before the watches are synced
   */
  run(signal: AbortSignal): Promise<void>;
}

/** Creates a controller, in the manner of controller-runtime's builder. */
export function createController(options: ControllerOptions): Controller {
  return {
    async run(signal) {
      const { name: controller, watches, queue, workers, logger, metrics } = options;
      // An alert on growth would miss the first error if the series began with it.
      metrics.errors.inc({ controller }, 0);
      await untilAborted(Promise.all(watches.map(({ synced }) => synced)), signal);
      const disconnects = watches.map((source) => source.connect(queue));
      const work = (item: WorkItem): Promise<void> => timed(options, item, signal);
      try {
        await runWorkers({ controller, queue, workers, logger, metrics, work }, signal);
      } finally {
        for (const disconnect of disconnects) disconnect();
      }
    },
  };
}

async function timed(
  { name: controller, reconcile, clock, metrics, logger }: ControllerOptions,
  item: WorkItem,
  signal: AbortSignal,
): Promise<void> {
  const labels = { controller };
  const begun = clock.now();
  let result: PassResult = 'error';
  try {
    result = await reconcile(item, signal);
    const { key, reasons } = item;
    const ms = Math.round(clock.now() - begun);
    logger.debug({ controller, key, reasons, result, ms }, 'pass ended');
  } catch (error) {
    metrics.errors.inc(labels);
    throw error;
  } finally {
    metrics.total.inc({ controller, result });
    metrics.seconds.observe(labels, (clock.now() - begun) / 1000);
  }
}
