/** The parts that look after the namespaces of the cluster. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { ClientLinks } from '../cluster/client-links.ts';
import { type ClusterClients, createClusterClients } from '../cluster/cluster-clients.ts';
import { policyController } from '../cluster/cluster-policy/cluster-policies.ts';
import { namespaceController } from '../cluster/namespace-controller.ts';
import { createWorkQueue, type WorkQueue } from '../kubernetes/queue/work-queue.ts';
import type { ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import type { WatchTiming } from '../kubernetes/watch/watch-timing.ts';
import type { Random } from '../runtime/clock.ts';
import type { OperatorConfig } from './operator-config.ts';
import type { BaseParts } from './base-parts.ts';

export interface NamespacePartsOptions extends BaseParts {
  readonly random: Random;
  readonly watch: ResourceWatch<SageMakerPrivateLink>;
  readonly clientLinks: ClientLinks;
  /** Where links are put whose namespaces are otherwise than they were. */
  readonly linkQueue: Pick<WorkQueue, 'addAfter'>;
  readonly mayAct: () => boolean;
  /** Told of links whose namespaces are otherwise than they were. @default nobody */
  readonly onChange?: ((link: string) => void) | undefined;
}

/**
 * A burst of changes in namespaces makes one pass of their link: a pass asks AWS, and the status says
 * the same of the last change as of the first.
 */
export const gatherMs = 2_000;

/** Makes the parts; undefined where namespaces are not looked after. */
export function createNamespaceParts({
  config,
  client,
  clock,
  random,
  logger,
  metrics,
  leaseNamespace,
  watch,
  clientLinks,
  linkQueue,
  mayAct,
  onChange,
}: NamespacePartsOptions):
  | { readonly queues: readonly WorkQueue[]; readonly clients: ClusterClients }
  | undefined {
  if (!config.clients) return undefined;
  const queueOf = (name: string): WorkQueue =>
    createWorkQueue({
      name,
      clock,
      random,
      // Refusals by quotas and admission policies last, and a namespace costs nobody else anything.
      backoff: { firstMs: 500, longestMs: 300_000 },
      metrics: metrics.workQueue,
    });
  const queue = queueOf(namespaceController);
  const policyQueue = queueOf(policyController);
  const clients = createClusterClients({
    client,
    links: watch,
    clientLinks,
    queue,
    policyQueue,
    clock,
    random,
    logger,
    metrics,
    timing: watchTimingOf(config),
    mayAct,
    operatorNamespace: leaseNamespace,
    onChange: (link) => {
      linkQueue.addAfter(link, gatherMs, { reason: 'Namespaces' });
      onChange?.(link);
    },
  });
  return { queues: [queue, policyQueue], clients };
}

/** The timing of every watch, by the flags. */
export function watchTimingOf(
  config: Pick<OperatorConfig, 'relistMs' | 'watchSilenceMs'>,
): Pick<WatchTiming, 'relistMs' | 'silenceMs'> {
  return {
    relistMs: [config.relistMs, config.relistMs * 1.5],
    silenceMs: config.watchSilenceMs,
  };
}
