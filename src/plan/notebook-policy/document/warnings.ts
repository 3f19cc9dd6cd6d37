import type {
  EndpointSpec,
  NotebookAccessSpec,
  NotebookAction,
} from '../../../api/sagemaker-private-link.ts';
import { opensNotebooks } from './actions.ts';
import { hasPrivateAddresses, mergedCidrs } from './cidr-set.ts';

/**
 * Warnings of settings that the schema allows and that are probably not meant: for the plan, the
 * CLI and events. Each text says what happens and what to do. The blocks must be valid.
 */
export function accessWarnings(
  access: NotebookAccessSpec,
  endpoints: readonly EndpointSpec[],
): readonly string[] {
  return [...blockWarnings(access), ...endpointWarnings(access, endpoints.filter(opensNotebooks))];
}

function blockWarnings(access: NotebookAccessSpec): readonly string[] {
  const { allowedCIDRs = [], allowedPrivateCIDRs = [] } = access;
  return [
    ...everythingIn(allowedCIDRs).map(
      (block) =>
        `spec.notebookAccess.allowedCIDRs covers ${block}, the whole internet: requests from there are not restricted at all. Give the addresses that people come from.`,
    ),
    ...everythingIn(allowedPrivateCIDRs).map(
      (block) =>
        `spec.notebookAccess.allowedPrivateCIDRs covers ${block}, so it does not narrow those addresses. Give the subnets that people come from.`,
    ),
    ...allowedPrivateCIDRs
      // IPv6 addresses in a VPC are usually public ones.
      .filter((block) => !block.includes(':') && !hasPrivateAddresses(block))
      .map(
        (block) =>
          `spec.notebookAccess.allowedPrivateCIDRs has ${block}, which is no private range: it is compared with addresses inside VPCs. If people come from there over the internet, it belongs into allowedCIDRs.`,
      ),
  ];
}

function everythingIn(cidrs: readonly string[]): readonly string[] {
  return mergedCidrs(cidrs).filter((block) => block === '0.0.0.0/0' || block === '::/0');
}

function endpointWarnings(
  access: NotebookAccessSpec,
  endpoints: readonly EndpointSpec[],
): readonly string[] {
  if (!access.allowEndpoints) return closedEndpoints(endpoints);
  if (endpoints.length === 0) {
    return [
      'spec.notebookAccess.allowEndpoints has no effect: spec.endpoints has no endpoint through which notebooks are opened. Add api and notebook, or set it to false.',
    ];
  }
  return [...missingHalves(access, endpoints), ...notDialled(access, endpoints)];
}

function closedEndpoints(endpoints: readonly EndpointSpec[]): readonly string[] {
  if (!endpoints.some(({ privateDNS }) => privateDNS)) return [];
  return [
    'spec.notebookAccess.allowEndpoints is false and the endpoints have private DNS: everybody inside the VPC comes through them, without a public address, and is denied, whatever allowedCIDRs says. Set allowEndpoints: true, or privateDNS: false on the api and notebook endpoints.',
  ];
}

/** A URL is made through `api` and opened through the page's own endpoint: each half that is missing. */
function missingHalves(
  access: NotebookAccessSpec,
  endpoints: readonly EndpointSpec[],
): readonly string[] {
  const missing = new Map<string, NotebookAction[]>();
  for (const action of access.actions) {
    for (const choice of endpointsFor(action)) {
      if (endpoints.some((entry) => choice.some((name) => isService(entry, name)))) continue;
      const words = choice.join(' or ');
      missing.set(words, [...(missing.get(words) ?? []), action]);
    }
  }
  const outcome =
    (access.allowedCIDRs ?? []).length === 0
      ? 'is denied, for no public address is allowed'
      : 'is denied unless allowedCIDRs has its public address';
  return [...missing].map(
    ([words, actions]) =>
      `spec.notebookAccess.actions has ${actions.join(', ')} and spec.endpoints has no ${words} endpoint: that part of each opening goes over the internet, where it ${outcome}. Add ${words} to spec.endpoints.`,
  );
}

/** Endpoints that nobody comes through by the usual names, while nothing else is allowed. */
function notDialled(
  access: NotebookAccessSpec,
  endpoints: readonly EndpointSpec[],
): readonly string[] {
  const idle = endpoints.filter(({ privateDNS }) => !privateDNS);
  if (idle.length === 0 || (access.allowedCIDRs ?? []).length > 0) return [];
  const names = idle.map(({ service, serviceName }) => service ?? serviceName).join(', ');
  return [
    `spec.notebookAccess allows endpoints only, and private DNS is off for ${names}: callers who dial the usual names come over the internet and are denied. Set privateDNS: true there, add the public addresses to allowedCIDRs, or have every client dial the endpoint's own names.`,
  ];
}

/** For each step of opening, the services whose endpoint does. Source: SageMaker's developer guide. */
function endpointsFor(action: NotebookAction): readonly (readonly string[])[] {
  const api = ['api', 'api-fips'];
  switch (action) {
    case 'NotebookInstances':
      return [api, ['notebook']];
    case 'Studio':
      return [api, ['studio']];
    case 'MLflowTrackingServers':
      return [api, ['experiments']];
    case 'MLflowApps':
      return [api, ['mlflow']];
    case 'PartnerApps':
      return [api, ['partner-app']];
    case 'MLflowAPI':
      return [['experiments', 'mlflow']];
    case 'StudioRemoteAccess':
      return [api];
    default:
      return action satisfies never;
  }
}

/** A long name ends like the short one: `aws.sagemaker.<region>.studio`, `...sagemaker.api`. */
function isService({ service, serviceName = '' }: EndpointSpec, name: string): boolean {
  return service === name || serviceName.endsWith(`.${name}`);
}
