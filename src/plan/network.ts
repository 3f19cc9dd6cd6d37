/**
 * Which VPC, and which subnet of each zone. Pure: from the spec and what was observed to a choice
 * or to problems that say what to change.
 */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { EndpointService, Subnet, Vpc } from './facts.ts';
import type { Problem } from './findings.ts';
import { found, type Result, stalled } from './result.ts';

/** A subnet that the spec selects but that cannot carry an endpoint of some service. */
export interface SkippedSubnet {
  readonly id: string;
  readonly zone: string;
  readonly reason: string;
}

/** The VPC that the selector means. */
export function chooseVpc(spec: SageMakerPrivateLinkSpec, vpcs: readonly Vpc[]): Result<Vpc> {
  const [vpc, ...others] = vpcs;
  const words = vpcSelectorWords(spec);
  if (vpc === undefined) {
    return stalled(
      'NetworkResolved',
      'VPCNotFound',
      `${words} was not found in region ${spec.region}. ${missingVpcAdvice(spec)}`,
    );
  }
  if (others.length > 0) {
    const ids = vpcs.map(({ id }) => id).sort();
    return stalled(
      'NetworkResolved',
      'AmbiguousVPC',
      `${words} matches ${ids.length} VPCs: ${ids.join(', ')}. Take the tags off the others, or delete this link and create one that names spec.vpc.id.`,
    );
  }
  return found(vpc);
}

/** Where a link is can't be changed (the schema's rule), so to say "correct it" would be no help. */
function missingVpcAdvice({ vpc }: SageMakerPrivateLinkSpec): string {
  const another = 'delete this link and create one with another spec.vpc or spec.region.';
  if (vpc.id === undefined) return `Put the tags on a VPC, or ${another}`;
  return `To correct it, ${another}`;
}

function vpcSelectorWords(spec: SageMakerPrivateLinkSpec): string {
  if (spec.vpc.id !== undefined) return `VPC ${spec.vpc.id}`;
  return `A VPC with tags ${tagWords(spec.vpc.tags ?? {})}`;
}

function tagWords(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

/** What the choice of subnets depends on. */
export interface SubnetChoice {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly vpc: Vpc;
  /** All subnets of the VPC. */
  readonly subnets: readonly Subnet[];
  /** The caller's account: subnets shared by another account cannot carry endpoints. */
  readonly account: string;
  /** Subnets that endpoints of this link are in already: a choice once made is kept. */
  readonly inUse: ReadonlySet<string>;
}

/** One subnet per zone, sorted by zone. */
export function chooseSubnets(choice: SubnetChoice): Result<readonly Subnet[]> {
  const { spec, vpc, account } = choice;
  const selected = selectSubnets(choice);
  if (!selected.found) return selected;
  const shared = selected.value.find(({ ownerId }) => ownerId !== account);
  if (shared !== undefined) {
    return stalled(
      'NetworkResolved',
      'SharedSubnet',
      `Subnet ${shared.id} belongs to account ${shared.ownerId} and is shared with ${account}: AWS allows no endpoints in shared subnets. Create the link in account ${shared.ownerId}.`,
    );
  }
  const unsuitable = selected.value.find((subnet) => !suits(subnet, spec.ipAddressType));
  if (unsuitable !== undefined) {
    return stalled(
      'NetworkResolved',
      'UnsupportedIPAddressType',
      `Subnet ${unsuitable.id} in ${vpc.id} cannot carry ipAddressType ${spec.ipAddressType}: ${addressNeeds[spec.ipAddressType]}`,
    );
  }
  return found(onePerZone(selected.value, choice.inUse));
}

const addressNeeds: Readonly<Record<string, string>> = {
  ipv4: 'every subnet needs an IPv4 block.',
  ipv6: 'every subnet has to be IPv6-only.',
  dualstack: 'every subnet needs an IPv4 and an IPv6 block.',
};

/** AWS's rule for each address type (VPC guide, "IP address types" of interface endpoints). */
function suits(subnet: Subnet, ipAddressType: string): boolean {
  const ipv4 = subnet.cidr !== undefined;
  const ipv6 = subnet.ipv6Cidrs.length > 0;
  if (ipAddressType === 'ipv6') return ipv6 && !ipv4;
  return ipAddressType === 'dualstack' ? ipv4 && ipv6 : ipv4;
}

function selectSubnets({ spec, vpc, subnets }: SubnetChoice): Result<readonly Subnet[]> {
  const { ids, tags } = spec.subnets;
  if (ids === undefined) return subnetsByTags(tags ?? {}, vpc, subnets);
  const known = new Map(subnets.map((subnet) => [subnet.id, subnet]));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    return stalled(
      'NetworkResolved',
      'SubnetNotFound',
      `${missing.join(', ')} not found in ${vpc.id}: it does not exist in region ${spec.region}, or it belongs to another VPC. Correct spec.subnets.ids.`,
    );
  }
  const selected = ids.flatMap((id) => known.get(id) ?? []);
  return twoInOneZone(selected) ?? found(selected);
}

