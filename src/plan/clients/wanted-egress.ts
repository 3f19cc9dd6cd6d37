import type {
  ClientEgressSpec,
  ClientServiceStatus,
  EndpointSpec,
  EndpointStatus,
  NetworkPolicyEgressRule,
  SageMakerPrivateLink,
} from '../../api/sagemaker-private-link.ts';
import {
  type AllowedEgress,
  type AllowedNetworks,
  blocksOf,
  type PortRange,
  type WantedEgress,
} from './egress.ts';

/** One way to the Kubernetes API server. */
export interface ClusterAddress {
  readonly address: string;
  readonly port: number;
}

/** Facts about the cluster, which are the same for every link and namespace. */
export interface ClusterFacts {
  /**
   * The ways to the API server: addresses of the endpoint slice `kubernetes` in `default`, and the
   * service's own, since some network plugins (the VPC CNI is one) see a packet before it is sent on
   * to an endpoint. Empty while they are not known.
   */
  readonly kubernetesAPI: readonly ClusterAddress[];
}

/**
 * The facts from what the API server shows. The slice and the service are there together or the
 * reading of them is not at its end: one without the other would shut the other's ways.
 */
export function clusterFacts(seen: {
  /** Of the endpoint slices. */
  readonly slices: readonly ClusterAddress[];
  /** Of the service. */
  readonly service: readonly ClusterAddress[];
}): ClusterFacts {
  const { slices, service } = seen;
  if (slices.length === 0 || service.length === 0) return { kubernetesAPI: [] };
  const byText = new Map(
    [...slices, ...service].map((one) => [`${one.address} ${one.port}`, one] as const),
  );
  const sorted = [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return { kubernetesAPI: sorted.map(([, one]) => one) };
}

/** The egress that a link wants, and what keeps it from being all. */
export interface EgressOfLink {
  readonly wanted: WantedEgress;
  /** Parts whose addresses are not known. While there are some, no rule is taken away. */
  readonly unknown: readonly string[];
  /** Parts that AWS does not have: a policy would shut pods in that may reach them another way. */
  readonly missing: readonly string[];
  /** Rules without a destination, by their field: Kubernetes takes each of them for every one. */
  readonly boundless: readonly string[];
}

const https: PortRange = { protocol: 'TCP', port: 443 };
const dns: readonly PortRange[] = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];

/**
 * NodeLocal DNSCache listens at this address on every node that runs it.
 * https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
const nodeLocalDns = '169.254.20.10';

/**
 * The EKS Pod Identity agent, over IPv4 and IPv6, on port 80.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
 */
export const podIdentityAgent: readonly string[] = ['169.254.170.23', 'fd00:ec2::23'];

/**
 * The destinations that the selected pods of a link may reach, from its spec and from what its
 * status shows of AWS.
 * @returns undefined for a link that has no policy
 */
export function wantedEgress(
  { spec, status }: Pick<SageMakerPrivateLink, 'spec' | 'status'>,
  cluster: ClusterFacts,
): EgressOfLink | undefined {
  const policy = spec.clients?.networkPolicy;
  if (policy === undefined) return undefined;
  const { egress, podSelector } = policy;
  const endpoints = spec.endpoints.map((entry) => endpointEgress(entry, status?.endpoints ?? []));
  const services = (egress.awsServices ?? []).map((service) =>
    serviceEgress(service, status?.clients?.services ?? []),
  );
  const api = egress.kubernetesAPI ? kubernetesApiEgress(cluster) : nothing;
  const parts = [dnsEgress(egress), ...endpoints, ...services, api, constantEgress(egress)];
  return {
    wanted: { podSelector, allowed: parts.flatMap(({ allowed }) => allowed) },
    unknown: parts.flatMap(({ unknown }) => unknown ?? []),
    missing: parts.flatMap(({ missing }) => missing ?? []),
    boundless: boundlessRules(egress),
  };
}

interface Part {
  readonly allowed: readonly AllowedEgress[];
  readonly unknown?: string;
  readonly missing?: string;
}

const nothing: Part = { allowed: [] };

function dnsEgress({ dnsServers = [] }: ClientEgressSpec): Part {
  const kubeSystem = { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } };
  return {
    allowed: [
      {
        kind: 'Pods',
        reason: 'DNS of the cluster',
        namespaces: { kind: 'Selected', selector: kubeSystem },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
        ports: dns,
      },
      networks('DNS on the node and egress.dnsServers', [nodeLocalDns, ...dnsServers], dns),
    ],
  };
}

