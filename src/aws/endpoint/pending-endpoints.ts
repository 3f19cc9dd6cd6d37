/** Watches endpoints that AWS works on: few small reads for all links, instead of passes. */
import { CloudError, type PendingEnd } from '../../plan/cloud.ts';
import type { Endpoint } from '../../plan/facts.ts';
import { ownershipTags } from '../../plan/ownership/ownership.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { chunk, filterValuesPerCall } from '../client/paginate.ts';
import { createKeeper } from '../consistency/kept-fact.ts';
import { createKnownFacts, type ReadFact } from '../consistency/known-facts.ts';
import type { AskOptions } from '../consistency/shared-read.ts';
import type { PartRead } from '../consistency/merged-part.ts';
import type { EndpointsRead } from '../merge-owned.ts';
import { findKnownEndpoints } from './read-endpoints.ts';
import { createWorkTimes, type WorkTimes } from './work-times.ts';

/** The endpoints of one account and region that AWS works on. */
export interface PendingEndpoints {
  /**
   * Calls back once: when AWS is done with all of the endpoints, or with one while the others take
   * longer, or when it could not be asked.
   *
   * @returns how to stop the watch
   */
  watch(ids: readonly string[], onEnd: (end: PendingEnd) => void): () => void;
  /** Notes that AWS begins to work on an endpoint now. */
  begin(id: string): void;
}

export interface PendingEndpointsOptions {
  readonly calls: AwsCalls;
  readonly clock: Clock;
  /** Pause between two reads while something is due, in milliseconds. */
  readonly pollMs: number;
  /**
   * A read of all endpoints of the cluster, where it costs no more than one of those that are waited for:
   * it answers a poll, too. Undefined if it would cost more, or if it may take long.
   */
  readonly readAllEndpoints: (
    poll: { readonly nowMs: number; readonly awaited: number },
    signal: AbortSignal,
  ) => Promise<PartRead<Endpoint> | CloudError> | undefined;
  /** Takes what was read. */
  readonly observe: (read: EndpointsRead) => void;
  /**
   * Reads network interfaces ahead: the passes that end the waits want to know their addresses, each
   * for itself. Throws `CloudError`.
   */
  readonly readInterfaces: (ids: readonly string[], options: AskOptions) => Promise<unknown>;
  /** An endpoint as it is known now. */
  readonly endpoint: (id: string) => Endpoint | undefined;
  /** An endpoint as the last read shows it that shows anything of it. */
  readonly endpointAsRead: (id: string) => Endpoint | undefined;
  /** How long AWS may take to show a change, in milliseconds. */
  readonly settleMs: number;
}

/** Creates a watch of nothing. */
export function createPendingEndpoints(options: PendingEndpointsOptions): PendingEndpoints {
  return new PolledEndpoints(options);
}

/** Endpoints of one link that are done within this time of each other are told of together. */
const togetherMs = 5_000;
const readTimeLimitMs = 30_000;
/** Interfaces never change their addresses, and answers are remembered for this long. */
const interfacesMaxAgeMs = 10 * 60_000;

interface Watched {
  readonly id: string;
  /** As it was when the watch began. */
  readonly former: Endpoint | undefined;
}

interface Group {
  readonly endpoints: readonly Watched[];
  readonly begunAt: number;
  /** When AWS was first seen to be done with one of them. */
  doneAt?: number;
  readonly onEnd: (end: PendingEnd) => void;
}

interface Ahead {
  readonly ids: ReadonlySet<string>;
  readonly readAt: number;
}

/** The looks of a poll, the oldest first. */
type Looks = readonly [EndpointsRead, ...EndpointsRead[]];

const nothingAhead: Ahead = { ids: new Set(), readAt: Number.NEGATIVE_INFINITY };

class PolledEndpoints implements PendingEndpoints {
  private readonly options: PendingEndpointsOptions;
  private readonly times: WorkTimes;
  private readonly groups = new Set<Group>();
  /** The endpoints of the last poll: most are pending still, in the same words. */
  private readonly known = createKnownFacts<Endpoint>(createKeeper());
  private lastReadAt = Number.NEGATIVE_INFINITY;
  /** Interfaces that were read ahead, of endpoints that are waited for, and when. */
  private ahead: Ahead = nothingAhead;
  private cancelTimer: (() => void) | undefined;
  private isReading = false;

