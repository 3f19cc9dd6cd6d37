import type { ApiCalls } from '../api-calls.ts';
import type { ApiRequest } from './api-request.ts';
import type { KubernetesObject, ResourceType } from './object.ts';
import { createResourceClient, type ResourceReader } from './resource-client.ts';

/**
 * Reads of a resource that bring the metadata of its objects alone: for objects that somebody else
 * has written and whose labels are all that matters, it costs a part of the bytes and of the memory.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export function createMetadataClient(
  client: ApiCalls,
  type: ResourceType,
): ResourceReader<KubernetesObject> {
  const narrowed = (request: ApiRequest): ApiRequest => {
    const as = request.verb === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
    return { ...request, accept: `application/json;as=${as};g=meta.k8s.io;v=v1` };
  };
  const calls: ApiCalls = {
    request: (request, options) => client.request(narrowed(request), options),
    stream: (request, options) => client.stream(narrowed(request), options),
  };
  return createResourceClient<KubernetesObject>(calls, type);
}
