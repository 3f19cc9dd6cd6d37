/**
 * Which VPC a link works in, from what its selector matches and from where its resources are. Pure.
 */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { Endpoint, Holdings, Vpc } from './facts.ts';
import type { Problem } from './findings.ts';
import { isGoing } from './plan-endpoint.ts';
import { found, type Result, stalled } from './result.ts';
import { tagWords } from './tag-words.ts';

/** Where a link works. */
export type Place =
  /** In the VPC of the spec. */
  | { readonly kind: 'Meant'; readonly vpc: Vpc; readonly problems: readonly Problem[] }
  /**
   * The selector does not say where any more, but the link's resources are all in one VPC: they are
   * repaired there, and nothing is made or deleted.
   */
  | {
      readonly kind: 'Kept';
      readonly vpc: Vpc;
      /** False where only the id of the VPC is known. */
      readonly blocksAreKnown: boolean;
      readonly problems: readonly Problem[];
    }
  /** Nowhere: there is no VPC, or it is not the one that the link's resources are in. */
  | { readonly kind: 'Nowhere'; readonly problems: readonly Problem[] };

/**
 * @param matches VPCs that the spec's selector matches; undefined if AWS could not be asked, which
 *   is a finding elsewhere
 */
export function placeOf(
  spec: SageMakerPrivateLinkSpec,
  matches: readonly Vpc[] | undefined,
  owned: Holdings,
): Place {
  const homes = homesOf(owned);
  const meant = matches === undefined ? undefined : chooseVpc(spec, matches);
  if (meant?.found === true) return placeInMeant(meant.value, homes, owned);
  const problems = meant?.problems ?? [];
  const [home, ...others] = homes;
  const isElsewhere = spec.vpc.id !== undefined && spec.vpc.id !== home;
  if (home === undefined || others.length > 0 || isElsewhere) return { kind: 'Nowhere', problems };
  const match = matches?.find(({ id }) => id === home);
  // Several match, and none of them is where the resources are: it is not that one any more.
  if (matches !== undefined && matches.length > 0 && match === undefined) {
    return { kind: 'Nowhere', problems };
  }
  const vpc = match ?? unseenVpc(home);
  return { kind: 'Kept', vpc, blocksAreKnown: match !== undefined, problems };
}

function placeInMeant(vpc: Vpc, homes: readonly string[], owned: Holdings): Place {
  const others = homes.filter((id) => id !== vpc.id);
  if (others.length === 0) return { kind: 'Meant', vpc, problems: [] };
  const problems = [vpcChanged(vpc, others, owned)];
  return homes.includes(vpc.id) ? { kind: 'Meant', vpc, problems } : { kind: 'Nowhere', problems };
}

/** To follow the selector would delete what works in one VPC for what may never work in the other. */
function vpcChanged(vpc: Vpc, others: readonly string[], owned: Holdings): Problem {
  const ids = resourcesOf(owned).flatMap((one) => (others.includes(one.vpcId) ? one.id : []));
  return {
    subject: 'NetworkResolved',
    reason: 'VPCChanged',
    severity: 'stalled',
    message: `spec.vpc means ${vpc.id}, but ${ids.join(', ')} of this link ${ids.length === 1 ? 'is' : 'are'} in ${others.join(', ')}, where nothing is changed or deleted. To move, delete this link and create one for ${vpc.id}; to stay, let spec.vpc match ${others.join(', ')} again.`,
  };
}

/** Ids of the VPCs in which the link has something that is not on its way out, sorted. */
function homesOf(owned: Holdings): readonly string[] {
  return [...new Set(resourcesOf(owned).map(({ vpcId }) => vpcId))].sort();
}

function resourcesOf({
  endpoints,
  securityGroups,
}: Holdings): readonly Pick<Endpoint, 'id' | 'vpcId'>[] {
  return [...endpoints.filter((one) => !isGoing(one)), ...securityGroups];
}

/** A VPC of which only the id is known. */
function unseenVpc(id: string): Vpc {
  return { id, ownerId: '', cidrs: [], ipv6Cidrs: [], tags: {} };
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