function endpointEgress(entry: EndpointSpec, statuses: readonly EndpointStatus[]): Part {
  const name = entry.service ?? entry.serviceName ?? '';
  const status = statuses.find(({ service, serviceName }) =>
    entry.service === undefined ? serviceName === entry.serviceName : service === entry.service,
  );
  const interfaces = (status?.networkInterfaces ?? []).map(({ ipv4, ipv6 }) =>
    [ipv4, ipv6].filter((address) => address !== undefined),
  );
  const addresses = interfaces.flat();
  const isKnown = addresses.length > 0 && interfaces.every((some) => some.length > 0);
  const reason = `endpoint of ${name}`;
  return {
    allowed: addresses.length === 0 ? [] : [networks(reason, addresses, [https])],
    ...(isKnown ? {} : { unknown: `the ${reason}` }),
  };
}

/** The state in status.clients.services of a service that the VPC has no endpoint of. */
export const missingService = 'Missing';
/** The state of one of which AWS did not show everything: there may be more addresses. */
export const unknownService = 'Unknown';

function serviceEgress(name: string, statuses: readonly ClientServiceStatus[]): Part {
  const status = statuses.find(({ service }) => service === name);
  const { state = unknownService } = status ?? {};
  if (state === missingService || leadsNowhere(state)) return { allowed: [], missing: name };
  const blocks = [...blocksOf(status?.addresses ?? []), ...(status?.cidrs ?? [])];
  const cidrs = [...new Set(blocks)].sort();
  const isKnown = cidrs.length > 0 && state !== unknownService;
  const reason = `egress.awsServices: ${name}`;
  return {
    allowed: cidrs.length === 0 ? [] : [{ kind: 'Networks', reason, cidrs, ports: [https] }],
    ...(isKnown ? {} : { unknown: `the endpoint of ${name}` }),
  };
}

const endStates: ReadonlySet<string> = new Set([
  'deleting',
  'deleted',
  'rejected',
  'failed',
  'expired',
]);

/**
 * True for the state of an endpoint that carries nothing and will not again: its addresses may be
 * somebody else's tomorrow.
 */
export function leadsNowhere(state: string): boolean {
  return endStates.has(state);
}

/** The reason of the rules for the Kubernetes API server, which some flavours know by name. */
export const kubernetesApiReason = 'egress.kubernetesAPI';

/** Some clusters have no such slice: their policies wait until `kubernetesAPI` is off. */
const unknownApiServer =
  'the Kubernetes API server (egress.kubernetesAPI; the Service `kubernetes` in `default` and an EndpointSlice of it)';

function kubernetesApiEgress({ kubernetesAPI }: ClusterFacts): Part {
  const ports = [...new Set(kubernetesAPI.map(({ port }) => port))].sort((a, b) => a - b);
  if (ports.length === 0) return { allowed: [], unknown: unknownApiServer };
  return {
    allowed: ports.map((port) => {
      const here = kubernetesAPI.filter((one) => one.port === port);
      const addresses = here.map(({ address }) => address);
      return networks(kubernetesApiReason, addresses, [{ protocol: 'TCP', port }]);
    }),
  };
}

/** Parts that follow from the spec alone. */
function constantEgress(egress: ClientEgressSpec): Part {
  const agent = networks('egress.podIdentity', podIdentityAgent, [{ protocol: 'TCP', port: 80 }]);
  return {
    allowed: [
      ...(egress.podIdentity ? [agent] : []),
      ...podsEgress(egress),
      ...(egress.rules ?? [])
        .filter(hasDestination)
        .map((rule): AllowedEgress => ({ kind: 'Native', rule })),
    ],
  };
}

/** The schema asks for one; a link that came past it must not stop the whole namespace. */
function hasDestination({ to }: NetworkPolicyEgressRule): boolean {
  return to.length > 0;
}

function boundlessRules({ rules = [] }: ClientEgressSpec): readonly string[] {
  return rules.flatMap((rule, index) =>
    hasDestination(rule) ? [] : [`spec.clients.networkPolicy.egress.rules[${index}]`],
  );
}

function podsEgress({ namespaces, namespaceSelector }: ClientEgressSpec): readonly AllowedEgress[] {
  const pods = { kind: 'Pods', reason: 'egress.namespaces', ports: [] } as const;
  switch (namespaces) {
    case 'None':
      return [];
    case 'Selected':
      // The schema sees to it that the two come together.
      if (namespaceSelector === undefined) return [];
      return [{ ...pods, namespaces: { kind: 'Selected', selector: namespaceSelector } }];
    case 'Own':
    case 'All':
      return [{ ...pods, namespaces: { kind: namespaces } }];
  }
}

function networks(
  reason: string,
  addresses: readonly string[],
  ports: readonly PortRange[],
): AllowedNetworks {
  return { kind: 'Networks', reason, cidrs: blocksOf(addresses), ports };
}
