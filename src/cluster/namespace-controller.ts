/** From changes of links, namespaces and own objects to passes over namespaces. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import {
  type Controller,
  createController,
  handledBy,
  type KeyQueue,
} from '../kubernetes/controller.ts';
import type { KubernetesObject } from '../kubernetes/client/object.ts';
import type { ResourceChange } from '../kubernetes/watch/resource-cache.ts';
import type { ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import type { WorkQueue } from '../kubernetes/queue/work-queue.ts';
import { basisOf } from '../plan/clients/status/basis.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type ClientLinks, isSelecting } from './client-links.ts';
import type { ClusterFactsWatch } from './cluster-facts.ts';
import type { ReconcileNamespace } from './namespace-reconciler.ts';
import type { OwnObjects } from './own-objects.ts';

/** Everything that the controller of namespaces works with. */
export interface NamespaceControllerOptions {
  readonly links: ResourceWatch<SageMakerPrivateLink>;
  readonly clientLinks: ClientLinks;
  readonly namespaces: ResourceWatch<KubernetesObject>;
  readonly objects: OwnObjects;
  readonly facts: ClusterFactsWatch;
  readonly queue: WorkQueue;
  readonly reconcile: ReconcileNamespace;
  readonly workers: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Name of the controller in metrics. */
export const namespaceController = 'namespace';

/** Creates the controller that reconciles namespaces. */
export function createNamespaceController(options: NamespaceControllerOptions): Controller {
  const { links, namespaces, objects, facts, queue, reconcile, workers } = options;
  const { clock, logger, metrics } = options;
  return createController({
    name: namespaceController,
    watches: [
      handledBy(links, (change, keys) => onLink(options, change, keys)),
      handledBy(namespaces, (change, keys) => onNamespace(options, change, keys)),
      ...objects.watches.map((watch) =>
        handledBy(watch, ({ object: { metadata } }, keys) => {
          keys.add(metadata.namespace ?? '', { priority: 'high', reason: 'ObjectChanged' });
        }),
      ),
      facts.source(() => selectedByAny(options)),
    ],
    queue,
    reconcile,
    workers,
    clock,
    logger,
    metrics: metrics.reconcile,
  });
}

type Options = NamespaceControllerOptions;

/** Nobody waits for what was there before the process began; somebody does for a new namespace. */
function onNamespace(
  { clientLinks, objects }: Options,
  change: ResourceChange<KubernetesObject>,
  keys: KeyQueue,
): void {
  const { name, labels = {} } = change.object.metadata;
  if (change.kind === 'deleted') {
    // A pass takes notice that it is gone.
    keys.add(name, { reason: 'Deleted' });
    return;
  }
  const before = change.kind === 'updated' ? (change.previous.metadata.labels ?? {}) : {};
  const selecting = clientLinks.names(
    (link) => isSelecting(link, labels) || isSelecting(link, before),
  );
  if (selecting.length === 0 && objects.in(name).length === 0) return;
  keys.forget(name);
  keys.add(name, { priority: 'high', reason: change.kind === 'added' ? 'Added' : 'Relabelled' });
}

/** The namespaces that a link selects or selected, and those that have something for it. */
function onLink(
  { objects, namespaces }: Options,
  change: ResourceChange<SageMakerPrivateLink>,
  keys: KeyQueue,
): void {
  const { object } = change;
  if (change.kind === 'updated' && !isOfInterest(change.previous, object)) return;
  const former = change.kind === 'updated' ? [change.previous] : [];
  const names = new Set([
    ...objects.namespacesOf(object.metadata.name),
    ...selectedBy(namespaces, [object, ...former]),
  ]);
  for (const name of names) keys.add(name, { reason: 'LinkChanged' });
}

function isOfInterest(before: SageMakerPrivateLink, after: SageMakerPrivateLink): boolean {
  return (
    before.metadata.uid !== after.metadata.uid ||
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    basisOf(before) !== basisOf(after)
  );
}

function selectedBy(
  { cache }: Options['namespaces'],
  links: readonly SageMakerPrivateLink[],
): readonly string[] {
  const selectors = links.map(({ spec }) => ({
    namespaceSelector: spec.clients?.namespaceSelector,
  }));
  return namesOf(cache, (labels) => selectors.some((one) => isSelecting(one, labels)));
}

function selectedByAny({ namespaces, clientLinks }: Options): readonly string[] {
  return namesOf(
    namespaces.cache,
    (labels) => clientLinks.names((link) => isSelecting(link, labels)).length > 0,
  );
}

function namesOf(
  cache: Options['namespaces']['cache'],
  isSelected: (labels: Readonly<Record<string, string>>) => boolean,
): readonly string[] {
  return cache
    .list()
    .filter(({ metadata }) => isSelected(metadata.labels ?? {}))
    .map(({ metadata }) => metadata.name);
}
