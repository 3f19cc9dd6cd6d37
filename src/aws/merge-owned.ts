/** Reads of what the cluster owns, with our own changes that AWS does not show yet. */
import {
  type ChangedFact,
  type ChangedFacts,
  type ChangeOf,
  isShown,
  withChange,
} from '../plan/actions/changes.ts';
import type { Endpoint, Holdings, SecurityGroup, Tags } from '../plan/facts.ts';
import { changesOfFact, type RecentWrite } from './consistency/recent-write.ts';
import type { RecentWrites } from './consistency/recent-writes.ts';

/** Puts recent writes into reads of EC2. */
export interface OwnedMerges {
  /** Puts the changes into a read of all that the cluster owns. */
  mergeOwned(read: Holdings): Holdings;
  /** Puts the changes into a read of the endpoints of a VPC for some services. */
  mergeVpcEndpoints(
    read: readonly Endpoint[],
    scope: { readonly vpcId: string; readonly serviceNames: readonly string[] },
  ): readonly Endpoint[];
}

export function createOwnedMerges(recentWrites: RecentWrites): OwnedMerges {
  return {
    mergeOwned(read) {
      const writes = recentWrites.unseen();
      if (writes.length === 0) return read;
      const { holdings, shown } = mergeRecentWrites(read, writes);
      recentWrites.noteShown(shown);
      return holdings;
    },
    mergeVpcEndpoints(read, { vpcId, serviceNames }) {
      const writes = recentWrites.unseen();
      if (writes.length === 0) return read;
      const { holdings } = mergeRecentWrites({ endpoints: read, securityGroups: [] }, writes);
      return holdings.endpoints.filter(
        (endpoint) => endpoint.vpcId === vpcId && serviceNames.includes(endpoint.serviceName),
      );
    },
  };
}

/** The answer of a read with our own recent changes put in. */
export interface Merged {
  readonly holdings: Holdings;
  /** The writes that the read shows by itself. */
  readonly shown: readonly RecentWrite[];
}

/** A working copy: what the changes before this one have already been put into. */
interface Draft {
  readonly endpoints: Map<string, Endpoint>;
  readonly groups: Map<string, SecurityGroup>;
}

/**
 * Puts changes of our own into a read that may not show them yet: AWS's reads lag behind its
 * writes by up to seconds. Pure; writes are given in the order in which they were made.
 */
export function mergeRecentWrites(read: Holdings, writes: readonly RecentWrite[]): Merged {
  const draft: Draft = {
    endpoints: new Map(read.endpoints.map((endpoint) => [endpoint.id, endpoint])),
    groups: new Map(read.securityGroups.map((group) => [group.id, group])),
  };
  const shown = writes.filter((write) => isShownOf(draft, write));
  return {
    holdings: {
      endpoints: [...draft.endpoints.values()],
      securityGroups: [...draft.groups.values()],
    },
    shown,
  };
}

/**
 * True if the draft shows all of the write; the rest is put into the draft. A write of nothing that
 * is read here is never shown here.
 */
function isShownOf(draft: Draft, write: RecentWrite): boolean {
  const known = [
    ...changesOfFact(write, 'Endpoint').map((one) => put(draft.endpoints, one)),
    ...changesOfFact(write, 'SecurityGroup').map((one) => put(draft.groups, one)),
    ...changesOfFact(write, 'Tags').map((one) => putTags(draft, one)),
  ];
  return known.length > 0 && known.every((isShownByRead) => isShownByRead);
}

function put<Fact extends ChangedFact>(
  all: Map<string, ChangedFacts[Fact]>,
  change: ChangeOf<Fact>,
): boolean {
  const read = all.get(change.id);
  if (isShown(change, read)) return true;
  const after = withChange(change, read);
  if (after === undefined) all.delete(change.id);
  else all.set(change.id, after);
  return false;
}

function putTags({ endpoints, groups }: Draft, change: ChangeOf<'Tags'>): boolean {
  const isShownByEndpoint = putTagsOf(endpoints, change);
  const isShownByGroup = putTagsOf(groups, change);
  return isShownByEndpoint || isShownByGroup;
}

/** Nothing is known of a resource that is not among them. */
function putTagsOf<T extends { readonly tags: Tags }>(
  all: Map<string, T>,
  change: ChangeOf<'Tags'>,
): boolean {
  const resource = all.get(change.id);
  if (resource === undefined) return false;
  if (isShown(change, resource.tags)) return true;
  const tags = withChange(change, resource.tags);
  if (tags !== undefined) all.set(change.id, { ...resource, tags });
  return false;
}
