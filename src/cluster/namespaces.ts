/** The cluster's namespaces, of which the labels matter. */
import type { ApiClient } from '../kubernetes/client/api-client.ts';
import { createMetadataClient } from '../kubernetes/client/metadata-client.ts';
import type { KubernetesObject } from '../kubernetes/client/object.ts';
import { createResourceWatch, type ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import type { ClientNamespace } from '../plan/clients/plan-namespace.ts';
import { namespaceType } from './resource-types.ts';
import type { WatchParts } from './watch-parts.ts';
import { keptMetadata } from './kept-metadata.ts';

/** Creates a watch of namespaces that reads and keeps no more than is needed; it is to be run. */
export function createNamespaceWatch(
  client: ApiClient,
  parts: WatchParts,
): ResourceWatch<KubernetesObject> {
  const resource = createMetadataClient(client, namespaceType);
  return createResourceWatch<KubernetesObject>({ ...parts, resource, keep: keptNamespace });
}

function keptNamespace({ metadata }: KubernetesObject): KubernetesObject {
  return { metadata: keptMetadata(metadata, ['deletionTimestamp']) };
}

/** The namespace in the planner's form. */
export function clientNamespace({ metadata }: KubernetesObject): ClientNamespace {
  const { name, labels = {}, deletionTimestamp } = metadata;
  return { name, labels, deleting: deletionTimestamp !== undefined };
}
