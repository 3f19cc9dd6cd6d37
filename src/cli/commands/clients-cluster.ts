/** Reads of a cluster for `clients`: namespaces, and for an audit what runs in them. Reads only. */
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import { livingLinks } from '../../operator/cluster.ts';
import type { ApiClient } from '../../kubernetes/client/api-client.ts';
import type { KubernetesObject } from '../../kubernetes/client/object.ts';
import type {
  AuditedCluster,
  ClusterService,
  RunningPod,
} from '../../plan/clients/audit/audited-cluster.ts';
import type { AnyNetworkPolicy } from '../../plan/clients/audit/reachable.ts';
import { type ExistingObject, isOwn } from '../../plan/clients/client-object.ts';
import { networkPolicyName } from '../../plan/clients/network-policy/plan-network-policy.ts';
import type { ClientNamespace } from '../../plan/clients/plan-namespace.ts';
import type { ClusterAddress, ClusterFacts } from '../../plan/clients/wanted-egress.ts';
import { UserError, userErrorFrom } from '../../runtime/user-error.ts';

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
    readable('SageMakerPrivateLinks', livingLinks(client, signal), signal),
    list<KubernetesObject>(client, { plural: 'namespaces' }, signal),
    readFacts(client, signal),
  ]);
  return {
    links: links.map(({ link }) => link),
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
 * Objects of others that have a name which namespaces are to get.
 * @throws UserError that says what cannot be read
 */
export async function readOthersObjects(
  client: ApiClient,
  configMapNames: readonly string[],
  signal: AbortSignal,
): Promise<readonly ExistingObject[]> {
  const named = (name: string) => ({ fieldSelector: `metadata.name=${name}` });
  const group = 'networking.k8s.io';
  const [configMaps, policies] = await Promise.all([
    Promise.all(
      configMapNames.map((name) =>
        list<KubernetesObject>(client, { plural: 'configmaps' }, signal, named(name)),
      ),
    ),
    list<NetworkPolicy>(
      client,
      { group, plural: 'networkpolicies' },
      signal,
      named(networkPolicyName),
    ),
  ]);
  const all = [
    ...configMaps.flat().map((one): ExistingObject => {
      return { kind: 'ConfigMap', data: {}, metadata: metadataOf(one) };
    }),
    ...policies.map((one): ExistingObject => {
      return { kind: 'NetworkPolicy', spec: noRules, metadata: metadataOf(one) };
    }),
  ];
  return all.filter((one) => !isOwn(one));
}

/** Stands for the rules of somebody else's policy, which nothing looks at. */
const noRules = { podSelector: {}, policyTypes: ['Egress'], egress: [] } as const;

function metadataOf({ metadata }: KubernetesObject): ExistingObject['metadata'] {
  const { name, namespace = '', uid = '', labels, annotations, managedFields = [] } = metadata;
  const managers = (managedFields as readonly { readonly manager?: string }[]).flatMap(
    ({ manager }) => manager ?? [],
  );
  return { name, namespace, uid, labels, annotations, managers: [...new Set(managers)] };
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

async function readable<T>(what: string, asking: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(`the cluster's ${what} cannot be read: ${userErrorFrom(error).message}`);
  }
}
