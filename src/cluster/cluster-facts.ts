/** Facts about the cluster that policies need, as watches show them. */
import type { ApiClient } from '../kubernetes/client/api-client.ts';
import type { Source } from '../kubernetes/controller.ts';
import type { KubernetesObject } from '../kubernetes/client/object.ts';
import { createResourceWatch, type ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import {
  type ClusterAddress,
  type ClusterFacts,
  clusterFacts,
} from '../plan/clients/wanted-egress.ts';
import { endpointSliceType, serviceType } from './resource-types.ts';
import type { WatchParts } from './watch-parts.ts';

interface EndpointSlice extends KubernetesObject {
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

interface Service extends KubernetesObject {
  readonly spec?: {
    readonly clusterIPs?: readonly string[];
    readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
  };
}

/** Facts that follow the cluster. */
export interface ClusterFactsWatch {
  readonly watches: readonly ResourceWatch<KubernetesObject>[];
  /** As of now; without addresses before the watches are synced. */
  current(): ClusterFacts;
  /** A source whose every change wakes these keys. */
  source(keys: () => readonly string[]): Source;
}

/**
 * The API server keeps a service and endpoint slices of this name in this namespace.
 * https://kubernetes.io/docs/reference/networking/service-protocols/
 */
const apiServer = { namespace: 'default', name: 'kubernetes' } as const;

/** Creates the watches; they are to be run. */
export function createClusterFacts(client: ApiClient, parts: WatchParts): ClusterFactsWatch {
  const { namespace, name } = apiServer;
  const slices = createResourceWatch<EndpointSlice>({
    ...parts,
    resource: client.resource<EndpointSlice>(endpointSliceType),
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  });
  const services = createResourceWatch<Service>({
    ...parts,
    resource: client.resource<Service>(serviceType),
    namespace,
    fieldSelector: `metadata.name=${name}`,
  });
  const watches = [slices, services] as readonly ResourceWatch<KubernetesObject>[];
  return {
    watches,
    current: () =>
      clusterFacts({
        slices: slices.cache.list().flatMap(addressesOfSlice),
        service: services.cache.list().flatMap(addressesOfService),
      }),
    source: (keys) => ({
      synced: Promise.all(watches.map(({ synced }) => synced)).then(() => undefined),
      connect(queue) {
        const wake = (): void => {
          for (const key of keys()) queue.add(key, { reason: 'ClusterChanged' });
        };
        const ends = watches.map((watch) => watch.subscribe(wake));
        return () => {
          for (const end of ends) end();
        };
      },
    }),
  };
}

function addressesOfSlice({ endpoints = [], ports = [] }: EndpointSlice): ClusterAddress[] {
  const addresses = endpoints.flatMap(({ addresses: some = [] }) => some);
  return pairs(addresses, ports);
}

function addressesOfService({ spec: { clusterIPs = [], ports = [] } = {} }: Service) {
  return pairs(clusterIPs, ports);
}

function pairs(
  addresses: readonly string[],
  ports: readonly { readonly port?: number }[],
): ClusterAddress[] {
  const numbers = ports.flatMap(({ port }) => port ?? []);
  return addresses.flatMap((address) => numbers.map((port) => ({ address, port })));
}
