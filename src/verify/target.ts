/** The part of a link that can be verified by looking at the network: names and addresses. Pure. */
import type {
  EndpointSpec,
  EndpointStatus,
  NetworkInterfaceStatus,
  SageMakerPrivateLinkStatus,
} from '../api/sagemaker-private-link.ts';

/** Everything of a link that can be verified. */
export interface VerifiableLink {
  readonly spec: { readonly endpoints: readonly Pick<EndpointSpec, 'service' | 'serviceName'>[] };
  readonly status?: Pick<SageMakerPrivateLinkStatus, 'endpoints' | 'securityGroup'> | undefined;
}

/** One endpoint of a link, as its clients use it. */
export interface Target {
  readonly serviceName: string;
  readonly endpointId: string;
  /** AWS's word for the endpoint's state. */
  readonly state: string;
  /** The name that clients dial, which is the name that the certificate has to be for. */
  readonly dialled: string;
  readonly port: number;
  /** Every name that must lead to the endpoint; the dialled one first. */
  readonly names: readonly string[];
  readonly addresses: readonly TargetAddress[];
}

/** An address of an endpoint's network interface. */
export interface TargetAddress {
  readonly zone: string;
  readonly address: string;
}

/** An endpoint that cannot be verified, because the status does not say where it is. */
export interface UnknownTarget {
  readonly serviceName: string;
  /** A sentence that says what is missing. */
  readonly message: string;
}

/** The endpoints of a link by its status. */
export interface Targets {
  readonly targets: readonly Target[];
  readonly unknown: readonly UnknownTarget[];
}

/**
 * Every endpoint that the link's status has, and those of its spec that the status has not.
 *
 * Endpoints that clients reach by no name of their own (those of browsers without private DNS) are
 * left out: nothing is dialled there.
 */
export function targetsOf({ spec, status }: VerifiableLink): Targets {
  const endpoints = status?.endpoints ?? [];
  const read = endpoints.map(readEndpoint);
  const absent = spec.endpoints
    .map(({ service, serviceName }) => service ?? serviceName ?? '')
    .filter((name) => !endpoints.some((one) => one.service === name || one.serviceName === name))
    .map((name) => ({ serviceName: name, message: 'The status does not show it yet.' }));
  const targets = read.flatMap(({ target }) => target ?? []);
  const unknown = [...read.flatMap(({ unknown }) => unknown ?? []), ...absent];
  return targets.length + unknown.length === 0 ? nothingDialled(spec) : { targets, unknown };
}

function nothingDialled({ endpoints }: VerifiableLink['spec']): Targets {
  const message = 'Browsers reach it by private DNS alone, which is off: no name leads to it.';
  const unknown = endpoints.map(({ service, serviceName }) => ({
    serviceName: service ?? serviceName ?? '',
    message,
  }));
  return { targets: [], unknown };
}

function readEndpoint(endpoint: EndpointStatus): {
  readonly target?: Target;
  readonly unknown?: UnknownTarget;
} {
  const { serviceName, id, state = 'unknown', url, networkInterfaces = [] } = endpoint;
  if (id === undefined || endpoint.state === undefined) {
    return { unknown: { serviceName, message: 'The status shows no endpoint for it.' } };
  }
  // A page that browsers open, without private DNS: the status gives it no URL.
  if (url === undefined) return {};
  const addresses = networkInterfaces.flatMap(addressesOf);
  if (addresses.length === 0) {
    return {
      unknown: {
        serviceName,
        message: `The status shows no address of ${id}, which AWS calls ${state}.`,
      },
    };
  }
  const { host, port } = hostAndPort(url);
  const dialled = concrete(host);
  const names = [...new Set([dialled, ...privateNames(endpoint).map(concrete)])];
  return { target: { serviceName, endpointId: id, state, dialled, port, names, addresses } };
}

function addressesOf({ zone = '', ipv4, ipv6 }: NetworkInterfaceStatus): readonly TargetAddress[] {
  return [ipv4, ipv6].flatMap((address) => (address === undefined ? [] : { zone, address }));
}

/** `new URL` refuses the `*` of a wildcard. */
function hostAndPort(url: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = '443'] = /^https:\/\/([^/:]+)(?::(\d+))?/.exec(url) ?? [];
  return { host, port: Number(port) };
}

/** The names that all clients in the VPC use: an endpoint's own begin with its id. */
function privateNames({ privateDNS, dnsNames = [] }: EndpointStatus): readonly string[] {
  return privateDNS === true ? dnsNames.filter((name) => !name.startsWith('vpce-')) : [];
}

/** A name that a wildcard stands for, as the page of a notebook has one. */
function concrete(name: string): string {
  return name.replace(/^\*\./, 'sagemaker-privatelink-verify.');
}
