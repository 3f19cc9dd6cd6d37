/** Reads of what the cluster owns, with our own changes that AWS does not show yet. */
import {
  type ChangedFact,
  type ChangedFacts,
  type ChangeOf,
  isShown,
  withChange,
} from '../plan/actions/changes.ts';
import { CloudError } from '../plan/cloud.ts';
import type { Endpoint, Holdings, OwnHoldings, SecurityGroup, Tags } from '../plan/facts.ts';
import type { OwnerIdentity } from '../plan/looks.ts';
import { createOwnerIndex, type OwnerIndex } from '../plan/ownership/owner-index.ts';
import { holdingsOf } from '../plan/ownership/ownership.ts';
import { changesOfFact, type RecentWrite } from './consistency/recent-write.ts';
import type { RecentWrites } from './consistency/recent-writes.ts';

/** A read of all resources of a kind that the cluster owns. */
export interface PartRead<T> {
  readonly all: readonly T[];
  /** In milliseconds of the clock. */
  readonly begunAt: number;
}

/** Groups with their rules: those without could not be read. */
export interface GroupsRead extends PartRead<SecurityGroup> {
  /** Why. */
  readonly rulesError?: CloudError;
}

/** A read of all that the cluster owns, or why a part of it could not be read. */
export interface OwnedRead {
  readonly endpoints: PartRead<Endpoint> | CloudError;
  readonly securityGroups: GroupsRead | CloudError;
}

/** A later read of some endpoints. */
export interface EndpointsRead {
  readonly ids: readonly string[];
  /** Those that AWS showed. */
  readonly found: ReadonlyMap<string, Endpoint>;
  readonly begunAt: number;
}

/** Puts recent writes into reads of EC2. */
export interface OwnedMerges {
  /** Puts the changes into a read of all that the cluster owns. */
  mergeOwned(read: OwnedRead): Holdings;
  /** A link's part of the same, which costs no more where the cluster has more links. */
  mergeOwnedOf(read: OwnedRead, owner: OwnerIdentity): OwnHoldings;
  /** Puts a later read of some endpoints into the last read of all. */
  observe(later: EndpointsRead): void;
  /** An endpoint of the last read of all as it is known now; undefined if there is none. */
  endpoint(id: string): Endpoint | undefined;
  /** Puts the changes into a read of the endpoints of a VPC for some services. */
  mergeVpcEndpoints(
    read: readonly Endpoint[],
    scope: { readonly vpcId: string; readonly serviceNames: readonly string[] },
  ): readonly Endpoint[];
}

