/** From changes of links to keys in the queue, and from keys to passes. */
import {
  annotations,
  finalizer,
  type SageMakerPrivateLink,
} from '../api/sagemaker-private-link.ts';
import type { ResourceChange } from '../kubernetes/watch/resource-cache.ts';
import type { ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import type { WorkItem, WorkQueue } from '../kubernetes/queue/work-queue.ts';
import { runWorkers } from '../kubernetes/queue/worker-pool.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { countLinks } from './link-counts.ts';
import type { LinkReconciler, PassResult } from './link-reconciler.ts';

/** Everything that a controller works with. */
export interface LinkControllerOptions {
  readonly watch: ResourceWatch<SageMakerPrivateLink>;
  readonly queue: WorkQueue;
  readonly reconciler: LinkReconciler;
  readonly workers: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const controller = 'sagemakerprivatelink';

/** Works until the signal aborts; resolves when the last pass has ended. */
export async function runLinkController(
  options: LinkControllerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { watch, queue, workers, logger, metrics } = options;
  await watch.synced;
  const count = atMostEvery(countIntervalMs, options.clock, () =>
    countLinks(metrics, watch.cache.list()),
  );
  const unsubscribe = watch.subscribe((change) => {
    enqueue(queue, change);
    if (change.kind === 'deleted') options.reconciler.noteGone(change.object);
    count();
  });
  try {
    const work = (item: WorkItem): Promise<void> => timed(options, item, signal);
    await runWorkers(
      { controller, queue, workers, logger, metrics: metrics.reconcile, work },
      signal,
    );
  } finally {
    unsubscribe();
  }
}

/** Counting looks at every link, so a burst of changes is counted once. */
const countIntervalMs = 1_000;

function atMostEvery(periodMs: number, clock: Clock, act: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    clock.setTimer(() => {
      isDue = false;
      act();
    }, periodMs);
  };
}

/** Puts the key of a changed link into the queue, if the change is one that matters. */
export function enqueue(
  queue: Pick<WorkQueue, 'add' | 'forget'>,
  change: ResourceChange<SageMakerPrivateLink>,
): void {
  const key = change.object.metadata.name;
  switch (change.kind) {
    case 'added':
      // After a restart what is not done yet goes before what only wants to be looked at.
      queue.add(key, { priority: isDone(change.object) ? 'low' : 'high', reason: 'Added' });
      return;
    case 'updated':
      if (isOfInterest(change.previous, change.object)) {
        queue.forget(key);
        queue.add(key, { priority: 'high', reason: 'Changed' });
      }
      return;
    case 'deleted':
      queue.forget(key);
  }
}

function isDone({ metadata, status }: SageMakerPrivateLink): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const isReady = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');
  return isReady === true && status?.observedGeneration === metadata.generation;
}

/**
 * Our own writes of status and finalizer are no reason to look again; the loss of the finalizer is,
 * since without it a deletion would leave everything at AWS.
 */
function isOfInterest(previous: SageMakerPrivateLink, current: SageMakerPrivateLink): boolean {
  const [before, after] = [previous.metadata, current.metadata];
  const requested = annotations.reconcileRequestedAt;
  const has = ({ finalizers = [] }: typeof after): boolean => finalizers.includes(finalizer);
  return (
    (has(before) && !has(after)) ||
    before.generation !== after.generation ||
    before.deletionTimestamp !== after.deletionTimestamp ||
    before.annotations?.[requested] !== after.annotations?.[requested]
  );
}

async function timed(
  { reconciler, clock, metrics, logger }: LinkControllerOptions,
  item: WorkItem,
  signal: AbortSignal,
): Promise<void> {
  const labels = { controller };
  const begun = clock.now();
  let result: PassResult = 'error';
  try {
    result = await reconciler.reconcile(item, signal);
    const { key, reasons } = item;
    logger.debug({ link: key, reasons, result, ms: Math.round(clock.now() - begun) }, 'pass ended');
  } catch (error) {
    metrics.reconcile.errors.inc(labels);
    throw error;
  } finally {
    metrics.reconcile.total.inc({ controller, result });
    metrics.reconcile.seconds.observe(labels, (clock.now() - begun) / 1000);
  }
}
