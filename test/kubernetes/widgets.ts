import { type ApiClient, createApiClient } from '../../src/kubernetes/client/api-client.ts';
import { loadClusterCredentials } from '../../src/kubernetes/credentials/kube-config.ts';
import type { KubernetesObject, ResourceType } from '../../src/kubernetes/client/object.ts';
import type { ResourceClient } from '../../src/kubernetes/client/resource-client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { eventually } from '../environment/eventually.ts';

/** A small cluster-scoped kind with a status subresource, for tests of the runtime. */
export interface Widget extends KubernetesObject {
  readonly spec?: { readonly value: number };
  readonly status?: { readonly seen?: number; readonly words?: readonly string[] };
}

/** A client with the kubeconfig's credentials, and without the client-side rate limit. */
export function connect(kubeconfig: string): ApiClient {
  const clock = systemClock();
  return createApiClient({
    credentials: loadClusterCredentials({ from: 'file', path: kubeconfig }, clock, process.env),
    clock,
    rateLimit: { perSecond: 1_000, burst: 1_000 },
  });
}

const crds: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** Installs the kind as `plural`.runtime.test and waits until the API server serves it. */
export async function installWidgets(
  client: ApiClient,
  plural: string,
  signal: AbortSignal,
): Promise<ResourceClient<Widget>> {
  const group = 'runtime.test';
  const kind = plural.charAt(0).toUpperCase() + plural.slice(1);
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { value: { type: 'integer' } } },
        status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  };
  const version = { name: 'v1', served: true, storage: true, schema, subresources: { status: {} } };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: 'Cluster', names: { plural, kind }, versions: [version] },
  };
  await client.resource<KubernetesObject>(crds).create(definition, { signal });
  const widgets = client.resource<Widget>({ group, version: 'v1', plural, namespaced: false });
  await eventually(() => widgets.list({ signal }));
  return widgets;
}

export function newWidget(plural: string, name: string, value: number): Widget {
  const kind = plural.charAt(0).toUpperCase() + plural.slice(1);
  return { apiVersion: 'runtime.test/v1', kind, metadata: { name }, spec: { value } };
}