/** Creates merges, which keep the last read of all merged and follow the writes. */
export function createOwnedMerges(recentWrites: RecentWrites): OwnedMerges {
  const merged: LastRead = new LastMergedRead(recentWrites);
  const unread = createUnreadEndpoints(recentWrites);
  return {
    mergeOwned(read) {
      const { endpoints, groups } = merged.of(read);
      const all = { endpoints: endpoints.all(), securityGroups: groups.all() };
      return asFarAsRead(all, read);
    },
    mergeOwnedOf(read, owner) {
      const { endpoints, groups } = merged.of(read);
      const near = { endpoints: endpoints.near(owner), securityGroups: groups.near(owner) };
      return asFarAsRead(holdingsOf(near, owner), read);
    },
    observe: (later) => merged.observe(later),
    endpoint: (id) => merged.endpoint(id),
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
 * Holdings without the parts that could not be read, and why. Rules are missing for those alone whose
 * groups lack them.
 */
function asFarAsRead(holdings: OwnHoldings, { endpoints, securityGroups }: OwnedRead): OwnHoldings {
  const groups = [...holdings.securityGroups, ...(holdings.former?.securityGroups ?? [])];
  const lacksRules = groups.some(({ rules }) => rules === undefined);
  const rulesError = 'rulesError' in securityGroups ? securityGroups.rulesError : undefined;
  const unread = {
    ...(endpoints instanceof CloudError ? { endpoints } : {}),
    ...(securityGroups instanceof CloudError ? { securityGroups } : {}),
    ...(rulesError !== undefined && lacksRules ? { rules: rulesError } : {}),
  };
  if (Object.keys(unread).length === 0) return holdings;
  return { ...withoutUnread(holdings, unread), unread };
}

function withoutUnread(
  holdings: OwnHoldings,
  unread: NonNullable<Holdings['unread']>,
): OwnHoldings {
  const { former } = holdings;
  const readPart = ({ endpoints, securityGroups }: Holdings): Holdings => ({
    endpoints: unread.endpoints === undefined ? endpoints : [],
    securityGroups: unread.securityGroups === undefined ? securityGroups : [],
  });
  return { ...readPart(holdings), ...(former === undefined ? {} : { former: readPart(former) }) };
}

/** The last read of all, and what is known since. */
interface LastRead {
  /** The read of all with the writes in it. A part that could not be read is as it was before. */
  of(read: OwnedRead): MergedRead;
  observe(later: EndpointsRead): void;
  endpoint(id: string): Endpoint | undefined;
}

/**
 * The last read of all with the writes in it. It is made once for each read, however many links
 * ask, and after a write only the resources that the write is about are made anew: a change depends
 * on nothing but its own resource.
 */
class LastMergedRead implements LastRead {
  private readonly recentWrites: RecentWrites;
  private readonly changedIds: () => ReadonlySet<string>;
  private endpointsRead: PartRead<Endpoint> | undefined;
  private groupsRead: GroupsRead | undefined;
  private endpointFacts = new Map<string, ReadFacts<Endpoint>>();
  private groupFacts = new Map<string, ReadFacts<SecurityGroup>>();
  private readonly endpoints = createOwnerIndex<Endpoint>([]);
  private readonly groups = createOwnerIndex<SecurityGroup>([]);

  constructor(recentWrites: RecentWrites) {
    this.recentWrites = recentWrites;
    this.changedIds = recentWrites.follow();
  }

  of({ endpoints, securityGroups }: OwnedRead): MergedRead {
    const newEndpoints = newPart(endpoints, this.endpointsRead);
    const newGroups = newPart(securityGroups, this.groupsRead);
    if (newEndpoints !== undefined || newGroups !== undefined) {
      const later = newEndpoints === undefined ? [] : this.beginEndpoints(newEndpoints);
      if (newGroups !== undefined) this.beginGroups(newGroups);
      this.begun(later);
    }
    return this.current();
  }

  observe({ ids, found, begunAt }: EndpointsRead): void {
    for (const id of ids) {
      const former = this.endpointFacts.get(id);
      const endpoint = found.get(id);
      // An endpoint that no read has shown may be too new for this one, too.
      if (endpoint === undefined && former === undefined) continue;
      if (former !== undefined && former.begunAt > begunAt) continue;
      this.endpointFacts.set(id, { fact: endpoint, begunAt });
      this.mergeAnew(id);
    }
  }

  endpoint(id: string): Endpoint | undefined {
    return this.current().endpoints.get(id);
  }

  private current(): MergedRead {
    for (const id of this.changedIds()) this.mergeAnew(id);
    return { endpoints: this.endpoints, groups: this.groups };
  }

  /** @returns the endpoints that a later read has shown */
  private beginEndpoints(read: PartRead<Endpoint>): readonly string[] {
    const { all, begunAt } = read;
    const later = [...this.endpointFacts].filter(([, one]) => one.begunAt > begunAt);
    this.endpointsRead = read;
    this.endpointFacts = factsById(read);
    this.endpoints.replace(all);
    for (const [id, one] of later) this.endpointFacts.set(id, one);
    return later.map(([id]) => id);
  }

  private beginGroups(read: GroupsRead): void {
    this.groupsRead = read;
    this.groupFacts = factsById(read);
    this.groups.replace(read.all);
  }

  /** @param later resources that were read after the part that they are in */
  private begun(later: readonly string[]): void {
    const reads = [this.endpointsRead, this.groupsRead].filter((one) => one !== undefined);
    this.recentWrites.keepFor(Math.min(...reads.map(({ begunAt }) => begunAt)));
    this.changedIds();
    for (const id of [...later, ...this.recentWrites.ids()]) this.mergeAnew(id);
  }

  private mergeAnew(id: string): void {
    const { fact: endpoint, begunAt: endpointAt } = this.endpointFacts.get(id) ?? {};
    const { fact: group, begunAt: groupAt } = this.groupFacts.get(id) ?? {};
    const partRead = isGroupId(id) ? this.groupsRead : this.endpointsRead;
    const writes = this.recentWrites.unseenOf(id, endpointAt ?? groupAt ?? partRead?.begunAt);
    const result = mergeResource({ endpoint, group }, writes);
    this.recentWrites.noteShown(result.shown);
    keep(this.endpoints, id, result.facts.endpoint);
    keep(this.groups, id, result.facts.group);
  }
}

/** The read of a part, if it is another one than the last. */
function newPart<Read extends object>(
  read: Read | CloudError,
  last: Read | undefined,
): Read | undefined {
  return read instanceof CloudError || read === last ? undefined : read;
}

function isGroupId(id: string): boolean {
  return id.startsWith('sg-');
}

function factsById<T extends { readonly id: string }>({ all, begunAt }: PartRead<T>) {
  return new Map(all.map((fact): [string, ReadFacts<T>] => [fact.id, { fact, begunAt }]));
}

/** One resource as it was read; undefined: it was gone. */
interface ReadFacts<T> {
  readonly fact: T | undefined;
  readonly begunAt: number;
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
    const ids = [...(byVpc.get(vpcId) ?? [])];
    // Writes are kept for longer where an old read of all is in use.
    return ids.flatMap((id) =>
      recentWrites.unseenOf(id).length === 0 ? [] : (known.get(id) ?? []),
    );
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
      const { isKnown, after } = changedGroup(change, draft.group);
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

/** A read without rules shows no change of them, and loses none. */
function changedGroup(
  change: ChangeOf<'SecurityGroup'>,
  read: SecurityGroup | undefined,
): { readonly isKnown: boolean; readonly after: SecurityGroup | undefined } {
  if (read === undefined || read.rules !== undefined) return changed(change, read);
  const isGone = change.after(read) === undefined;
  return { isKnown: false, after: isGone ? undefined : read };
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
