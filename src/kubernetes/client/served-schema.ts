import type { ApiCalls, CallOptions } from '../api-calls.ts';
import { isNotFound } from './api-error.ts';

interface OpenApi {
  readonly components?: {
    readonly schemas?: Readonly<
      Record<string, { readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[] }>
    >;
  };
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * The schema of a kind as the API server serves it, in the form of OpenAPI 3.0; undefined where it
 * publishes none. Every authenticated client may read it, by the cluster role `system:discovery`.
 * Rejects as `ApiCalls` does.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
export async function servedSchema(
  client: ApiCalls,
  { group, version, kind }: GroupVersionKind,
  call: CallOptions,
): Promise<object | undefined> {
  const path = `/openapi/v3/apis/${group}/${version}`;
  try {
    const { components } = await client.request<OpenApi>({ verb: 'get', path }, call);
    return Object.values(components?.schemas ?? {}).find((schema) =>
      schema['x-kubernetes-group-version-kind']?.some(
        (one) => one.group === group && one.version === version && one.kind === kind,
      ),
    );
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
