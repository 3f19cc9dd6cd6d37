import type { CatalogueService } from '../../catalogue.ts';
import { itemsOf, RenderedXml, timeOf, type XmlElement } from '../../protocol/xml.ts';
import { dnsEntriesOf, serviceOf } from './endpoint-dns.ts';
import { defaultEndpointPolicy } from './endpoint-policy.ts';
import { endpointState, holdsResources } from './endpoint-state.ts';
import type { SecurityGroup, Subnet, VpcEndpoint } from '../records.ts';
import type { RegionState } from '../region.ts';
import { tagSetOf } from '../tag-specifications.ts';

/** Everything besides the endpoint's own row that is in its description. */
interface Surroundings {
  readonly state: string | undefined;
  readonly service: CatalogueService | undefined;
  readonly groups: readonly (SecurityGroup | undefined)[];
  readonly subnets: readonly (Subnet | undefined)[];
}

/** Sweeps of thousands of endpoints find nearly all of them as they were. Rows never change in place. */
const descriptions = new WeakMap<VpcEndpoint, Surroundings & { readonly xml: RenderedXml }>();

/** An endpoint as it is described at a time. */
export function endpointXml(
  region: RegionState,
  endpoint: VpcEndpoint,
  nowMs: number,
): RenderedXml {
  const state = endpointState(endpoint, nowMs);
  const known = descriptions.get(endpoint);
  if (known !== undefined && isCurrent(known, region, endpoint, state)) return known.xml;
  const xml = new RenderedXml(describe(region, endpoint, nowMs));
  descriptions.set(endpoint, { ...surroundingsOf(region, endpoint, state), xml });
  return xml;
}

function surroundingsOf(
  region: RegionState,
  endpoint: VpcEndpoint,
  state: string | undefined,
): Surroundings {
  return {
    state,
    service: serviceOf(region, endpoint),
    groups: endpoint.groupIds.map((id) => region.groups.get(id)),
    subnets: endpoint.interfaces.map(({ subnetId }) => region.subnets.get(subnetId)),
  };
}

function isCurrent(
  known: Surroundings,
  region: RegionState,
  endpoint: VpcEndpoint,
  state: string | undefined,
): boolean {
  return (
    known.state === state &&
    known.service === serviceOf(region, endpoint) &&
    endpoint.groupIds.every((id, index) => known.groups[index] === region.groups.get(id)) &&
    endpoint.interfaces.every(
      ({ subnetId }, index) => known.subnets[index] === region.subnets.get(subnetId),
    )
  );
}

function describe(region: RegionState, endpoint: VpcEndpoint, nowMs: number): XmlElement {
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
