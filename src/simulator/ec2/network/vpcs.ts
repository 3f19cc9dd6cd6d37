import { stableNumber } from '../../ids.ts';
import { addressText, overlaps, parseNetwork } from '../../networks.ts';
import { AwsError } from '../../protocol/error.ts';
import type { CidrAssociation, Tags, Vpc } from '../records.ts';
import type { RegionState } from '../region.ts';
import { addDefaultGroup } from '../security-group/security-groups.ts';

export interface NewVpc {
  readonly cidr: string;
  readonly tags: Tags;
  readonly ipv6?: boolean | undefined;
  readonly isDefault?: boolean;
  readonly instanceTenancy?: string | undefined;
  /** Off in new VPCs, on in the default one. */
  readonly enableDnsHostnames?: boolean;
}

/** Makes a VPC with its default security group. */
export function addVpc(region: RegionState, wanted: NewVpc): Vpc {
  const vpc: Vpc = {
    id: region.ids.resource('vpc'),
    ownerId: region.accountId,
    cidrs: [associationOf(region, checkedVpcCidr(wanted.cidr))],
    ipv6Cidrs: wanted.ipv6 === true ? [amazonIpv6Block(region)] : [],
    isDefault: wanted.isDefault ?? false,
    instanceTenancy: wanted.instanceTenancy ?? 'default',
    dhcpOptionsId: defaultDhcpOptionsId(region),
    enableDnsSupport: true,
    enableDnsHostnames: wanted.enableDnsHostnames ?? false,
    tags: wanted.tags,
  };
  region.vpcs.put(vpc.id, vpc);
  addDefaultGroup(region, vpc.id);
  return vpc;
}

/** A region has one set of DHCP options to begin with. */
function defaultDhcpOptionsId({ accountId, name }: RegionState): string {
  const number = stableNumber(`dhcp/${accountId}/${name}`, 2 ** 48);
  return `dopt-0${number.toString(16).padStart(16, '0')}`;
}

/** VPC blocks are IPv4, /16 to /28; host bits are cleared as AWS does. */
function checkedVpcCidr(cidr: string): string {
  const network = parseNetwork(cidr);
  if (network === undefined || network.version !== 4) throw malformedCidr(cidr);
  if (network.prefixLength < 16 || network.prefixLength > 28) {
    throw new AwsError('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`);
  }
  return network.cidr;
}

export function malformedCidr(cidr: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
  );
}

/** Adds one more IPv4 block; it may overlap no block that the VPC has. */
export function addVpcCidr(region: RegionState, vpc: Vpc, cidr: string): CidrAssociation {
  const checked = checkedVpcCidr(cidr);
  if (vpc.cidrs.some((existing) => overlaps(existing.cidr, checked))) {
    throw new AwsError('CidrConflict', `The CIDR '${checked}' conflicts with another block.`);
  }
  const association = associationOf(region, checked);
  region.vpcs.change(vpc.id, { cidrs: [...vpc.cidrs, association] });
  return association;
}

export function addVpcIpv6Cidr(region: RegionState, vpc: Vpc): CidrAssociation {
  const association = amazonIpv6Block(region);
  region.vpcs.change(vpc.id, { ipv6Cidrs: [...vpc.ipv6Cidrs, association] });
  return association;
}

function associationOf(region: RegionState, cidr: string): CidrAssociation {
  return { associationId: region.ids.resource('vpc-cidr-assoc'), cidr };
}

/** A /56 out of 2600:1f00::/24, Amazon's pool. */
function amazonIpv6Block(region: RegionState): CidrAssociation {
  const associationId = region.ids.resource('vpc-cidr-assoc');
  const network = BigInt(stableNumber(associationId, 2 ** 32));
  const start = (0x26001fn << 104n) | (network << 72n);
  return { associationId, cidr: `${addressText(start, 6)}/56` };
}
