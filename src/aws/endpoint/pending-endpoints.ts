/** Watches endpoints that AWS works on: few small reads for all links, instead of passes. */
import type { PendingEnd } from '../../plan/cloud.ts';
import type { Endpoint } from '../../plan/facts.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { chunk, filterValuesPerCall } from '../client/paginate.ts';
import type { AskOptions } from '../consistency/shared-read.ts';
import type { EndpointsRead } from '../merge-owned.ts';
import { findEndpoints } from './read-endpoints.ts';
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
  /** Takes what was read. */
  readonly observe: (read: EndpointsRead) => void;
  /**
   * Reads network interfaces ahead: the passes that end the waits want to know their addresses, each
   * for itself. Throws `CloudError`.
   */
  readonly readInterfaces: (ids: readonly string[], options: AskOptions) => Promise<unknown>;
  /** An endpoint as it is known now. */
  readonly endpoint: (id: string) => Endpoint | undefined;
}

/** Creates a watch of nothing. */
export function createPendingEndpoints(options: PendingEndpointsOptions): PendingEndpoints {
  return new PolledEndpoints(options);
}

/** Endpoints of one link that are done within this time of each other are told of together. */
const togetherMs = 5_000;
const readTimeLimitMs = 30_000;
/** Interfaces of new endpoints are gathered for so long: for less than AWS needs for an endpoint. */
const interfacesEveryMs = 40_000;
/** Interfaces never change their addresses, and answers are remembered for this long. */
const interfacesMaxAgeMs = 10 * 60_000;

interface Watched {
  readonly id: string;
  /** As it was when the watch began. */
  readonly former: Endpoint | undefined;
}

interface Group {
  readonly endpoints: readonly Watched[];
  /** When AWS was first seen to be done with one of them. */
  doneAt?: number;
  readonly onEnd: (end: PendingEnd) => void;
}

class PolledEndpoints implements PendingEndpoints {
  private readonly options: PendingEndpointsOptions;
  private readonly times: WorkTimes;
  private readonly groups = new Set<Group>();
  private lastReadAt = Number.NEGATIVE_INFINITY;
  private interfacesReadAt = Number.NEGATIVE_INFINITY;
  private cancelTimer: (() => void) | undefined;
  private isReading = false;

  constructor(options: PendingEndpointsOptions) {
    this.options = options;
    this.times = createWorkTimes(options.pollMs);
  }

  watch(ids: readonly string[], onEnd: (end: PendingEnd) => void): () => void {
    for (const id of ids) this.begin(id);
    const endpoints = ids.map((id) => ({ id, former: this.options.endpoint(id) }));
    const group: Group = { endpoints, onEnd };
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
    const { clock, calls, observe } = this.options;
    this.isReading = true;
    const asked = [...this.groups];
    const ids = [
      ...new Set(asked.flatMap(({ endpoints }) => endpoints.map(({ id }) => id))),
    ].sort();
    const begunAt = clock.now();
    this.lastReadAt = begunAt;
    const limit = new AbortController();
    const cancelLimit = clock.setTimer(
      () => limit.abort(new Error('the read takes too long')),
      readTimeLimitMs,
    );
    try {
      const found = new Map<string, Endpoint>();
      for (const part of chunk(ids, filterValuesPerCall)) {
        const filters = [{ Name: 'vpc-endpoint-id', Values: [...part] }];
        for (const one of await findEndpoints(calls, filters, limit.signal)) found.set(one.id, one);
      }
      observe({ ids, found, begunAt });
      for (const group of asked) this.judge(group, begunAt);
      await this.readInterfacesOf([...found.values()], limit.signal);
    } catch {
      // The pass that follows meets the same failure, and says so.
      for (const group of asked) this.end(group, 'unknown');
    }
    cancelLimit();
    this.isReading = false;
    this.schedule();
  }

  /** Reads the interfaces of all endpoints at once that AWS is still at work on. */
  private async readInterfacesOf(
    endpoints: readonly Endpoint[],
    signal: AbortSignal,
  ): Promise<void> {
    const now = this.options.clock.now();
    const ids = endpoints
      .filter(({ state }) => state === 'pending')
      .flatMap(({ networkInterfaceIds }) => networkInterfaceIds);
    if (ids.length === 0 || now < this.interfacesReadAt + interfacesEveryMs) return;
    this.interfacesReadAt = now;
    const options = { since: now - interfacesMaxAgeMs, signal };
    // A pass that needs them meets the same failure, and says so.
    await this.options.readInterfaces(ids, options).catch(() => undefined);
  }

  /** Ends the wait of a link if AWS is done, or if the rest of it takes long. */
  private judge(group: Group, nowMs: number): void {
    const unfinished = this.unfinished(group);
    const finished = group.endpoints.filter((one) => !unfinished.includes(one));
    for (const { id } of unfinished) this.times.look(id);
    for (const { id, former } of finished) this.times.end(id, kindOf(former), nowMs);
    if (finished.length === 0) return;
    group.doneAt ??= nowMs;
    if (unfinished.length === 0 || nowMs - group.doneAt >= togetherMs) this.end(group, 'changed');
  }

  private end(group: Group, end: PendingEnd): void {
    if (this.groups.delete(group)) group.onEnd(end);
  }
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
