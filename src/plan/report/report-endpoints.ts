/** The endpoints of a link as its status shows them. */
import type {
  EndpointStatus,
  NetworkInterfaceStatus,
  SageMakerPrivateLinkSpec,
} from '../../api/sagemaker-private-link.ts';
import type { Endpoint, EndpointService, NetworkInterface } from '../facts.ts';
import { liveEndpoints } from '../endpoint/plan-endpoint.ts';
import { carriesSignedRequestsOnly, serviceNameOf } from '../endpoint/service-catalogue.ts';

/** Everything that the list depends on. */
export interface EndpointReportInput {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly partition: string;
  readonly vpcId: string;
  readonly owned: readonly Endpoint[];
  readonly services: readonly EndpointService[];
  readonly interfaces: readonly NetworkInterface[];
  /** See `Plan.settledNames`. */
  readonly settledNames: Readonly<Record<string, boolean>>;
  /** By service: the endpoint that was there last. */
  readonly formerIds: Readonly<Record<string, string>>;
}

/**
 * One entry per endpoint of the spec, in its order. It keeps the id of the endpoint that was there
 * last until another one takes its place: one that lost its tags is known by nothing else, and the
 * call that makes a successor has to be the same however often it is tried.
 */
export function endpointStatuses(input: EndpointReportInput): readonly EndpointStatus[] {
  return input.spec.endpoints.map((entry) => {
    const serviceName = serviceNameOf(entry, input.spec.region, input.partition);
    const named = {
      serviceName,
      ...(entry.service === undefined ? {} : { service: entry.service }),
    };
    const [endpoint] = liveEndpoints(input.owned, { serviceName, vpcId: input.vpcId });
    if (endpoint !== undefined) return { ...named, ...endpointStatus(endpoint, input) };
    const id = input.formerIds[serviceName];
    return id === undefined ? named : { ...named, id };
  });
}

function endpointStatus(
  endpoint: Endpoint,
  { services, interfaces, settledNames }: EndpointReportInput,
): Omit<EndpointStatus, 'serviceName' | 'service'> {
  const service = services.find(({ name }) => name === endpoint.serviceName);
  const url = urlOf(endpoint, service);
  return {
    id: endpoint.id,
    state: endpoint.state,
    privateDNS: endpoint.privateDnsEnabled,
    ...(settledNames[endpoint.id] === endpoint.privateDnsEnabled
      ? { privateDNSSettled: true }
      : {}),
    ...(url === undefined ? {} : { url }),
    dnsNames: endpoint.dnsNames,
    networkInterfaces: interfaceStatuses(endpoint, interfaces),
  };
}

/** An interface that AWS has not shown is there by its id: without it a part would pass for all. */
function interfaceStatuses(
  { networkInterfaceIds }: Endpoint,
  interfaces: readonly NetworkInterface[],
): readonly NetworkInterfaceStatus[] {
  const shown = interfaces
    .filter(({ id }) => networkInterfaceIds.includes(id))
    .sort((a, b) => (a.zone < b.zone ? -1 : 1));
  const unread = networkInterfaceIds.filter((id) => shown.every((one) => one.id !== id));
  return [...shown.map(interfaceStatus), ...unread.toSorted().map((id) => ({ id }))];
}

function interfaceStatus(one: NetworkInterface): NetworkInterfaceStatus {
  const { id, subnetId, zone, ipv4, ipv6 } = one;
  return {
    id,
    subnetId,
    zone,
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
  };
}

/**
 * The name for clients to dial. AWS's order of DNS names is not relied on: an endpoint's own names
 * begin with its id, all others are private names.
 *
 * A browser opens a page by a name of that page alone, such as `<instance>.notebook.<region>...`:
 * such a service has the wildcard that all of them match, and nothing without private DNS.
 */
export function urlOf(
  endpoint: Endpoint,
  service: EndpointService | undefined,
): string | undefined {
  const names = endpoint.privateDnsEnabled ? privateNames(endpoint, service) : [];
  if (!carriesSignedRequestsOnly(endpoint.serviceName)) {
    const wildcard = names.find((one) => one.startsWith('*'));
    return wildcard === undefined ? undefined : `https://${wildcard}`;
  }
  const name = names.find((one) => !one.startsWith('*'));
  const dialled = name ?? regionalName(endpoint);
  return dialled === undefined ? undefined : `https://${dialled}`;
}

function privateNames(endpoint: Endpoint, service: EndpointService | undefined): readonly string[] {
  const offered = service?.privateDnsNames ?? [];
  const reported = endpoint.dnsNames.filter((name) => !name.startsWith('vpce-'));
  // The service's own order has the name first that SDKs dial by default.
  return [...offered.filter((name) => reported.includes(name)), ...reported, ...offered];
}

/** A zonal name's first label ends with the name of a zone, such as `-eu-west-1a`. */
const zonalLabel = /-[a-z]{2}(-[a-z0-9]+)+-\d+[a-z]$/;

function regionalName(endpoint: Endpoint): string | undefined {
  return endpoint.dnsNames.find((name) => {
    const [label = ''] = name.split('.');
    return label.startsWith('vpce-') && !zonalLabel.test(label);
  });
}