  constructor(options: PendingEndpointsOptions) {
    this.options = options;
    this.times = createWorkTimes(options.pollMs);
  }

  watch(ids: readonly string[], onEnd: (end: PendingEnd) => void): () => void {
    for (const id of ids) this.begin(id);
    const endpoints = ids.map((id) => ({ id, former: this.options.endpoint(id) }));
    const group: Group = { endpoints, begunAt: this.options.clock.now(), onEnd };
    this.groups.add(group);
    this.schedule();
    return () => {
      this.groups.delete(group);
      this.schedule();
    };
  }

  begin(id: string): void {
    this.times.begin(id, this.options.clock.now());
  }

  private schedule(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    if (this.isReading || this.groups.size === 0) return;
    const { clock } = this.options;
    const dueAt = Math.min(...[...this.groups].map((group) => this.dueAt(group)));
    this.cancelTimer = clock.setTimer(() => void this.read(), Math.max(0, dueAt - clock.now()));
  }

  /** When AWS may be done with the endpoints of a link. */
  private dueAt(group: Group): number {
    const due = this.unfinished(group).map(({ id, former }) =>
      this.times.dueAt(id, kindOf(former), this.lastReadAt),
    );
    const [first, last] = [Math.min(...due), Math.max(...due)];
    return last - first <= togetherMs ? last : first;
  }

  private unfinished({ endpoints }: Group): readonly Watched[] {
    return endpoints.filter((one) => !isDone(one.former, this.options.endpoint(one.id)));
  }

  private async read(): Promise<void> {
    const { clock, observe } = this.options;
    this.isReading = true;
    const asked = [...this.groups];
    const ids = [
      ...new Set(asked.flatMap(({ endpoints }) => endpoints.map(({ id }) => id))),
    ].sort();
    this.lastReadAt = clock.now();
    const limit = new AbortController();
    const cancelLimit = clock.setTimer(
      () => limit.abort(new Error('the read takes too long')),
      readTimeLimitMs,
    );
    try {
      const looks = await this.look(ids, limit.signal);
      for (const one of looks) observe(one);
      const found = new Map(looks.flatMap((one) => [...one.found]));
      const ended = asked.filter((group) => this.judge(group, looks[0].begunAt));
      for (const group of asked) this.giveUpPresumed(group, found);
      await this.readInterfacesFor(ended, found, limit.signal);
    } catch {
      // The pass that follows meets the same failure, and says so.
      for (const group of asked) this.end(group, 'unknown');
    }
    cancelLimit();
    this.isReading = false;
    this.schedule();
  }

  /** Reads the endpoints: by a read of all if that costs no more, the others by their ids, later. */
  private async look(ids: readonly string[], signal: AbortSignal): Promise<Looks> {
    const { clock, readAllEndpoints } = this.options;
    // A read of all lists these as long as they are there.
    const isListed = (id: string): boolean =>
      this.options.endpoint(id)?.state === 'deleting' && hasOwner(this.options.endpointAsRead(id));
    const goingOnes = new Set(ids.filter(isListed));
    // Where all cannot be read, who wants that says so.
    const all = await readAllEndpoints({ nowMs: clock.now(), awaited: ids.length }, signal);
    if (all === undefined || all instanceof CloudError) return [await this.lookById(ids, signal)];
    const wanted = new Set(ids);
    const known = all.all.filter(({ id }) => wanted.has(id));
    const found = new Map(known.map((one) => [one.id, one.fact()]));
    // One of them that AWS was deleting is gone, as a pass concludes from the same read.
    const told = new Set(ids.filter((id) => found.has(id) || goingOnes.has(id)));
    const missing = ids.filter((id) => !told.has(id));
    // A read by ids begins later: the read of all does not take back what it tells.
    const ofAll = { ids: [...told], found, begunAt: all.begunAt };
    return [ofAll, await this.lookById(missing, signal)];
  }

