/** Looks for orphans in the accounts and regions of a cluster. */
import { type Cloud, CloudError } from '../../plan/cloud.ts';
import type { Caller, ManagedPolicy } from '../../plan/facts.ts';
import type { OwnerIdentity } from '../../plan/looks.ts';
import { type OrphanLink, type OrphanResource, orphansIn } from '../../plan/ownership/orphans.ts';
import {
  ownershipTags,
  policyArnOfName,
  policyName,
  policyPath,
} from '../../plan/ownership/ownership.ts';

/** An account and region as this process reaches it. */
export interface OrphanPlace {
  /** A name of the account map; undefined: the operator's own credentials. */
  readonly account?: string;
  readonly region: string;
  readonly cloud: Cloud;
  /** Whether another process looks for the policies of the account, which are the same for all regions. */
  readonly policiesElsewhere?: boolean;
}

/** The orphans of one place. */
export interface PlaceOrphans {
  readonly place: OrphanPlace;
  /** The identity that looked there. */
  readonly caller: Caller;
  readonly orphans: readonly OrphanLink[];
  /** Kinds of which not all could be read there: orphans among the rest are not found. */
  readonly unread: readonly OrphanResource['kind'][];
}

export interface OrphanSearch {
  readonly clusterId: string;
  readonly places: readonly OrphanPlace[];
  /** Every link that the cluster has, asked after AWS was: none made in between is an orphan. */
  readonly living: () => Promise<readonly Pick<OwnerIdentity, 'uid' | 'name'>[]>;
  /**
   * UIDs of links that lived a moment ago: their resources are not even looked at. One that has ceased to
   * live since has orphans in the next search. @default none
   */
  readonly presumedLiving?: () => readonly string[];
  /** How old AWS's answers may be, in milliseconds. */
  readonly maxAgeMs: number;
  /** Policies of others by ARN, remembered from search to search: their tags cost a call each. */
  readonly foreignPolicies: Set<string>;
  /** Called for a place that can't be looked at now, also if only a part of it can't; the others are. */
  readonly onSkipped: (place: OrphanPlace, error: CloudError) => void;
  readonly signal: AbortSignal;
}

/** Finds the orphans. Throws what `living` throws: without that answer nothing is an orphan. */
export async function findOrphans(search: OrphanSearch): Promise<readonly PlaceOrphans[]> {
  const looks = search.places.map((place) => skipping(search, place, lookAt(place, search)));
  const held = (await Promise.all(looks)).filter((one) => one !== undefined);
  const living = await search.living();
  const livingUids = new Set(living.map(({ uid }) => uid));
  const accounts = new Set<string>();
  const found: PlaceOrphans[] = [];
  for (const { place, holdings, caller } of held) {
    // IAM is one for all regions of an account.
    const isFirst = place.policiesElsewhere !== true && !accounts.has(caller.account);
    if (isFirst) accounts.add(caller.account);
    const policies = isFirst
      ? await skipping(search, place, ownPolicies(place, caller, living, search))
      : { all: [], isWhole: true };
    const { clusterId } = search;
    const { endpoints, securityGroups } = holdings.unread ?? {};
    for (const error of [endpoints, securityGroups]) {
      if (error !== undefined) search.onSkipped(place, error);
    }
    found.push({
      place,
      caller,
      orphans: orphansIn({ clusterId, holdings, policies: policies?.all ?? [], livingUids }),
      unread: [
        ...(endpoints === undefined ? [] : (['endpoint'] as const)),
        ...(securityGroups === undefined ? [] : (['security-group'] as const)),
        ...(policies?.isWhole === true ? [] : (['policy'] as const)),
      ],
    });
  }
  return found;
}

/** Undefined for what AWS does not answer. */
async function skipping<T>(
  { onSkipped }: OrphanSearch,
  place: OrphanPlace,
  looking: Promise<T>,
): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    onSkipped(place, error);
    return undefined;
  }
}

async function lookAt(
  place: OrphanPlace,
  { maxAgeMs, signal, presumedLiving = () => [] }: OrphanSearch,
) {
  const { cloud } = place;
  const exceptUids = presumedLiving();
  const options = { since: cloud.now() - maxAgeMs, signal };
  const [holdings, caller] = await Promise.all([
    cloud.look({ kind: 'ClusterHoldings', exceptUids }, options),
    cloud.look({ kind: 'Caller' }, { since: 0, signal }),
  ]);
  return { place, holdings, caller };
}

interface OwnPolicies {
  readonly all: readonly ManagedPolicy[];
  /** False if one of the names could not be looked at. */
  readonly isWhole: boolean;
}

/** The cluster's policies that no living link has. A caller that may not list them made none. */
async function ownPolicies(
  place: OrphanPlace,
  caller: Caller,
  living: readonly Pick<OwnerIdentity, 'uid' | 'name'>[],
  search: OrphanSearch,
): Promise<OwnPolicies> {
  const { cloud } = place;
  const { clusterId, foreignPolicies, maxAgeMs, signal } = search;
  const options = { since: cloud.now() - maxAgeMs, signal };
  const names = await cloud
    .look({ kind: 'PolicyNames', path: policyPath }, options)
    .catch((error: unknown): readonly string[] => {
      if (isDenied(error)) return [];
      throw error;
    });
  // Living links whose policies have given names are told by the tags.
  const livingNames = new Set(living.map((one) => policyName({ ...one, clusterId })));
  const own: ManagedPolicy[] = [];
  let isWhole = true;
  for (const name of names) {
    const arn = policyArnOfName(name, caller);
    if (livingNames.has(name) || foreignPolicies.has(arn)) continue;
    const looking = cloud.look({ kind: 'ManagedPolicy', arn }, options);
    const found = await looking.catch((error: unknown) => {
      if (!isDenied(error)) throw error;
      search.onSkipped(place, error);
      return undefined;
    });
    isWhole &&= found !== undefined;
    if (found === undefined) continue;
    const { policy } = found;
    if (policy?.tags[ownershipTags.cluster] === clusterId) own.push(policy);
    else foreignPolicies.add(arn);
  }
  return { all: own, isWhole };
}

function isDenied(error: unknown): error is CloudError {
  return error instanceof CloudError && error.kind === 'Denied';
}
