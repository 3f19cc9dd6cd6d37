/** Reads of what the cluster owns, with our own changes that AWS does not show yet. */
import {
  type ChangedFact,
  type ChangedFacts,
  type ChangeOf,
  isShown,
  withChange,
} from '../plan/actions/changes.ts';
import type { Endpoint, Holdings, OwnHoldings, SecurityGroup, Tags } from '../plan/facts.ts';
import type { OwnerIdentity } from '../plan/looks.ts';
import { createOwnerIndex, type OwnerIndex } from '../plan/ownership/owner-index.ts';
import { holdingsOf } from '../plan/ownership/ownership.ts';
import { changesOfFact, type RecentWrite } from './consistency/recent-write.ts';
import type { RecentWrites } from './consistency/recent-writes.ts';

/** Puts recent writes into reads of EC2. */
export interface OwnedMerges {
  /** Puts the changes into a read of all that the cluster owns. */
  mergeOwned(read: Holdings): Holdings;
  /** A link's part of the same, which costs no more where the cluster has more links. */
  mergeOwnedOf(read: Holdings, owner: OwnerIdentity): OwnHoldings;
  /** Puts the changes into a read of the endpoints of a VPC for some services. */
  mergeVpcEndpoints(
    read: readonly Endpoint[],
    scope: { readonly vpcId: string; readonly serviceNames: readonly string[] },
  ): readonly Endpoint[];
}

/** Creates merges, which keep the last read of all merged and follow the writes. */
export function createOwnedMerges(recentWrites: RecentWrites): OwnedMerges {
  const merged = createMergedRead(recentWrites);
  const unread = createUnreadEndpoints(recentWrites);
  return {
    mergeOwned(read) {
      const { endpoints, groups } = merged(read);
      return { endpoints: endpoints.all(), securityGroups: groups.all() };
    },
    mergeOwnedOf(read, owner) {
      const { endpoints, groups } = merged(read);
      const near = { endpoints: endpoints.near(owner), securityGroups: groups.near(owner) };
      return holdingsOf(near, owner);
    },
    mergeVpcEndpoints(read, { vpcId, serviceNames }) {
      const known = read.flatMap((endpoint) => {
        const writes = recentWrites.unseenOf(endpoint.id);
        return mergeResource({ endpoint }, writes).facts.endpoint ?? [];
      });
      const ids = new Set(read.map(({ id }) => id));
      const others = unread(vpcId).filter(({ id }) => !ids.has(id));
      return [...known, ...others].filter(
        (endpoint) => endpoint.vpcId === vpcId && serviceNames.includes(endpoint.serviceName),
      );
    },
  };
}

interface MergedRead {
  readonly endpoints: OwnerIndex<Endpoint>;
  readonly groups: OwnerIndex<SecurityGroup>;
}

/**
 * The read of all with the writes in it. It is made once for each read, however many links ask, and
 * after a write only the resources that the write is about are made anew: a change depends on
 * nothing but its own resource.
 */
function createMergedRead(recentWrites: RecentWrites): (read: Holdings) => MergedRead {
  const changedIds = recentWrites.follow();
  let read: Holdings | undefined;
  let facts = new Map<string, ResourceFacts>();
  let merged: MergedRead = { endpoints: createOwnerIndex([]), groups: createOwnerIndex([]) };

  function begin(next: Holdings): void {
    read = next;
    facts = new Map();
    for (const endpoint of next.endpoints) facts.set(endpoint.id, { endpoint });
    for (const group of next.securityGroups) facts.set(group.id, { group });
    merged = {
      endpoints: createOwnerIndex(next.endpoints),
      groups: createOwnerIndex(next.securityGroups),
    };
  }

  function mergeAnew(id: string): void {
    const result = mergeResource(facts.get(id) ?? {}, recentWrites.unseenOf(id));
    recentWrites.noteShown(result.shown);
    keep(merged.endpoints, id, result.facts.endpoint);
    keep(merged.groups, id, result.facts.group);
  }

  return (next) => {
    const changed = changedIds();
    const isNew = next !== read;
    if (isNew) begin(next);
    for (const id of isNew ? [...recentWrites.ids()] : changed) mergeAnew(id);
    return merged;
  };
}