function twoInOneZone(selected: readonly Subnet[]): Result<readonly Subnet[]> | undefined {
  for (const subnet of selected) {
    const twin = selected.find(({ id, zone }) => zone === subnet.zone && id !== subnet.id);
    if (twin !== undefined) {
      return stalled(
        'NetworkResolved',
        'DuplicateZone',
        `Subnets ${subnet.id} and ${twin.id} are both in zone ${subnet.zone}: an endpoint takes one subnet per zone. Remove one from spec.subnets.ids.`,
      );
    }
  }
  return undefined;
}

function subnetsByTags(
  tags: Readonly<Record<string, string>>,
  vpc: Vpc,
  subnets: readonly Subnet[],
): Result<readonly Subnet[]> {
  const matching = subnets.filter((subnet) =>
    Object.entries(tags).every(([key, value]) => subnet.tags[key] === value),
  );
  if (matching.length > 0) return found(matching);
  return stalled(
    'NetworkResolved',
    'NoSubnet',
    `No subnet of ${vpc.id} has tags ${tagWords(tags)}. Tag subnets or correct spec.subnets.tags.`,
  );
}

/** In each zone: the subnet in use, else the most free addresses, else the lowest id. */
function onePerZone(subnets: readonly Subnet[], inUse: ReadonlySet<string>): readonly Subnet[] {
  const best = new Map<string, Subnet>();
  for (const subnet of subnets) {
    const rival = best.get(subnet.zone);
    if (rival === undefined || isBetter(subnet, rival, inUse)) best.set(subnet.zone, subnet);
  }
  return [...best.values()].sort((a, b) => (a.zone < b.zone ? -1 : 1));
}

function isBetter(a: Subnet, b: Subnet, inUse: ReadonlySet<string>): boolean {
  if (inUse.has(a.id) !== inUse.has(b.id)) return inUse.has(a.id);
  if (a.availableAddresses !== b.availableAddresses) {
    return a.availableAddresses > b.availableAddresses;
  }
  return a.id < b.id;
}

/** The chosen subnets that a service can be reached in, and the ones left out. */
export interface ServiceSubnets {
  readonly subnets: readonly Subnet[];
  readonly skipped: readonly SkippedSubnet[];
}

/** Holds the chosen subnets against the zones of one service. */
export function subnetsForService(
  spec: SageMakerPrivateLinkSpec,
  service: EndpointService,
  chosen: readonly Subnet[],
): Result<ServiceSubnets> {
  // No zones in AWS's answer means that it did not say, not that there are none.
  const served = (subnet: Subnet): boolean =>
    service.zones.length === 0 || service.zones.includes(subnet.zone);
  const subnets = chosen.filter(served);
  const skipped = chosen
    .filter((subnet) => !served(subnet))
    .map(({ id, zone }) => ({ id, zone, reason: `${service.name} is not offered in ${zone}` }));
  if (skipped.length === 0) return found({ subnets, skipped });
  const where = skipped.map(({ id, zone }) => `${zone} (${id})`).join(', ');
  if (spec.subnets.unsupportedZones === 'Fail') {
    return unsupportedZone(
      `${service.name} is not offered in ${where}. Choose subnets in ${service.zones.join(', ')}, or set spec.subnets.unsupportedZones: Skip.`,
    );
  }
  if (subnets.length === 0) {
    return unsupportedZone(
      `${service.name} is offered in none of the chosen zones: ${where}. Choose subnets in ${service.zones.join(', ')}.`,
    );
  }
  return found({ subnets, skipped });
}

function unsupportedZone(message: string): { found: false; problems: readonly Problem[] } {
  return stalled('NetworkResolved', 'UnsupportedZone', message);
}
