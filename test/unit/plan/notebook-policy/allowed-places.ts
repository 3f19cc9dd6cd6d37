/**
 * The user's words about `spec.notebookAccess`, read without regard to policies and operators. Not
 * to be shared with `src`: it is the other side of the comparison. Addresses are compared by Node's
 * own `BlockList`.
 */
import { BlockList, isIPv6 } from 'node:net';
import type { NotebookAccessSpec } from '../../../../src/api/sagemaker-private-link.ts';
import type { AccessRequest } from '../../../../src/plan/notebook-policy/document/evaluate.ts';

/** Where the link is and which endpoints it has. */
export interface LinkPlace {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly endpointIds: readonly string[];
}

/** What each selectable action is called in a request, by the CRD's description of the field. */
export const actionNames = {
  NotebookInstances: 'sagemaker:CreatePresignedNotebookInstanceUrl',
  Studio: 'sagemaker:CreatePresignedDomainUrl',
  MLflowTrackingServers: 'sagemaker:CreatePresignedMlflowTrackingServerUrl',
  MLflowApps: 'sagemaker:CreatePresignedMlflowAppUrl',
  PartnerApps: 'sagemaker:CreatePartnerAppPresignedUrl',
  MLflowAPI: 'sagemaker-mlflow:SearchExperiments',
  StudioRemoteAccess: 'sagemaker:StartSession',
} as const;

/** True if the spec restricts this action on this resource at all. */
export function isRestricted(
  access: NotebookAccessSpec,
  place: LinkPlace,
  { action, resource }: AccessRequest,
): boolean {
  const selected = access.actions.some((one) => actionNames[one] === action);
  const [, partition, , region, account, what = ''] = resource.split(':');
  const here =
    partition === place.partition && region === place.region && account === place.account;
  if (!selected || !here) return false;
  if (action !== actionNames.NotebookInstances || access.notebookInstances === undefined) {
    return true;
  }
  const name = what.replace('notebook-instance/', '');
  // SageMaker's ARNs have the name as it was given or in lower case.
  return access.notebookInstances.some((one) => name === one || name === one.toLowerCase());
}

/** True if the request comes from a place that the spec allows. */
export function isFromAllowedPlace(
  access: NotebookAccessSpec,
  place: LinkPlace,
  request: AccessRequest,
): boolean {
  if (request.viaAWSService === true) return true;
  if (request.sourceVpce !== undefined) {
    const isOwn = access.allowEndpoints && place.endpointIds.includes(request.sourceVpce);
    const isOther = access.additionalEndpointIds?.includes(request.sourceVpce) ?? false;
    if (!isOwn && !isOther) return false;
    const narrowed = access.allowedPrivateCIDRs ?? [];
    return narrowed.length === 0 || isIn(request.vpcSourceIp, narrowed);
  }
  return isIn(request.sourceIp, access.allowedCIDRs ?? []);
}

function isIn(address: string | undefined, cidrs: readonly string[]): boolean {
  if (address === undefined) return false;
  const list = new BlockList();
  // An IPv6 block is about IPv6 addresses only; Node's list would take ::/1 for all of IPv4 as well.
  for (const cidr of cidrs.filter((one) => one.includes(':') === isIPv6(address))) {
    const [network = '', prefix = ''] = cidr.split('/');
    list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
