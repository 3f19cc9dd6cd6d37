/** From changes of links to keys in the queue. */
import {
  annotations,
  finalizer,
  type SageMakerPrivateLink,
} from '../api/sagemaker-private-link.ts';
import { type Controller, createController, handledBy } from '../kubernetes/controller.ts';
import type { ResourceChange } from '../kubernetes/watch/resource-cache.ts';
import type { ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import type { WorkQueue } from '../kubernetes/queue/work-queue.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { networkOf } from './first-looks.ts';
import { changed } from './waits/link-reasons.ts';
import type { LinkReconciler } from './link-reconciler.ts';

/** Everything that the controller of links works with. */
export interface LinkControllerOptions {
  readonly watch: ResourceWatch<SageMakerPrivateLink>;
  readonly queue: WorkQueue;
  readonly reconciler: LinkReconciler;
  readonly workers: number;
  /** Whether a pass over a link may begin; of others nothing gets into the queue. */
  readonly mayBegin: (link: SageMakerPrivateLink) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Creates the controller that reconciles links. */
export function createLinkController(options: LinkControllerOptions): Controller {
  const { watch, queue, reconciler, workers, clock, logger, metrics } = options;
  const { mayBegin } = options;
  const links = handledBy(watch, (change, keys) => {
    if (mayBegin(change.object)) enqueue(keys, change);
    if (change.kind === 'deleted') reconciler.noteGone(change.object);
    if (change.kind === 'added') reconciler.noteAdded(networkOf(change.object));
  });
  return createController({
    name: 'sagemakerprivatelink',
    watches: [links],
    queue,
    reconcile: (item, signal) => reconciler.reconcile(item, signal),
    workers,
    clock,
    logger,
    metrics: metrics.reconcile,
  });
}

/** Puts the key of a changed link into the queue, if the change is one that matters. */
export function enqueue(
  queue: Pick<WorkQueue, 'add' | 'forget'>,
  change: ResourceChange<SageMakerPrivateLink>,
): void {
  const key = change.object.metadata.name;
  switch (change.kind) {
    case 'added':
      enqueueAdded(queue, key, isDone(change.object));
      return;
    case 'updated':
      if (isOfInterest(change.previous, change.object)) {
        queue.forget(key);
        queue.add(key, { priority: 'high', reason: changed });
      }
      return;
    case 'deleted':
      queue.forget(key);
  }
}

/** Puts the key of a link that has come, or was there when the process began, into the queue. */
export function enqueueAdded(
  queue: Pick<WorkQueue, 'add'>,
  key: string,
  isLinkDone: boolean,
): void {
  // After a restart what is not done yet goes before what only wants to be looked at.
  queue.add(key, { priority: isLinkDone ? 'low' : 'high', reason: 'Added' });
}

/** Whether nothing is left to do for a link, by its status. */
export function isDone({ metadata, status }: SageMakerPrivateLink): boolean {
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