function keep<T extends Endpoint | SecurityGroup>(
  index: OwnerIndex<T>,
  id: string,
  resource: T | undefined,
): void {
  if (resource === undefined) index.delete(id);
  else index.put(resource);
}

/** The endpoints of a VPC that writes alone tell of, as long as no read shows them. */
function createUnreadEndpoints(recentWrites: RecentWrites): (vpcId: string) => Endpoint[] {
  const changedIds = recentWrites.follow();
  const known = new Map<string, Endpoint>();
  const byVpc = new Map<string, Set<string>>();

  function note(id: string): void {
    const former = known.get(id);
    if (former !== undefined) byVpc.get(former.vpcId)?.delete(id);
    known.delete(id);
    const { endpoint } = mergeResource({}, recentWrites.unseenOf(id)).facts;
    if (endpoint === undefined) return;
    known.set(id, endpoint);
    byVpc.set(endpoint.vpcId, (byVpc.get(endpoint.vpcId) ?? new Set()).add(id));
  }

  return (vpcId) => {
    for (const id of changedIds()) note(id);
    return [...(byVpc.get(vpcId) ?? [])].flatMap((id) => known.get(id) ?? []);
  };
}

/** Facts about one id, which is an endpoint's or a group's, or nobody's any more. */
interface ResourceFacts {
  readonly endpoint?: Endpoint | undefined;
  readonly group?: SecurityGroup | undefined;
}

/** A working copy: what the changes before this one have already been put into. */
interface Draft {
  endpoint: Endpoint | undefined;
  group: SecurityGroup | undefined;
}

/**
 * Puts the writes of one resource into what a read says of it, which may not show them yet: AWS's
 * reads lag behind its writes by up to seconds. Pure; writes are given in the order in which they
 * were made.
 *
 * @returns also which of the writes the read shows by itself
 */
function mergeResource(
  { endpoint, group }: ResourceFacts,
  writes: readonly RecentWrite[],
): { readonly facts: ResourceFacts; readonly shown: readonly RecentWrite[] } {
  const draft: Draft = { endpoint, group };
  const shown = writes.filter((write) => isShownOf(draft, write));
  return { facts: draft, shown };
}

/**
 * True if the draft shows all of the write; the rest is put into the draft. A write of nothing that
 * is read here is never shown here.
 */
function isShownOf(draft: Draft, write: RecentWrite): boolean {
  const known = [
    ...changesOfFact(write, 'Endpoint').map((change) => {
      const { isKnown, after } = changed(change, draft.endpoint);
      draft.endpoint = after;
      return isKnown;
    }),
    ...changesOfFact(write, 'SecurityGroup').map((change) => {
      const { isKnown, after } = changed(change, draft.group);
      draft.group = after;
      return isKnown;
    }),
    ...changesOfFact(write, 'Tags').map((change) => putTags(draft, change)),
  ];
  return known.length > 0 && known.every((isShownByRead) => isShownByRead);
}

function changed<Fact extends ChangedFact>(
  change: ChangeOf<Fact>,
  read: ChangedFacts[Fact] | undefined,
): { readonly isKnown: boolean; readonly after: ChangedFacts[Fact] | undefined } {
  const isKnown = isShown(change, read);
  return { isKnown, after: isKnown ? read : withChange(change, read) };
}

/** Nothing is known of a resource that was not read. */
function putTags(draft: Draft, change: ChangeOf<'Tags'>): boolean {
  const ofEndpoint = withTags(draft.endpoint, change);
  const ofGroup = withTags(draft.group, change);
  draft.endpoint = ofEndpoint.after;
  draft.group = ofGroup.after;
  return ofEndpoint.isKnown || ofGroup.isKnown;
}

function withTags<T extends { readonly tags: Tags }>(
  resource: T | undefined,
  change: ChangeOf<'Tags'>,
): { readonly isKnown: boolean; readonly after: T | undefined } {
  if (resource === undefined) return { isKnown: false, after: undefined };
  const { isKnown, after } = changed(change, resource.tags);
  return {
    isKnown,
    after: isKnown || after === undefined ? resource : { ...resource, tags: after },
  };
}
