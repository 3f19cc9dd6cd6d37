/** Reads of what the cluster owns, with our own changes that AWS does not show yet. */
import { CloudError } from '../plan/cloud.ts';
import type { Endpoint, Holdings, OwnHoldings, SecurityGroup } from '../plan/facts.ts';
import type { OwnerIdentity } from '../plan/looks.ts';
import type { OwnedResource, OwnerIndex } from '../plan/ownership/owner-index.ts';
import { holdingsOf } from '../plan/ownership/ownership.ts';
import { takeTurn } from '../runtime/turn.ts';
import { createKeeper, type KeptFact } from './consistency/kept-fact.ts';
import { mergeResource } from './consistency/merge-resource.ts';
import { createMergedPart, type MergedPart, type PartRead } from './consistency/merged-part.ts';
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
  /**
   * Puts the changes into a part that was just read, some resources in each turn of the event loop: who
   * asks for all of it meanwhile does the rest at once.
   */
  prepare(read: Partial<OwnedRead>): Promise<void>;
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

/**
 * Creates merges, which keep the last read of all merged and follow the writes.
 *
 * @param perTurn of the resources of a read that have writes, those that are made ready in a turn of the
 *   event loop. @default as many as take some milliseconds
 */
export function createOwnedMerges(recentWrites: RecentWrites, perTurn = 100): OwnedMerges {
  const merged: LastRead = new LastMergedRead(recentWrites, perTurn);
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
      const { endpoints, groups } = merged.of(read, owner);
      const near = {
        endpoints: endpoints.near(owner).map((one) => one.fact()),
        securityGroups: groups.near(owner).map((one) => one.fact()),
      };
      return asFarAsRead(holdingsOf(near, owner), read);
    },
    prepare: (read) => merged.prepare(read),
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
  /**
   * The read of all with the writes in it. A part that could not be read is as it was before.
   *
   * @param owner whose resources are asked for: others may lack their writes. @default everybody's
   */
  of(read: OwnedRead, owner?: OwnerIdentity): MergedRead;
  prepare(read: Partial<OwnedRead>): Promise<void>;
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
  private readonly perTurn: number;
  private readonly changedIds: () => ReadonlySet<string>;
  /** Resources whose writes have changed since they were settled. */
  private readonly changed = new Set<string>();
  private readonly endpoints = createMergedPart(createKeeper<Endpoint>());
  private readonly groups = createMergedPart(createKeeper<SecurityGroup>());
  /** Resources with writes that are not in the last read yet, and whose they were before it. */
  private readonly unsettled = new Map<string, Marks | undefined>();

  constructor(recentWrites: RecentWrites, perTurn: number) {
    this.recentWrites = recentWrites;
    this.perTurn = perTurn;
    this.changedIds = recentWrites.follow();
  }

  of(read: OwnedRead, owner?: OwnerIdentity): MergedRead {
    this.begin(read);
    for (const [id, former] of this.unsettled) {
      const asRead = this.partOf(id).merged.get(id);
      // The writes to one that was not known before may say that it is anybody's.
      const isAnybodys = owner === undefined || former === undefined;
      if (isAnybodys || areOf(former, owner) || areOf(asRead, owner)) this.settle(id);
    }
    return { endpoints: this.endpoints.merged, groups: this.groups.merged };
  }

  async prepare(read: Partial<OwnedRead>): Promise<void> {
    // `begin` settles all that are left in one turn.
    while (this.settleChanged(this.perTurn) > 0) await takeTurn('slice');
    this.begin(read);
    while (this.unsettled.size > 0) {
      for (const id of [...this.unsettled.keys()].slice(0, this.perTurn)) this.settle(id);
      this.settleChanged(this.perTurn);
      await takeTurn('slice');
    }
  }

  observe({ ids, found, begunAt }: EndpointsRead): void {
    for (const id of ids) {
      if (this.endpoints.observe(id, found.get(id), begunAt)) this.settle(id);
    }
  }

  endpoint(id: string): KeptFact<Endpoint> | undefined {
    this.settleChanged();
    if (this.unsettled.has(id)) this.settle(id);
    return this.endpoints.merged.get(id);
  }

  endpointAsRead(id: string): Endpoint | undefined {
    return this.endpoints.read(id)?.fact;
  }

  /** Begins with the parts that are new. The writes to their resources are put in one by one. */
  private begin({ endpoints, securityGroups }: Partial<OwnedRead>): void {
    const newEndpoints = newPart(this.endpoints, endpoints);
    const newGroups = newPart(this.groups, securityGroups);
    if (newEndpoints === undefined && newGroups === undefined) {
      this.settleChanged();
      return;
    }
    for (const id of this.recentWrites.ids()) {
      const isOfNew = (isGroupId(id) ? newGroups : newEndpoints) !== undefined;
      // One that was not settled since the read before stays as it was known last.
      if (isOfNew && !this.unsettled.has(id)) {
        this.unsettled.set(id, this.partOf(id).merged.get(id));
      }
    }
    const later = newEndpoints === undefined ? [] : this.endpoints.begin(newEndpoints);
    if (newGroups !== undefined) this.groups.begin(newGroups);
    const begunAt = [this.endpoints.begunAt(), this.groups.begunAt()];
    this.recentWrites.keepFor(Math.min(...begunAt.filter((one) => one !== undefined)));
    for (const id of later) this.settle(id);
    // These writes may have changed whose they are.
    this.settleChanged();
  }

  /** @returns how many are left */
  private settleChanged(most = Number.POSITIVE_INFINITY): number {
    for (const id of this.changedIds()) this.changed.add(id);
    let left = most;
    for (const id of this.changed) {
      if (left === 0) break;
      left -= 1;
      this.settle(id);
    }
    return this.changed.size;
  }

  private partOf(id: string): MergedPart<Endpoint> | MergedPart<SecurityGroup> {
    return isGroupId(id) ? this.groups : this.endpoints;
  }

  private settle(id: string): void {
    this.unsettled.delete(id);
    this.changed.delete(id);
    const begunAt = this.partOf(id).begunAt(id);
    // A part that was never read shows no change and lacks none: its first read gets all of them.
    if (begunAt === undefined) return;
    const [endpoint, group] = [this.endpoints.read(id), this.groups.read(id)];
    const writes = this.recentWrites.unseenOf(id, begunAt);
    const read = { endpoint: endpoint?.fact, group: group?.fact };
    const { facts, shown } = mergeResource(read, writes);
    this.recentWrites.noteShown(shown);
    this.endpoints.merge(id, facts.endpoint, endpoint);
    this.groups.merge(id, facts.group, group);
  }
}

type Marks = Pick<OwnedResource, 'uid' | 'name'>;

function areOf(marks: Marks | undefined, { uid, name, formerUids = [] }: OwnerIdentity): boolean {
  if (marks === undefined) return false;
  return marks.name === name || [uid, ...formerUids].some((one) => one === marks.uid);
}

/** A read of a part, if it says more than the one before. */
function newPart<T, Read extends PartRead<T>>(
  part: Pick<MergedPart<T>, 'isNew'>,
  read: Read | CloudError | undefined,
): Read | undefined {
  return read === undefined || read instanceof CloudError || !part.isNew(read) ? undefined : read;
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
