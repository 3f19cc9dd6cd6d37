import type { CatalogueService } from '../../catalogue.ts';
import { AwsError } from '../../protocol/error.ts';
import { type Form, structureOf, textOf } from '../../protocol/form.ts';
import { invalidParameter } from './endpoint-errors.ts';
import { holdsResources } from './endpoint-state.ts';
import { existing, idKinds } from '../errors.ts';
import { isAssociated } from '../security-group/group-vpc-actions.ts';
import type { Subnet } from '../records.ts';
import type { RegionState } from '../region.ts';

/** AWS's default quotas: interface endpoints of a VPC (L-29B6F2EB), groups of an interface. */
const maxEndpointsPerVpc = 50;
const maxGroupsPerInterface = 5;

/** The subnets, each of the VPC, in a zone of the service, and no two in one zone. */
export function checkedSubnets(
  region: RegionState,
  vpcId: string,
  service: CatalogueService,
  subnetIds: readonly string[],
): Subnet[] {
  const subnets = [...new Set(subnetIds)].map((id) =>
    existing(idKinds.endpointSubnet, id, region.subnets.get(id)),
  );
  const zones = zonesOfService(region, service.name);
  const byZone = new Map<string, Subnet>();
  for (const subnet of subnets) {
    if (subnet.vpcId !== vpcId) {
      throw invalidParameter(`The subnet ${subnet.id} is not in the VPC ${vpcId}.`);
    }
    if (subnet.ownerId !== region.accountId) {
      throw new AwsError(
        'OperationNotPermitted',
        `You can't create or modify VPC endpoints in the subnet ${subnet.id} that is shared with you.`,
      );
    }
    const twin = byZone.get(subnet.zone);
    if (twin !== undefined) throw duplicateZone(twin);
    byZone.set(subnet.zone, subnet);
    // No source says how AWS refuses a subnet on an Outpost; no endpoint service is there.
    if (!zones.includes(subnet.zone) || subnet.outpostArn !== undefined) {
      throw invalidParameter(
        `The VPC endpoint service ${service.name} does not support the availability zone of the subnet: ${subnet.id}.`,
      );
    }
  }
  return subnets;
}

export function duplicateZone(existingSubnet: Subnet): AwsError {
  return new AwsError(
    'DuplicateSubnetsInSameZone',
    `Found another VPC endpoint subnet in the availability zone of ${existingSubnet.id}`,
  );
}

/** Zone names where the service can be reached: all but Local Zones unless set otherwise. */
export function zonesOfService(region: RegionState, serviceName: string): readonly string[] {
  const ofRegion = region.zones.filter(({ local }) => local === undefined);
  return region.serviceZones.get(serviceName) ?? ofRegion.map(({ name }) => name);
}

/** Groups of the VPC, at least one and at most five. */
export function checkGroups(region: RegionState, vpcId: string, groupIds: readonly string[]): void {
  for (const id of groupIds) {
    const group = existing(idKinds.group, id, region.groups.get(id));
    if (group.vpcId !== vpcId && !isAssociated(region, group.id, vpcId)) {
      throw invalidParameter(`The security group ${id} does not belong to the VPC ${vpcId}.`);
    }
  }
  if (groupIds.length === 0) {
    throw invalidParameter('A VPC endpoint needs at least one security group.');
  }
  if (groupIds.length > maxGroupsPerInterface) {
    throw new AwsError(
      'SecurityGroupsPerInterfaceLimitExceeded',
      `You have exceeded the maximum number of security groups allowed per network interface.`,
    );
  }
}

/** The group that AWS takes when a request names none. */
export function defaultGroupId(region: RegionState, vpcId: string): string {
  const group = region.groups.listBy(vpcId).find(({ name }) => name === 'default');
  if (group === undefined) throw new Error(`The simulated VPC ${vpcId} has no default group.`);
  return group.id;
}

const neededVersions: ReadonlyMap<string, readonly string[]> = new Map([
  ['ipv4', ['ipv4']],
  ['ipv6', ['ipv6']],
  ['dualstack', ['ipv4', 'ipv6']],
]);

/** `ipv4` needs IPv4 in all subnets, `ipv6` needs IPv6-only subnets, `dualstack` needs both. */
export function checkIpAddressType(
  service: CatalogueService,
  ipAddressType: string,
  subnets: readonly Subnet[],
): void {
  const needed = neededVersions.get(ipAddressType);
  if (needed === undefined) {
    throw invalidParameter(`The IP address type ${ipAddressType} is invalid.`);
  }
  if (!needed.every((type) => service.ipAddressTypes.includes(type))) {
    throw invalidParameter(
      `The VPC endpoint service ${service.name} does not support the IP address type ${ipAddressType}.`,
    );
  }
  const wrong = subnets.find((subnet) => !suits(subnet, ipAddressType));
  if (wrong === undefined) return;
  throw invalidParameter(
    `The subnet ${wrong.id} does not support the IP address type ${ipAddressType}.`,
  );
}

function suits(subnet: Subnet, ipAddressType: string): boolean {
  const hasIpv4 = subnet.cidr !== undefined;
  const hasIpv6 = subnet.ipv6Cidrs.length > 0;
  if (ipAddressType === 'ipv4') return hasIpv4;
  return ipAddressType === 'ipv6' ? hasIpv6 && !hasIpv4 : hasIpv4 && hasIpv6;
}

/** The record type of the endpoint's DNS names: what was asked for, or as before, or AWS's default. */
export function checkedDnsRecordIpType(form: Form, ipAddressType: string, former?: string): string {
  const options = structureOf(form, 'DnsOptions');
  const wanted = options && textOf(options, 'DnsRecordIpType');
  const possible =
    ipAddressType === 'dualstack'
      ? ['dualstack', 'ipv4', 'ipv6', 'service-defined']
      : [ipAddressType];
  const chosen = wanted ?? former ?? ipAddressType;
  if (possible.includes(chosen)) return chosen;
  throw invalidParameter(
    `The DNS record IP type ${chosen} is invalid for the IP address type ${ipAddressType}.`,
  );
}

export function checkEndpointQuota(region: RegionState, vpcId: string): void {
  const nowMs = region.ledger.now();
  const count = region.endpoints
    .listBy(vpcId)
    .filter((e) => e.type === 'Interface' && holdsResources(e, nowMs)).length;
  if (count < maxEndpointsPerVpc) return;
  throw new AwsError(
    'VpcEndpointLimitExceeded',
    `The maximum number of interface VPC endpoints (${maxEndpointsPerVpc}) of ${vpcId} has been reached.`,
  );
}
