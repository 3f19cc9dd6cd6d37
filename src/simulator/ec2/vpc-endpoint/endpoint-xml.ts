import { itemsOf, timeOf, type XmlElement } from '../../protocol/xml.ts';
import { dnsEntriesOf, serviceOf } from './endpoint-dns.ts';
import { defaultEndpointPolicy } from './endpoint-policy.ts';
import { endpointState, holdsResources } from './endpoint-state.ts';
import type { VpcEndpoint } from '../records.ts';
import type { RegionState } from '../region.ts';
import { tagSetOf } from '../tag-specifications.ts';

/** An endpoint as it is described at a time. */
export function endpointXml(region: RegionState, endpoint: VpcEndpoint, nowMs: number): XmlElement {
  const state = endpointState(endpoint, nowMs);
  const interfaces = holdsResources(endpoint, nowMs) ? endpoint.interfaces : [];
  const supportsPolicy = serviceOf(region, endpoint)?.policySupported ?? true;
  const { lastError } = endpoint;
  return {
    vpcEndpointId: endpoint.id,
    vpcEndpointType: endpoint.type,
    vpcId: endpoint.vpcId,
    serviceName: endpoint.serviceName,
    serviceRegion: region.name,
    state,
    policyDocument: supportsPolicy ? (endpoint.policy ?? defaultEndpointPolicy) : undefined,
    routeTableIdSet: itemsOf(endpoint.routeTableIds),
    subnetIdSet: itemsOf(endpoint.interfaces.map(({ subnetId }) => subnetId)),
    groupSet: itemsOf(
      endpoint.groupIds.map((groupId) => ({
        groupId,
        groupName: region.groups.get(groupId)?.name,
      })),
    ),
    ipAddressType: endpoint.ipAddressType,
    dnsOptions: { dnsRecordIpType: endpoint.dnsRecordIpType },
    privateDnsEnabled: endpoint.privateDnsEnabled,
    requesterManaged: endpoint.requesterManaged,
    networkInterfaceIdSet: itemsOf(interfaces.map(({ id }) => id)),
    dnsEntrySet: itemsOf(dnsEntriesOf(region, endpoint, state).map((entry) => ({ ...entry }))),
    creationTimestamp: timeOf(endpoint.createdAtMs),
    ownerId: region.accountId,
    lastError: lastError && { ...lastError },
    tagSet: tagSetOf(endpoint.tags),
  };
}
