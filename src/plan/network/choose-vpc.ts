/**
 * Which VPC a link works in, from what its selector matches and from where its resources are. Pure.
 */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Endpoint, Holdings, Vpc } from '../facts.ts';
import type { Problem } from '../findings.ts';
import { isGoing } from '../endpoint/plan-endpoint.ts';
import { found, type Result, notFound } from '../result.ts';
import { stalled } from '../findings.ts';
import { tagWords } from '../tags/tag-words.ts';

/** Where a link works. */
export type Place =
  /** In the VPC of the spec. */
  | { readonly kind: 'Meant'; readonly vpc: Vpc; readonly problems: readonly Problem[] }
  /**
   * Where all of the link's resources are, while tags do not say (or cannot be asked) that it is
   * this VPC: what is there is repaired, and nothing is made or deleted.
   */
  | {
      readonly kind: 'Kept';
      readonly vpc: Vpc;
      /** False where only the id of the VPC is known. */
      readonly blocksAreKnown: boolean;
      readonly problems: readonly Problem[];
    }
  /** Nowhere: there is no VPC, or an id names another one than the link's resources are in. */
  | { readonly kind: 'Nowhere'; readonly problems: readonly Problem[] };

/**
 * @param matches VPCs that the spec's selector matches; undefined if AWS could not be asked, which
 *   is a finding elsewhere. Decisions must not go further then than any answer would allow.
 */
export function placeOf(
  spec: SageMakerPrivateLinkSpec,
  matches: readonly Vpc[] | undefined,
  owned: Holdings,
): Place {
  const homes = homesOf(owned);
  const meant = matches === undefined ? undefined : chooseVpc(spec, matches);
  if (meant?.found !== true) return placeAtHome(spec, matches ?? [], homes, meant?.problems ?? []);
  const vpc = meant.value;
  const others = homes.filter((id) => id !== vpc.id);
  if (others.length === 0) return { kind: 'Meant', vpc, problems: [] };
  const problems = [vpcChanged(vpc, others, owned)];
  if (homes.includes(vpc.id)) return { kind: 'Meant', vpc, problems };
  return placeAtHome(spec, [vpc], homes, problems);
}

function placeAtHome(
  spec: SageMakerPrivateLinkSpec,
  matches: readonly Vpc[],
  [home, ...others]: readonly string[],
  problems: readonly Problem[],
): Place {
  const namesAnother = spec.vpc.id !== undefined && spec.vpc.id !== home;
  if (home === undefined || others.length > 0 || namesAnother) return { kind: 'Nowhere', problems };
  const match = matches.find(({ id }) => id === home);
  const vpc = match ?? unseenVpc(home);
  return { kind: 'Kept', vpc, blocksAreKnown: match !== undefined, problems };
}

/** To follow the selector would delete what works in one VPC for what may never work in the other. */
function vpcChanged(vpc: Vpc, others: readonly string[], owned: Holdings): Problem {
  const ids = resourcesOf(owned).flatMap((one) => (others.includes(one.vpcId) ? one.id : []));
  return {
    subject: 'NetworkResolved',
    reason: 'VPCChanged',
    severity: 'stalled',
    message: `spec.vpc means ${vpc.id}, but ${ids.join(', ')} of this link ${ids.length === 1 ? 'is' : 'are'} in ${others.join(', ')}, where nothing is made or deleted. To move, delete this link and create one for ${vpc.id}; to stay, let spec.vpc match ${others.join(', ')} again.`,
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
    return notFound(
      stalled(
        'NetworkResolved',
        'VPCNotFound',
        `${words} was not found in region ${spec.region}. ${missingVpcAdvice(spec)}`,
      ),
    );
  }
  if (others.length > 0) {
    const ids = vpcs.map(({ id }) => id).sort();
    return notFound(
      stalled(
        'NetworkResolved',
        'AmbiguousVPC',
        `${words} matches ${ids.length} VPCs: ${ids.join(', ')}. Take the tags off the others, or name one in spec.vpc.id. ${inClusters}`,
      ),
    );
  }
  return found(vpc);
}

/** The schema's rule for objects; files have none before them. */
const inClusters = 'A link in a cluster cannot change that: delete it there and create it anew.';

function missingVpcAdvice({ vpc }: SageMakerPrivateLinkSpec): string {
  if (vpc.id !== undefined) return `Correct spec.vpc or spec.region. ${inClusters}`;
  return `Put the tags on a VPC, or correct spec.vpc or spec.region. ${inClusters}`;
}

function vpcSelectorWords(spec: SageMakerPrivateLinkSpec): string {
  if (spec.vpc.id !== undefined) return `VPC ${spec.vpc.id}`;
  return `A VPC with tags ${tagWords(spec.vpc.tags ?? {})}`;
}
