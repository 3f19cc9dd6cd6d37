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
import type { OwnerIndex } from '../plan/ownership/owner-index.ts';
import { holdingsOf } from '../plan/ownership/ownership.ts';
import { changesOfFact, type RecentWrite } from './consistency/recent-write.ts';
import { createKeeper, type KeptFact } from './consistency/kept-fact.ts';
import { createMergedPart, type PartRead } from './consistency/merged-part.ts';
import type { RecentWrites } from './consistency/recent-writes.ts';

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
  /**
   * Puts the changes into a read of all that the cluster owns.
   *
   * @param exceptUids links whose resources are left out. @default none
   */
  mergeOwned(read: OwnedRead, exceptUids?: readonly string[]): Holdings;
  /** A link's part of the same, which costs no more where the cluster has more links. */
  mergeOwnedOf(read: OwnedRead, owner: OwnerIdentity): OwnHoldings;
  /** Puts a later read of some endpoints into the last read of all. */
  observe(later: EndpointsRead): void;
  /** An endpoint of the last read of all as it is known now; undefined if there is none. */
  endpoint(id: string): Endpoint | undefined;
  /** An endpoint as the last read shows it that shows anything of it; undefined if none does. */
  endpointAsRead(id: string): Endpoint | undefined;
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
    mergeOwned(read, exceptUids = []) {
      const { endpoints, groups } = merged.of(read);
      const left = new Set<string | undefined>(exceptUids);
      const wanted = <T>(all: Iterable<KeptFact<T>>): readonly T[] =>
        [...all].filter(({ uid }) => !left.has(uid)).map((one) => one.fact());
      const all = { endpoints: wanted(endpoints.all()), securityGroups: wanted(groups.all()) };
      return asFarAsRead(all, read);
    },
    mergeOwnedOf(read, owner) {
      const { endpoints, groups } = merged.of(read);
      const near = {
        endpoints: endpoints.near(owner).map((one) => one.fact()),
        securityGroups: groups.near(owner).map((one) => one.fact()),
      };
      return asFarAsRead(holdingsOf(near, owner), read);
    },
    observe: (later) => merged.observe(later),
    endpoint: (id) => merged.endpoint(id)?.fact(),
    endpointAsRead: (id) => merged.endpointAsRead(id),
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
  readonly endpoints: OwnerIndex<KeptFact<Endpoint>>;
  readonly groups: OwnerIndex<KeptFact<SecurityGroup>>;
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
  endpoint(id: string): KeptFact<Endpoint> | undefined;
  endpointAsRead(id: string): Endpoint | undefined;
}

/**
 * The last read of all with the writes in it. It is made once for each read, however many links
 * ask, and after a write only the resources that the write is about are made anew: a change depends
 * on nothing but its own resource.
 */
class LastMergedRead implements LastRead {
  private readonly recentWrites: RecentWrites;
  private readonly changedIds: () => ReadonlySet<string>;
  private readonly endpoints = createMergedPart(createKeeper<Endpoint>());
  private readonly groups = createMergedPart(createKeeper<SecurityGroup>());

  constructor(recentWrites: RecentWrites) {
    this.recentWrites = recentWrites;
    this.changedIds = recentWrites.follow();
  }

  of({ endpoints, securityGroups }: OwnedRead): MergedRead {
    const later = endpoints instanceof CloudError ? undefined : this.endpoints.begin(endpoints);
    const isNewGroups =
      !(securityGroups instanceof CloudError) && this.groups.begin(securityGroups) !== undefined;
    if (later !== undefined || isNewGroups) this.begun(later ?? []);
    return this.current();
  }

  observe({ ids, found, begunAt }: EndpointsRead): void {
    for (const id of ids) {
      if (this.endpoints.observe(id, found.get(id), begunAt)) this.mergeAnew(id);
    }
  }

  endpoint(id: string): KeptFact<Endpoint> | undefined {
    return this.current().endpoints.get(id);
  }

  endpointAsRead(id: string): Endpoint | undefined {
    return this.endpoints.read(id)?.fact;
  }

  private current(): MergedRead {
    for (const id of this.changedIds()) this.mergeAnew(id);
    return { endpoints: this.endpoints.merged, groups: this.groups.merged };
  }

  /** @param later resources that were read after the part that they are in */
  private begun(later: readonly string[]): void {
    const begunAt = [this.endpoints.begunAt(), this.groups.begunAt()];
    this.recentWrites.keepFor(Math.min(...begunAt.filter((one) => one !== undefined)));
    this.changedIds();
    for (const id of [...later, ...this.recentWrites.ids()]) this.mergeAnew(id);
  }

  private mergeAnew(id: string): void {
    const part = isGroupId(id) ? this.groups : this.endpoints;
    const [endpoint, group] = [this.endpoints.read(id), this.groups.read(id)];
    const writes = this.recentWrites.unseenOf(id, part.begunAt(id));
    const read = { endpoint: endpoint?.fact, group: group?.fact };
    const { facts, shown } = mergeResource(read, writes);
    this.recentWrites.noteShown(shown);
    this.endpoints.merge(id, facts.endpoint, endpoint);
    this.groups.merge(id, facts.group, group);
  }
}

function isGroupId(id: string): boolean {
  return id.startsWith('sg-');
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
