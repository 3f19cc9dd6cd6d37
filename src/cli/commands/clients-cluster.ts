/** Reads of a cluster for `clients`: namespaces, and for an audit what runs in them. Reads only. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import type { KubernetesObject } from '../../kubernetes/client/object.ts';
import type {
  AuditedCluster,
  ClusterService,
  RunningPod,
} from '../../plan/clients/audit/audited-cluster.ts';
import type { AnyNetworkPolicy } from '../../plan/clients/audit/reachable.ts';
import { clientTypes } from '../../cluster/resource-types.ts';
import { existingObject, type StoredObject } from '../../cluster/stored-object.ts';
import {
  type ExistingObject,
  managedBy,
  managedByLabel,
} from '../../plan/clients/client-object.ts';
import { networkPolicyName } from '../../plan/clients/network-policy/plan-network-policy.ts';
import type { ClientNamespace } from '../../plan/clients/plan-namespace.ts';
import type { ClusterAddress, ClusterFacts } from '../../plan/clients/wanted-egress.ts';
import { linksOf } from '../cluster-links.ts';
import { readable } from './readable.ts';

/** The part of a cluster that both forms of the command need. */
export interface ClientsCluster {
  readonly links: readonly SageMakerPrivateLink[];
  readonly namespaces: readonly ClientNamespace[];
  readonly facts: ClusterFacts;
}

/** @throws UserError that says what cannot be read */
export async function readClientsCluster(
  client: ApiClient,
  signal: AbortSignal,
): Promise<ClientsCluster> {
  const [links, namespaces, facts] = await Promise.all([
    linksOf(client, signal),
    list<KubernetesObject>(client, { plural: 'namespaces' }, signal),
    readFacts(client, signal),
  ]);
  return {
    links,
    namespaces: namespaces.map(({ metadata }) => ({
      name: metadata.name,
      labels: metadata.labels ?? {},
      deleting: metadata.deletionTimestamp !== undefined,
    })),
    facts,
  };
}

interface EndpointSlice extends KubernetesObject {
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
  readonly ports?: readonly { readonly port?: number }[];
}

interface Service extends KubernetesObject {
  readonly spec?: {
    readonly clusterIPs?: readonly string[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly protocol?: string;
      readonly port: number;
      readonly targetPort?: number | string;
    }[];
  };
}

/** The API server keeps a service of this name, and endpoint slices for it, in `default`. */
async function readFacts(client: ApiClient, signal: AbortSignal): Promise<ClusterFacts> {
  const [slices, services] = await Promise.all([
    list<EndpointSlice>(
      client,
      { group: 'discovery.k8s.io', plural: 'endpointslices', namespace: 'default' },
      signal,
      { labelSelector: 'kubernetes.io/service-name=kubernetes' },
    ),
    list<Service>(client, { plural: 'services', namespace: 'default' }, signal, {
      fieldSelector: 'metadata.name=kubernetes',
    }),
  ]);
  const ofSlices = slices.flatMap(({ endpoints = [], ports = [] }) =>
    endpoints.flatMap(({ addresses = [] }) => pairs(addresses, ports)),
  );
  const ofService = services.flatMap(({ spec }) =>
    pairs(spec?.clusterIPs ?? [], spec?.ports ?? []),
  );
  return { kubernetesAPI: [...ofSlices, ...ofService] };
}

function pairs(
  addresses: readonly string[],
  ports: readonly { readonly port?: number }[],
): readonly ClusterAddress[] {
  return addresses.flatMap((address) =>
    ports.flatMap(({ port }) => (port === undefined ? [] : [{ address, port }])),
  );
}

/**
 * The operator's objects in all namespaces, and everybody's that have a name which namespaces are to
 * get.
 * @throws UserError that says what cannot be read
 */
export async function readClientObjects(
  client: ApiClient,
  configMapNames: readonly string[],
  signal: AbortSignal,
): Promise<readonly ExistingObject[]> {
  const names = { ConfigMap: configMapNames, NetworkPolicy: [networkPolicyName] } as const;
  const kinds = ['ConfigMap', 'NetworkPolicy'] as const;
  const reads = kinds.flatMap((kind) => {
    const selections = [
      { labelSelector: `${managedByLabel}=${managedBy}` },
      ...names[kind].map((name) => ({ fieldSelector: `metadata.name=${name}` })),
    ];
    return selections.map(async (selection) => {
      const objects = await list<StoredObject>(client, clientTypes[kind], signal, selection);
      return objects.map((one) => existingObject(kind, one));
    });
  });
  const found = (await Promise.all(reads)).flat();
  return [...new Map(found.map((one) => [one.metadata.uid, one])).values()];
}

interface Container {
  readonly env?: readonly { readonly name: string }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

interface Pod extends KubernetesObject {
  readonly spec?: { readonly hostNetwork?: boolean; readonly containers?: readonly Container[] };
  readonly status?: { readonly podIPs?: readonly { readonly ip: string }[] };
}

interface NetworkPolicy extends KubernetesObject {
  readonly spec?: AnyNetworkPolicy['spec'];
}

/** @throws UserError that says what cannot be read */
export async function readAuditedCluster(
  client: ApiClient,
  namespaces: readonly ClientNamespace[],
  signal: AbortSignal,
): Promise<AuditedCluster> {
  const [pods, services, policies] = await Promise.all([
    list<Pod>(client, { plural: 'pods' }, signal, { fieldSelector: 'status.phase=Running' }),
    list<Service>(client, { plural: 'services' }, signal),
    list<NetworkPolicy>(client, { group: 'networking.k8s.io', plural: 'networkpolicies' }, signal),
  ]);
  return {
    namespaces,
    pods: pods.map(runningPod),
    services: services.map(clusterService),
    policies: policies.map(({ metadata: { namespace = '', name }, spec = {} }) => {
      return { namespace, name, spec };
    }),
  };
}

function runningPod({ metadata, spec = {}, status = {} }: Pod): RunningPod {
  const { containers = [], hostNetwork = false } = spec;
  const ports = containers.flatMap((container) => container.ports ?? []);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    labels: metadata.labels ?? {},
    addresses: (status.podIPs ?? []).map(({ ip }) => ip),
    hostNetwork,
    variables: containers.flatMap(({ env = [] }) => env.map(({ name }) => name)),
    namedPorts: Object.fromEntries(
      ports.flatMap(({ name, containerPort }) =>
        name === undefined ? [] : [[name, containerPort]],
      ),
    ),
  };
}

function clusterService({ metadata, spec = {} }: Service): ClusterService {
  const { selector, ports = [] } = spec;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    ...(selector === undefined ? {} : { selector }),
    ports: ports.map(({ protocol = 'TCP', port, targetPort = port }) => {
      return { protocol, port, targetPort };
    }),
  };
}

interface Collection {
  /** @default the core group */
  readonly group?: string;
  readonly plural: string;
  /** @default all of them */
  readonly namespace?: string;
}

async function list<T extends KubernetesObject>(
  client: ApiClient,
  { group = '', plural, namespace }: Collection,
  signal: AbortSignal,
  selection: { readonly labelSelector?: string; readonly fieldSelector?: string } = {},
): Promise<readonly T[]> {
  const namespaced = plural !== 'namespaces';
  const resource = client.resource<T>({ group, version: 'v1', plural, namespaced });
  const place = namespace === undefined ? {} : { namespace };
  const listed = resource.list({ ...place, ...selection, signal });
  return (await readable(plural, listed, signal)).items;
}
