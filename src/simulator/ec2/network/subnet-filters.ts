import { arnOf } from '../context.ts';
import type { FilterFields } from '../filters.ts';
import type { Subnet } from '../records.ts';
import type { RegionState } from '../region.ts';
import { availableAddresses, zoneNamed } from './subnets.ts';

/** IPv6-only subnets name instances after the resource, others after the address. */
export function hostnameTypeOf({ cidr }: Subnet): string {
  return cidr === undefined ? 'resource-name' : 'ip-name';
}

/** Filters of DescribeSubnets; those in camel case are older spellings that AWS takes too. */
export function subnetFilters(region: RegionState): FilterFields<Subnet> {
  const zone = (subnet: Subnet): string[] => [subnet.zone];
  const zoneId = (subnet: Subnet): string[] => [zoneNamed(region, subnet.zone).id];
  const cidr = (subnet: Subnet): string[] => [subnet.cidr ?? []].flat();
  const isDefault = (subnet: Subnet): string[] => [String(subnet.defaultForZone)];
  const never = (): string[] => ['false'];
  const none = (): string[] => [];
  return {
    'subnet-id': (subnet) => [subnet.id],
    'subnet-arn': (subnet) => [arnOf(region, `subnet/${subnet.id}`)],
    'vpc-id': (subnet) => [subnet.vpcId],
    'availability-zone': zone,
    availabilityZone: zone,
    'availability-zone-id': zoneId,
    availabilityZoneId: zoneId,
    'available-ip-address-count': (subnet) => [String(availableAddresses(region, subnet))],
    'cidr-block': cidr,
    cidr,
    cidrBlock: cidr,
    'customer-owned-ipv4-pool': none,
    'default-for-az': isDefault,
    defaultForAz: isDefault,
    'enable-dns64': never,
    'enable-lni-at-device-index': none,
    'ipv6-cidr-block-association.ipv6-cidr-block': (subnet) =>
      subnet.ipv6Cidrs.map((association) => association.cidr),
    'ipv6-cidr-block-association.association-id': (subnet) =>
      subnet.ipv6Cidrs.map(({ associationId }) => associationId),
    'ipv6-cidr-block-association.state': (subnet) => subnet.ipv6Cidrs.map(() => 'associated'),
    'ipv6-native': (subnet) => [String(subnet.cidr === undefined)],
    'map-customer-owned-ip-on-launch': never,
    'map-public-ip-on-launch': isDefault,
    'outpost-arn': (subnet) => [subnet.outpostArn ?? []].flat(),
    'owner-id': (subnet) => [subnet.ownerId],
    'private-dns-name-options-on-launch.hostname-type': (subnet) => [hostnameTypeOf(subnet)],
    'private-dns-name-options-on-launch.enable-resource-name-dns-a-record': never,
    'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record': never,
    state: () => ['available'],
  };
}