  private async lookById(ids: readonly string[], signal: AbortSignal): Promise<EndpointsRead> {
    const { clock, calls } = this.options;
    const begunAt = clock.now();
    const facts: ReadFact<Endpoint>[] = [];
    for (const part of chunk(ids, filterValuesPerCall)) {
      const filters = [{ Name: 'vpc-endpoint-id', Values: [...part] }];
      facts.push(...(await findKnownEndpoints(calls, filters, signal, this.known)));
    }
    this.known.keepOnly(facts);
    return { ids, found: new Map(facts.map(({ kept }) => [kept.id, kept.fact()])), begunAt };
  }

  /**
   * Reads the interfaces of all endpoints that are waited for, when a link that waited will ask for one
   * that was not among the last: it would ask for its own alone, and each link after it.
   */
  private async readInterfacesFor(
    ended: readonly Group[],
    found: EndpointsRead['found'],
    signal: AbortSignal,
  ): Promise<void> {
    const isNew = ({ former }: Watched): boolean =>
      former === undefined || former.state === 'pending';
    const interfacesOf = ({ id }: Watched) => found.get(id)?.networkInterfaceIds ?? [];
    const watched = [...this.groups, ...ended].flatMap(({ endpoints }) => endpoints.filter(isNew));
    const wanted = ended.flatMap(({ endpoints }) => endpoints.filter(isNew).flatMap(interfacesOf));
    const since = this.options.clock.now() - interfacesMaxAgeMs;
    const isKnown = (id: string): boolean => this.ahead.readAt >= since && this.ahead.ids.has(id);
    if (wanted.every(isKnown)) return;
    const ids = watched.flatMap(interfacesOf);
    this.ahead = { ids: new Set(ids), readAt: this.options.clock.now() };
    // A pass that needs them meets the same failure, and says so.
    const failed = (): void => void (this.ahead = nothingAhead);
    await this.options.readInterfaces(ids, { since, signal }).catch(failed);
  }

  /** Ends the wait of a link if AWS is done, or if the rest of it takes long. Returns whether it has. */
  private judge(group: Group, nowMs: number): boolean {
    // One that is not known even now was gone when the watch began.
    const isKnown = ({ id }: Watched): boolean => this.options.endpoint(id) !== undefined;
    const unfinished = this.unfinished(group).filter(isKnown);
    const finished = group.endpoints.filter((one) => !unfinished.includes(one));
    for (const { id } of unfinished) this.times.look(id, nowMs);
    for (const { id, former } of finished) this.times.end(id, kindOf(former), nowMs);
    if (finished.length === 0) return false;
    group.doneAt ??= nowMs;
    if (unfinished.length > 0 && nowMs - group.doneAt < togetherMs) return false;
    this.end(group, 'changed');
    return true;
  }

  /**
   * Ends the wait for a change of ours that AWS has not shown in all the time that it may take: somebody
   * may have undone it. A new read of all is believed then.
   */
  private giveUpPresumed(group: Group, found: EndpointsRead['found']): void {
    const { clock, settleMs, endpoint } = this.options;
    if (clock.now() - group.begunAt < settleMs) return;
    const isPresumed = ({ id }: Watched): boolean =>
      !found.has(id) || endpoint(id)?.settling === true;
    if (this.unfinished(group).some(isPresumed)) this.end(group, 'unknown');
  }

  private end(group: Group, end: PendingEnd): void {
    if (this.groups.delete(group)) group.onEnd(end);
  }
}

/** True for one that a read of all lists, which selects by this tag. */
function hasOwner(endpoint: Endpoint | undefined): boolean {
  return endpoint?.tags[ownershipTags.cluster] !== undefined;
}

/** The work that AWS does: it takes its own time for each kind. */
function kindOf(endpoint: Endpoint | undefined): string {
  if (endpoint === undefined) return 'unknown';
  return endpoint.settling === true && endpoint.state !== 'pending' ? 'settling' : endpoint.state;
}

/** True when AWS has got further than it was; a change that is not shown yet has got nowhere. */
function isDone(former: Endpoint | undefined, now: Endpoint | undefined): boolean {
  if (now === undefined) return former !== undefined;
  if (now.settling === true) return false;
  return former === undefined || former.state === 'available' || now.state !== former.state;
}
