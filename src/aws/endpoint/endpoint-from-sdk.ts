import type { VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Endpoint, EndpointState } from '../../plan/facts.ts';
import { parsePolicyDocument } from '../notebook-policy/policy-document.ts';
import { tagsFromSdk } from '../client/tags.ts';
import { sharedText, sharedTexts } from '../../runtime/shared-text.ts';
import { stableText } from '../client/error-text.ts';

const states: ReadonlySet<string> = new Set<EndpointState>([
  'pendingacceptance',
  'pending',
  'available',
  'deleting',
  'deleted',
  'rejected',
  'failed',
  'expired',
  'partial',
]);

/** AWS's endpoint as facts; undefined when the answer lacks its id, its VPC or its service. */
export function endpointFromSdk(endpoint: VpcEndpoint): Endpoint | undefined {
  const { VpcEndpointId: id, VpcId: vpcId, ServiceName: serviceName } = endpoint;
  if (!id || !vpcId || !serviceName) return undefined;
  const policy = parsePolicyDocument(endpoint.PolicyDocument);
  const ipAddressType = endpoint.IpAddressType;
  const dnsRecordIpType = endpoint.DnsOptions?.DnsRecordIpType;
  const failure = failureOf(endpoint);
  return {
    id: sharedText(id),
    vpcId: sharedText(vpcId),
    serviceName: sharedText(serviceName),
    state: stateFromSdk(endpoint.State),
    subnetIds: sharedTexts(endpoint.SubnetIds),
    securityGroupIds: sharedTexts(endpoint.Groups?.map(({ GroupId }) => GroupId)),
    networkInterfaceIds: sharedTexts(endpoint.NetworkInterfaceIds),
    ...(policy === undefined ? {} : { policy }),
    privateDnsEnabled: endpoint.PrivateDnsEnabled ?? false,
    ...(ipAddressType === undefined ? {} : { ipAddressType }),
    ...(dnsRecordIpType === undefined ? {} : { dnsRecordIpType }),
    dnsNames: sharedTexts(endpoint.DnsEntries?.map(({ DnsName }) => DnsName)),
    requesterManaged: endpoint.RequesterManaged ?? false,
    tags: tagsFromSdk(endpoint.Tags),
    ...(endpoint.CreationTimestamp === undefined
      ? {}
      : { createdAt: endpoint.CreationTimestamp.toISOString() }),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** The wire has `pendingAcceptance` where the SDK's type says `PendingAcceptance`. */
function stateFromSdk(state: string | undefined): EndpointState {
  const lower = (state ?? '').toLowerCase();
  return states.has(lower) ? (lower as EndpointState) : 'unknown';
}

function failureOf(endpoint: VpcEndpoint): Endpoint['failure'] {
  const { LastError: last, FailureReason: reason } = endpoint;
  if (last?.Code !== undefined || last?.Message !== undefined) {
    return { code: last.Code ?? 'Unknown', message: stableText(last.Message ?? reason ?? '') };
  }
  return reason === undefined || reason === ''
    ? undefined
    : { code: 'Failed', message: stableText(reason) };
}
