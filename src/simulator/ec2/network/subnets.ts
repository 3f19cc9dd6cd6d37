import { contains, overlaps, parseNetwork } from '../../networks.ts';
import { AwsError } from '../../protocol/error.ts';
import { existing, idKinds } from '../errors.ts';
import { addressesInUse } from './interfaces.ts';
import type { Subnet, Tags } from '../records.ts';
import type { RegionState, Zone } from '../region.ts';
import { malformedCidr } from './vpcs.ts';

export interface NewSubnet {
  readonly vpcId: string;
  readonly tags: Tags;
  /** Zone name. Default: the first zone. */
  readonly zone?: string | undefined;
  /** Absent for an IPv6-only subnet. */
  readonly cidr?: string | undefined;
  readonly ipv6Cidr?: string | undefined;
  readonly defaultForZone?: boolean;
  readonly outpostArn?: string | undefined;
  /** Another account that shares its subnet with this one. */
  readonly ownerId?: string | undefined;
}

export function addSubnet(region: RegionState, wanted: NewSubnet): Subnet {
  const vpc = existing(idKinds.vpc, wanted.vpcId, region.vpcs.get(wanted.vpcId));
  const siblings = region.subnets.list().filter((subnet) => subnet.vpcId === vpc.id);
  const takenIpv4 = siblings.flatMap((subnet) => subnet.cidr ?? []);
  const takenIpv6 = siblings.flatMap((subnet) => subnet.ipv6Cidrs.map(({ cidr }) => cidr));
  const vpcIpv4 = vpc.cidrs.map(({ cidr }) => cidr);
  const vpcIpv6 = vpc.ipv6Cidrs.map(({ cidr }) => cidr);
  const cidr = wanted.cidr && checkedSubnetCidr(wanted.cidr, 4, vpcIpv4, takenIpv4);
  const ipv6 = wanted.ipv6Cidr && checkedSubnetCidr(wanted.ipv6Cidr, 6, vpcIpv6, takenIpv6);
  const subnet: Subnet = {
    id: region.ids.resource('subnet'),
    vpcId: vpc.id,
    ownerId: wanted.ownerId ?? region.accountId,
    zone: zoneNamed(region, wanted.zone).name,
    cidr: cidr || undefined,
    ipv6Cidrs: ipv6
      ? [{ associationId: region.ids.resource('subnet-cidr-assoc'), cidr: ipv6 }]
      : [],
    defaultForZone: wanted.defaultForZone ?? false,
    outpostArn: wanted.outpostArn,
    tags: wanted.tags,
  };
  region.subnets.put(subnet.id, subnet);
  return subnet;
}

/** IPv4 subnets are /16 to /28, IPv6 ones /64; inside a block of the VPC and free. */
function checkedSubnetCidr(
  text: string,
  version: 4 | 6,
  blocks: readonly string[],
  taken: readonly string[],
): string {
  const network = parseNetwork(text);
  if (network === undefined || network.version !== version) throw malformedCidr(text);
  const { cidr, prefixLength } = network;
  const sizeIsValid =
    version === 4 ? prefixLength >= 16 && prefixLength <= 28 : prefixLength === 64;
  if (!sizeIsValid || !blocks.some((block) => contains(block, cidr))) {
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`);
  }
  if (taken.some((other) => overlaps(other, cidr))) {
    throw new AwsError(
      'InvalidSubnet.Conflict',
      `The CIDR '${text}' conflicts with another subnet`,
    );
  }
  return cidr;
}

/** The zone of that name or id. */
export function zoneNamed(region: RegionState, name: string | undefined): Zone {
  const zone =
    name === undefined
      ? region.zones[0]
      : region.zones.find((candidate) => candidate.name === name || candidate.id === name);
  if (zone !== undefined && isEnabled(zone)) return zone;
  throw new AwsError(
    'InvalidParameterValue',
    `Value (${name}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${region.zones
      .filter(isEnabled)
      .map((z) => z.name)
      .join(', ')}.`,
  );
}

/** The account has to opt in to a Local Zone before it can use it. */
export function isEnabled({ local }: Zone): boolean {
  return local === undefined || local.isOptedIn;
}

/** AWS keeps the first four addresses and the last one of each subnet. */
export const reservedAtStart = 4n;
const reservedInSubnet = 5;

/** Free IPv4 addresses; 0 for an IPv6-only subnet. */
export function availableAddresses(region: RegionState, subnet: Subnet): number {
  const network = subnet.cidr === undefined ? undefined : parseNetwork(subnet.cidr);
  if (network === undefined) return 0;
  const used = addressesInUse(region, subnet.id).filter((address) => !address.includes(':'));
  return Number(network.end - network.start) + 1 - reservedInSubnet - used.length;
}
