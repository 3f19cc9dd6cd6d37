/** The parts that look after the cluster itself, as far as the flags say so. */
import type { ClusterClients } from '../cluster/cluster-clients.ts';
import type { ClusterVerification } from '../cluster/verification/cluster-verification.ts';
import { joinedQueues, type WorkQueues } from './joined-queues.ts';
import { createNamespaceParts, type NamespacePartsOptions } from './namespace-parts.ts';
import { createVerificationParts, createVerificationQueue } from './verification-parts.ts';

export interface ClusterParts {
  readonly queues: WorkQueues;
  /** The namespaces of the cluster; undefined if they are not looked after. */
  readonly clients: ClusterClients | undefined;
  /** The findings of pods about links; undefined if none are started. */
  readonly verification: ClusterVerification | undefined;
}

/** Makes the parts of one term; nothing is read yet. @throws UserError for flags that cannot work */
export function createClusterParts(options: NamespacePartsOptions): ClusterParts {
  const queue = createVerificationQueue(options);
  const onChange = (link: string): void => queue?.add(link, { reason: 'Namespaces' });
  const namespaces = createNamespaceParts({ ...options, onChange });
  if (namespaces === undefined) {
    return { queues: joinedQueues([]), clients: undefined, verification: undefined };
  }
  const { clients, queues } = namespaces;
  if (queue === undefined)
    return { queues: joinedQueues(queues), clients, verification: undefined };
  const verification = createVerificationParts(options, { queue, clients });
  return { queues: joinedQueues([...queues, queue]), clients, verification };
}
