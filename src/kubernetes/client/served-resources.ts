import type { ApiCalls, CallOptions } from '../api-calls.ts';
import { isNotFound } from './api-error.ts';

/** One resource that the API server serves. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced?: boolean;
  }[];
}

/**
 * The resources of a version of a group; none where it is not served. Rejects as `ApiCalls` does.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#unaggregated-discovery
 */
export async function servedResources(
  client: ApiCalls,
  { group, version }: Pick<ServedResource, 'group' | 'version'>,
  call: CallOptions,
): Promise<readonly ServedResource[]> {
  const path = `/apis/${group}/${version}`;
  try {
    const { resources = [] } = await client.request<ResourceList>({ verb: 'get', path }, call);
    return resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced = false }) => {
        return { group, version, kind, plural: name, namespaced };
      });
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
