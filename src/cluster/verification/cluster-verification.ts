/** Everything about pods that verify links, joined: their watch, the controller, and the view of a link. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import { type Controller, createController, handledBy } from '../../kubernetes/controller.ts';
import type { WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import type { ResourceWatch } from '../../kubernetes/watch/resource-watch.ts';
import type { PodImage } from '../../plan/verification/verification-pod.ts';
import type { VerificationView } from '../../plan/verification/verification-view.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { ClientLinks } from '../client-links.ts';
import { type ClusterClients, lastingProblems } from '../cluster-clients.ts';
import { podType } from '../resource-types.ts';
import type { WatchParts } from '../watch-parts.ts';
import { linkOfPod, type StoredPod } from './stored-pod.ts';
import { createVerificationPods } from './verification-pods.ts';
import { createVerificationReconciler } from './verification-reconciler.ts';
import { createVerificationResults } from './verification-results.ts';

export interface ClusterVerificationOptions extends Omit<WatchParts, 'metrics'> {
  readonly client: ApiClient;
  readonly links: ResourceWatch<SageMakerPrivateLink>;
  readonly clientLinks: ClientLinks;
  readonly clients: Pick<ClusterClients, 'namespaces' | 'viewOf'>;
  readonly queue: WorkQueue;
  readonly metrics: Metrics;
  /** The image of the pods. */
  readonly image: (signal: AbortSignal) => Promise<PodImage>;
  /** Asked right before each write. */
  readonly mayAct: () => boolean;
  /** Told of links of which something else is seen than before. */
  readonly onChange: (link: string) => void;
}

/** The pods of the cluster that verify links. */
export interface ClusterVerification {
  /** Runs the watch until the signal aborts. */
  watch(signal: AbortSignal): Promise<void>;
  controller(): Controller;
  /** The findings of a link's pods. */
  viewOf(link: SageMakerPrivateLink): VerificationView;
}

/** Name of the controller in metrics. */
export const verificationController = 'verification';

/** A pass takes some requests, and there are few links that are verified. */
const workers = 2;

/** Creates the parts. Nothing is read before `watch`. */
export function createClusterVerification(
  options: ClusterVerificationOptions,
): ClusterVerification {
  const { client, links, clientLinks, clients, queue, metrics, clock, logger } = options;
  const pods = createVerificationPods(client, { ...options, metrics: metrics.watch });
  const results = createVerificationResults(options.onChange, metrics);
  const reconcile = createVerificationReconciler({
    ...options,
    links: links.cache,
    clientsOf: (link) => clients.viewOf(link),
    labelsOf: (name) => clients.namespaces.cache.get(name)?.metadata.labels ?? {},
    pods,
    resource: client.resource<StoredPod>(podType),
    results,
  });
  const isVerified = ({ spec }: SageMakerPrivateLink): boolean => spec.verify !== undefined;
  const watches = [
    handledBy(links, (change, keys) => {
      const { object } = change;
      const was = change.kind === 'updated' && isVerified(change.previous);
      if (was || isVerified(object)) keys.add(object.metadata.name, { reason: 'LinkChanged' });
    }),
    handledBy(pods.watch, ({ object }, keys) => {
      const link = linkOfPod(object);
      if (link !== undefined) keys.add(link, { reason: 'PodChanged' });
    }),
    handledBy(clients.namespaces, (change, keys) => {
      // Of namespaces that come and go the clients of a link tell; of labels that another selector
      // takes they do not.
      if (change.kind !== 'updated') return;
      for (const name of clientLinks.names((link) => link.isVerified)) {
        keys.add(name, { reason: 'NamespacesChanged' });
      }
    }),
  ];
  return {
    watch: (signal) => pods.watch.run(signal),
    controller: () =>
      createController({
        name: verificationController,
        watches,
        queue,
        reconcile,
        workers,
        clock,
        logger,
        metrics: metrics.reconcile,
      }),
    viewOf: ({ metadata: { name } }) => {
      const { problem } = pods.watch.health();
      if (problem !== undefined && lastingProblems.has(problem.kind)) {
        return { kind: 'Unknown', message: `Pods cannot be watched: ${problem.message}.` };
      }
      return results.viewOf(name) ?? { kind: 'Pending' };
    },
  };
}
