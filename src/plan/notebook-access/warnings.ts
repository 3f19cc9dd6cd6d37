import type { EndpointSpec, NotebookAccessSpec } from '../../api/sagemaker-private-link.ts';
import { opensNotebooks } from './actions.ts';
import { hasPrivateAddresses, mergedCidrs } from './cidr-set.ts';

/**
 * What is allowed by the schema and probably not meant: for the plan, the CLI and events. Each text
 * says what happens and what to do. The blocks must be valid.
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
  const named = endpoints.map(({ service, serviceName }) => service ?? serviceName ?? '');
  if (!access.allowEndpoints) {
    const dialled = endpoints.filter(({ privateDNS }) => privateDNS);
    if (dialled.length === 0) return [];
    return [
      'spec.notebookAccess.allowEndpoints is false and the endpoints have private DNS: everybody inside the VPC comes through them, without a public address, and is denied, whatever allowedCIDRs says. Set allowEndpoints: true, or privateDNS: false on the api and notebook endpoints.',
    ];
  }
  const hasApi = named.some((name) => /^api(-fips)?$|sagemaker\.api/.test(name));
  const hasPages = named.some((name) => !/^api(-fips)?$|sagemaker\.api/.test(name));
  if (named.length === 0) {
    return [
      'spec.notebookAccess.allowEndpoints has no effect: spec.endpoints has no endpoint through which notebooks are opened. Add api and notebook, or set it to false.',
    ];
  }
  if (hasApi && hasPages) return [];
  const [there, missing] = hasApi ? ['api', 'notebook'] : ['notebook', 'api'];
  return [
    `spec.endpoints has the ${there} endpoint but not the ${missing} endpoint: a URL is made through api and opened through notebook, and without ${missing} that half goes over the internet, where only allowedCIDRs lets it in. Add ${missing}.`,
  ];
}
