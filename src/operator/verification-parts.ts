/** The parts that verify links from pods. */
import type { ClusterClients } from '../cluster/cluster-clients.ts';
import {
  type ClusterVerification,
  createClusterVerification,
  verificationController,
} from '../cluster/verification/cluster-verification.ts';
import type { PodImage } from '../plan/verification/verification-pod.ts';
import { createOwnImage, type PodWithImages } from '../cluster/verification/own-image.ts';
import { podType } from '../cluster/resource-types.ts';
import { createWorkQueue, type WorkQueue } from '../kubernetes/queue/work-queue.ts';
import { UserError } from '../runtime/user-error.ts';
import { gatherMs, type NamespacePartsOptions, watchTimingOf } from './namespace-parts.ts';

/** The queue of links to verify; undefined where none are. @throws UserError without --clients */
export function createVerificationQueue({
  config,
  clock,
  random,
  metrics,
}: Pick<NamespacePartsOptions, 'config' | 'clock' | 'random' | 'metrics'>): WorkQueue | undefined {
  if (!config.verify) return undefined;
  if (!config.clients) {
    throw new UserError(
      '--verify needs --clients: pods run in namespaces that spec.clients selects',
    );
  }
  return createWorkQueue({
    name: verificationController,
    clock,
    random,
    backoff: { firstMs: 1_000, longestMs: 300_000 },
    metrics: metrics.workQueue,
  });
}

/** Makes the parts. @throws UserError where the image of the pods cannot be known */
export function createVerificationParts(
  options: NamespacePartsOptions,
  { queue, clients }: { readonly queue: WorkQueue; readonly clients: ClusterClients },
): ClusterVerification {
  const { config, client, watch, linkQueue } = options;
  return createClusterVerification({
    ...options,
    timing: watchTimingOf(config),
    links: watch,
    clients,
    queue,
    image: imageOf(options),
    onChange: (link) => linkQueue.addAfter(link, gatherMs, { reason: 'Verification' }),
    client,
  });
}

function imageOf({
  config,
  client,
  environment,
  leaseNamespace,
}: NamespacePartsOptions): (signal: AbortSignal) => Promise<PodImage> {
  const { verifyImage } = config;
  if (verifyImage !== undefined) return async () => ({ reference: verifyImage });
  const name = environment['POD_NAME'];
  if (name === undefined) {
    throw new UserError(
      '--verify needs the image of its pods: in a pod POD_NAME tells which one this is, as the component verify sets it; elsewhere give --verify-image',
    );
  }
  const namespace = environment['POD_NAMESPACE'] ?? leaseNamespace;
  return createOwnImage(client.resource<PodWithImages>(podType), { namespace, name });
}
