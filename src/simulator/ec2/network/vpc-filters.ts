import type { FilterFields } from '../filters.ts';
import type { Vpc } from '../records.ts';

const primaryCidr = (vpc: Vpc): string[] => vpc.cidrs.slice(0, 1).map(({ cidr }) => cidr);
const isDefault = (vpc: Vpc): string[] => [String(vpc.isDefault)];
const dhcpOptionsId = (vpc: Vpc): string[] => [vpc.dhcpOptionsId];

/** Filters of DescribeVpcs; those in camel case are older spellings that AWS takes too. */
export const vpcFilters: FilterFields<Vpc> = {
  'vpc-id': (vpc) => [vpc.id],
  cidr: primaryCidr,
  'cidr-block': primaryCidr,
  cidrBlock: primaryCidr,
  'cidr-block-association.cidr-block': (vpc) => vpc.cidrs.map(({ cidr }) => cidr),
  'cidr-block-association.association-id': (vpc) => vpc.cidrs.map((a) => a.associationId),
  'cidr-block-association.state': (vpc) => vpc.cidrs.map(() => 'associated'),
  'dhcp-options-id': dhcpOptionsId,
  dhcpOptionsId,
  'ipv6-cidr-block-association.ipv6-cidr-block': (vpc) => vpc.ipv6Cidrs.map(({ cidr }) => cidr),
  'ipv6-cidr-block-association.ipv6-pool': (vpc) => vpc.ipv6Cidrs.map(() => 'Amazon'),
  'ipv6-cidr-block-association.association-id': (vpc) => vpc.ipv6Cidrs.map((a) => a.associationId),
  'ipv6-cidr-block-association.state': (vpc) => vpc.ipv6Cidrs.map(() => 'associated'),
  'is-default': isDefault,
  isDefault,
  'owner-id': (vpc) => [vpc.ownerId],
  state: () => ['available'],
};
