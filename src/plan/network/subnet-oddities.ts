/** Subnets that exist, that a spec selects, and that cannot carry an interface endpoint. Pure. */
import type { Reason } from '../../api/conditions.ts';
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Subnet } from '../facts.ts';
import type { Problem } from '../findings.ts';
import { stalled } from '../findings.ts';

type OddityKind = 'Shared' | 'AddressType' | 'Outpost' | 'EdgeZone';

/** A subnet and why it cannot be used. */
export interface Oddity {
  readonly subnet: Subnet;
  readonly kind: OddityKind;
}

/** Everything that the judgement depends on. */
export interface OddityContext {
  readonly spec: SageMakerPrivateLinkSpec;
  /** The caller's account. */
  readonly account: string;
  /** Subnets that endpoints of this link are in. */
  readonly inUse: ReadonlySet<string>;
}

/**
 * Why a subnet cannot be used, if so. On an Outpost and in a Local or Wavelength Zone (a zone whose
 * name goes on after the region's with a dash, as in `us-west-2-lax-1a`; AWS's names of zones)
 * endpoint services are not offered as a rule: tags that match such a subnet do not mean it. One
 * that is listed by its id is left to AWS to judge, and so is one in which an endpoint is already.
 */
export function oddityOf(
  subnet: Subnet,
  { spec, account, inUse }: OddityContext,
): Oddity | undefined {
  const isListed = spec.subnets.ids !== undefined;
  if (subnet.ownerId !== account) return { subnet, kind: 'Shared' };
  if (!suits(subnet, spec.ipAddressType)) return { subnet, kind: 'AddressType' };
  if (isListed || inUse.has(subnet.id)) return undefined;
  if (subnet.outpostArn !== undefined) return { subnet, kind: 'Outpost' };
  return subnet.zone.startsWith(`${spec.region}-`) ? { subnet, kind: 'EdgeZone' } : undefined;
}

/** True if the subnet is none of the odd ones. */
export function isUsable({ id }: Subnet, odd: readonly Oddity[]): boolean {
  return !odd.some(({ subnet }) => subnet.id === id);
}

/** AWS's rule for each address type (VPC guide, "IP address types" of interface endpoints). */
export function suits(subnet: Subnet, ipAddressType: string): boolean {
  const ipv4 = subnet.cidr !== undefined;
  const ipv6 = subnet.ipv6Cidrs.length > 0;
  if (ipAddressType === 'ipv6') return ipv6 && !ipv4;
  return ipAddressType === 'dualstack' ? ipv4 && ipv6 : ipv4;
}

const addressNeeds: Readonly<Record<string, string>> = {
  ipv4: 'every subnet needs an IPv4 block.',
  ipv6: 'every subnet has to be IPv6-only.',
  dualstack: 'every subnet needs an IPv4 and an IPv6 block.',
};

const reasons: Readonly<Record<OddityKind, Reason>> = {
  Shared: 'SharedSubnet',
  AddressType: 'UnsupportedIPAddressType',
  Outpost: 'NoSubnet',
  EdgeZone: 'UnsupportedZone',
};

/** Why a subnet is skipped, for the status. */
export function oddityWords(
  { subnet, kind }: Oddity,
  { ipAddressType }: SageMakerPrivateLinkSpec,
  account: string,
): string {
  switch (kind) {
    case 'Shared':
      return `it belongs to account ${subnet.ownerId} and is shared with ${account}`;
    case 'AddressType':
      return `it cannot carry ipAddressType ${ipAddressType}`;
    case 'Outpost':
      return `it is on the Outpost ${subnet.outpostArn ?? ''}`;
    case 'EdgeZone':
      return `${subnet.zone} is a Local or Wavelength Zone`;
  }
}

/** One problem for each kind, with the subnets that it is about. */
export function oddityProblems(
  odd: readonly Oddity[],
  spec: SageMakerPrivateLinkSpec,
  account: string,
): readonly Problem[] {
  return [...new Set(odd.map(({ kind }) => kind))].flatMap((kind) => {
    const subnets = odd.flatMap((one) => (one.kind === kind ? [one.subnet] : []));
    const message = messageOf(kind, subnets, spec, account);
    return [stalled('NetworkResolved', reasons[kind], message)];
  });
}

function messageOf(
  kind: OddityKind,
  subnets: readonly Subnet[],
  { ipAddressType }: SageMakerPrivateLinkSpec,
  account: string,
): string {
  const [first, ...others] = subnets;
  const ids = subnets.map(({ id }) => id).join(', ');
  const which = `Subnet${others.length === 0 ? '' : 's'} ${ids}`;
  const verb = others.length === 0 ? ['belongs', 'is'] : ['belong', 'are'];
  switch (kind) {
    case 'Shared':
      return `${which} ${verb[0]} to account ${first?.ownerId ?? ''} and ${verb[1]} shared with ${account}: AWS allows no endpoints in shared subnets. Create the link in account ${first?.ownerId ?? ''}.`;
    case 'AddressType':
      return `${which} in ${first?.vpcId ?? ''} cannot carry ipAddressType ${ipAddressType}: ${addressNeeds[ipAddressType] ?? ''}`;
    case 'Outpost':
      return `${which} ${verb[1]} on an Outpost, where endpoints are not made for tags alone. Tag subnets of the region, or list these in spec.subnets.ids.`;
    case 'EdgeZone':
      return `${which} ${verb[1]} in a Local or Wavelength Zone, where endpoints are not made for tags alone. Tag subnets in zones of the region, or list these in spec.subnets.ids.`;
  }
}
