import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { WatchMetrics } from '../../telemetry/metrics.ts';
import { onAbort } from '../../runtime/on-abort.ts';
import { withSharedTexts } from '../../runtime/shared-text.ts';
import { ApiConnectionError } from '../client/api-error.ts';
import { compareResourceVersions, keyOf, type KubernetesObject } from '../client/object.ts';
import { createPackedObjects } from './packed-objects.ts';
import {
  createResourceCache,
  type ResourceCache,
  type ResourceChange,
  type WritableResourceCache,
} from './resource-cache.ts';
import { tellInTurns } from './tell-in-turns.ts';
import type { ResourceReader, Selection } from '../client/resource-client.ts';
import { WatchPauses } from './watch-pauses.ts';
import {
  isSilence,
  silent,
  type WatchProblem,
  watchProblemKinds,
  watchProblemOf,
} from './watch-problem.ts';
import type { WatchEvent } from './watch-stream.ts';
import { defaultWatchTiming, type WatchTiming } from './watch-timing.ts';

export interface ResourceWatchOptions<T extends KubernetesObject> extends Selection {
  readonly resource: ResourceReader<T>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics?: WatchMetrics;
  readonly timing?: Partial<WatchTiming>;
  /** Picks the parts of an object to keep; the rest is dropped as soon as it is read. @default all of it */
  readonly keep?: (object: T) => T;
  /**
   * Whether little is asked of an object. Such ones are packed: thousands of them fit into a tenth of the
   * memory, and each time that one is asked for again it is another copy. @default none is packed
   */
  readonly isAtRest?: (object: T) => boolean;
  /** Called when a problem appears, changes its kind, or (undefined) is over. */
  readonly onProblem?: (problem: WatchProblem | undefined) => void;
}

export interface WatchHealth {
  /** Whether a full list was taken over at least once. */
  readonly synced: boolean;
  /** Since the API server last said anything on this watch; undefined before the first time. */
  readonly lastContactAgeMs: number | undefined;
  /** Since the loop last did anything at all, a failing attempt included: a liveness signal. */
  readonly lastActivityAgeMs: number;
  readonly problem: WatchProblem | undefined;
}

/** Keeps a cache equal to a resource on the API server, whatever happens in between. */
export interface ResourceWatch<T extends KubernetesObject> {
  readonly cache: ResourceCache<T>;
  /** Resolves after the first full list; rejects when the watch is stopped before. */
  readonly synced: Promise<void>;
  /**
   * Calls the handler with each change, beginning with an `added` for all that is known, which may take
   * some turns of the event loop where that is packed. Handlers must be quick; what they throw is logged
   * and harms nobody. Returns how to unsubscribe.
   */
  subscribe(handler: (change: ResourceChange<T>) => void): () => void;
  /** Gives the cache the answer to a write, so that the next pass sees it. See `absorb`. */
  absorb(written: T): void;
  /** Runs until the signal aborts; never rejects. May be called once. */
  run(signal: AbortSignal): Promise<void>;
  health(): WatchHealth;
}

/** Creates a watch; `run` starts it. */
export function createResourceWatch<T extends KubernetesObject>(
  options: ResourceWatchOptions<T>,
): ResourceWatch<T> {
  return new Reflector(options);
}

/** After this many failed watches in a row a full list is made, whatever the failures were. */
const failuresUntilList = 3;

/** Packed objects that a new subscriber is told of before others may compute: some milliseconds. */
const addedPerTurn = 100;

type ListCause = 'start' | 'expired' | 'periodic' | 'failures' | 'silence' | 'went-back';

class Reflector<T extends KubernetesObject> implements ResourceWatch<T> {
  readonly cache: WritableResourceCache<T>;
  readonly synced: Promise<void>;
  private readonly options: ResourceWatchOptions<T>;
  private readonly timing: WatchTiming;
  private readonly name: string;
  private readonly pauses: WatchPauses;
  private readonly handlers = new Set<(change: ResourceChange<T>) => void>();
  private settleSynced: { resolve: () => void; reject: (reason: unknown) => void } | undefined;
  private isSynced = false;
  /** Where the next watch begins; undefined when a full list is due. */
  private resourceVersion: string | undefined;
  /** The newest version that the server ever told, whether a list is due or not. */
  private furthest: string | undefined;
  private listCause: ListCause = 'start';
  private relistAt = 0;
  private failedWatches = 0;
  /** Whether the last watch brought something that had not been known. */
  private hasBroughtNews = false;
  /** How long the last watch was to live. */
  private wantedMs = 0;
  /** Whether the last watch ended before its time: then the server may not be the one it was. */
  private hasEndedEarly = false;
  private lastContactAt: number | undefined;
  private lastActivityAt: number;
  private problem: WatchProblem | undefined;

  constructor(options: ResourceWatchOptions<T>) {
    this.options = options;
    this.timing = { ...defaultWatchTiming, ...options.timing };
    this.name = options.resource.type.plural;
    const { isAtRest } = options;
    this.cache = createResourceCache(
      isAtRest === undefined ? undefined : createPackedObjects(isAtRest),
    );
    this.pauses = new WatchPauses(this.timing, options.clock, options.random);
    this.lastActivityAt = options.clock.now();
    // An alert on growth would miss the first failure if the series began with it.
    for (const kind of watchProblemKinds) {
      options.metrics?.failures.inc({ resource: this.name, kind }, 0);
    }
    this.synced = new Promise((resolve, reject) => {
      this.settleSynced = { resolve, reject };
    });
    // A process that does not wait for it must not be ended by its rejection.
    this.synced.catch(() => undefined);
  }

  subscribe(handler: (change: ResourceChange<T>) => void): () => void {
    const call = (change: ResourceChange<T>): void => this.call(handler, change);
    const { isAtRest } = this.options;
    const perTurn = isAtRest === undefined ? Number.POSITIVE_INFINITY : addedPerTurn;
    const told = tellInTurns(this.cache, call, perTurn);
    this.handlers.add(told.handler);
    return () => {
      this.handlers.delete(told.handler);
      told.stop();
    };
  }

  absorb(written: T): void {
    this.publish(this.cache.absorb(this.kept(written)));
  }

  health(): WatchHealth {
    const now = this.options.clock.now();
    return {
      synced: this.isSynced,
      lastContactAgeMs: this.lastContactAt === undefined ? undefined : now - this.lastContactAt,
      lastActivityAgeMs: now - this.lastActivityAt,
      problem: this.problem,
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await this.listAndWatch(signal);
      await this.options.clock.sleep(pauseMs, signal).catch(() => undefined);
    }
    this.settleSynced?.reject(signal.reason);
  }

  /** One connection: a list if one is due, then a watch. Returns the pause before the next. */
  private async listAndWatch(signal: AbortSignal): Promise<number> {
    const startedAt = this.options.clock.now();
    this.hasBroughtNews = false;
    let failure: unknown;
    try {
      this.noteActivity();
      if (this.hasEndedEarly && !this.relistIsDue()) await this.checkPlace(signal);
      if (this.relistIsDue()) await this.list(signal);
      await this.watch(signal);
    } catch (error) {
      if (signal.aborted) return 0;
      failure = error;
    }
    const livedMs = this.options.clock.now() - startedAt;
    this.hasEndedEarly = failure !== undefined || livedMs < this.wantedMs;
    // One that brought news was of use: those who wait for the next news must not wait for longer
    // each time that it breaks.
    if (livedMs >= this.timing.stableMs || this.hasBroughtNews) this.pauses.noteSuccess();
    if (failure !== undefined) return this.pauseAfter(failure);
    // A watch that was asked for only a short time, because a list is due, has done its duty too.
    if (livedMs >= Math.min(this.timing.stableMs, this.wantedMs)) {
      return this.pauses.afterFullLife();
    }
    // A server or a proxy that ends each watch at once must not be called in a tight loop.
    return this.pauses.afterEarlyEnd();
  }

  private pauseAfter(failure: unknown): number {
    const problem = watchProblemOf(this.name, failure);
    this.failedWatches += 1;
    this.options.metrics?.failures.inc({ resource: this.name, kind: problem.kind });
    if (problem.kind === 'Expired') this.forgetPlace('expired');
    else if (isSilence(failure)) this.forgetPlace('silence');
    else if (this.failedWatches >= failuresUntilList) this.forgetPlace('failures');
    this.report(problem);
    return this.pauses.afterFailure(problem, failure);
  }

  private relistIsDue(): boolean {
    if (this.resourceVersion === undefined) return true;
    if (this.options.clock.now() < this.relistAt) return false;
    this.listCause = 'periodic';
    return true;
  }

  private forgetPlace(cause: ListCause): void {
    if (this.resourceVersion === undefined) return;
    this.resourceVersion = undefined;
    this.listCause = cause;
  }

  /**
   * Asks how far the server has come. A watch from a version that the server has not reached stays
   * open and says nothing (kubernetes#107457): after a restore of etcd from a backup, that is for as
   * long as the writes since the backup took.
   */
  private async checkPlace(signal: AbortSignal): Promise<void> {
    const newest = await this.options.resource.newestVersion({ ...this.selection(), signal });
    if (this.noteVersion(newest) === 'went-back') this.forgetPlace('went-back');
  }

  /** Says so when the server's history does not reach to where it has been, once for each time. */
  private noteVersion(version: string): 'went-back' | 'went-on' {
    const known = this.furthest;
    this.furthest = version;
    if (compareResourceVersions(version, known) !== -1) return 'went-on';
    const fields = { resource: this.name, known, newest: version };
    this.options.logger.warn(fields, 'the API server went back in time: a restored backup?');
    return 'went-back';
  }

  private async list(signal: AbortSignal): Promise<void> {
    this.options.metrics?.lists.inc({ resource: this.name, cause: this.listCause });
    // Each page is taken over as it comes: all objects at once would be the most that memory ever holds.
    const keep = (object: T): string => {
      const kept = this.kept(object);
      this.publish(this.cache.putListed(kept));
      return keyOf(kept.metadata);
    };
    const list = await this.options.resource.list({ ...this.selection(), keep, signal });
    this.noteContact();
    this.noteVersion(list.resourceVersion);
    this.publish(this.cache.endList(list.items));
    this.resourceVersion = list.resourceVersion;
    this.relistAt = this.options.clock.now() + this.between(this.timing.relistMs);
    this.failedWatches = 0;
    this.isSynced = true;
    this.settleSynced?.resolve();
  }

  /** Returns when the server ends the watch; throws when it breaks or falls silent. */
  private async watch(signal: AbortSignal): Promise<void> {
    const controller = new AbortController();
    const stopListening = onAbort(signal, () => controller.abort(signal.reason));
    const watchdog = this.startWatchdog(controller);
    const timeoutSeconds = this.watchSeconds();
    // The server counts from when it gets the request; a second is for what lies between.
    this.wantedMs = Math.max(timeoutSeconds - 1, 1) * 1000;
    try {
      const events = await this.options.resource.watch({
        ...this.selection(),
        resourceVersion: this.resourceVersion ?? '',
        timeoutSeconds,
        signal: controller.signal,
      });
      this.noteContact();
      for await (const event of events) {
        if (signal.aborted) return;
        watchdog.restart();
        this.noteContact();
        this.handle(event);
      }
    } finally {
      watchdog.stop();
      stopListening();
      controller.abort(new Error('this watch is over'));
    }
  }

  private startWatchdog(controller: AbortController): { restart: () => void; stop: () => void } {
    const { clock } = this.options;
    const bark = (): void => {
      const detail = `silent for ${this.timing.silenceMs} ms`;
      controller.abort(
        new ApiConnectionError({ verb: 'watch', path: this.name, code: silent, detail }),
      );
    };
    let stop = clock.setTimer(bark, this.timing.silenceMs);
    return {
      restart: () => {
        stop();
        stop = clock.setTimer(bark, this.timing.silenceMs);
      },
      stop: () => stop(),
    };
  }

  private handle(event: WatchEvent<T>): void {
    this.failedWatches = 0;
    this.options.metrics?.events.inc({ resource: this.name, type: event.type });
    const version =
      event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion;
    // The server sends events in the order of their versions: what does not move forward was seen.
    const order = compareResourceVersions(version, this.resourceVersion);
    if (order === 0 || order === -1) return;
    this.hasBroughtNews = true;
    if (event.type !== 'BOOKMARK') {
      const object = this.kept(event.object);
      const isDeletion = event.type === 'DELETED';
      this.publish(isDeletion ? this.cache.remove(object) : this.cache.put(object));
    }
    if (!version) return;
    this.resourceVersion = version;
    this.furthest = version;
  }

  private publish(changes: readonly ResourceChange<T>[]): void {
    this.options.metrics?.objects.set({ resource: this.name }, this.cache.size);
    for (const change of changes) {
      for (const handler of this.handlers) handler(change);
    }
  }

  private call(handler: (change: ResourceChange<T>) => void, change: ResourceChange<T>): void {
    try {
      handler(change);
    } catch (error) {
      this.options.logger.error({ err: error, resource: this.name }, 'watch handler failed');
    }
  }

  private kept(object: T): T {
    const { managedFields: _, ...metadata } = object.metadata;
    const { keep, isAtRest } = this.options;
    const withoutManagers = { ...object, metadata };
    const kept = keep === undefined ? withoutManagers : keep(withoutManagers);
    return isAtRest === undefined ? withSharedTexts(kept) : kept;
  }

  private selection(): Selection {
    const { namespace, labelSelector, fieldSelector } = this.options;
    return {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
  }

  /** No longer than until the next full list. */
  private watchSeconds(): number {
    const untilListMs = this.relistAt - this.options.clock.now();
    const seconds = Math.min(this.between(this.timing.watchSeconds), untilListMs / 1000);
    return Math.max(Math.ceil(seconds), 1);
  }

  private between([shortest, longest]: readonly [number, number]): number {
    return shortest + this.options.random() * (longest - shortest);
  }

  private noteActivity(): void {
    this.lastActivityAt = this.options.clock.now();
  }

  private noteContact(): void {
    this.noteActivity();
    this.lastContactAt = this.lastActivityAt;
    this.pauses.noteContact();
    this.report(undefined);
  }

  /** Says each problem once, not at each retry. */
  private report(problem: WatchProblem | undefined): void {
    const before = this.problem;
    this.problem = problem;
    if (before?.kind === problem?.kind) return;
    const { logger } = this.options;
    const fields = { resource: this.name, kind: problem?.kind, problem: problem?.message };
    if (problem === undefined) logger.info(fields, 'watch works again');
    else if (problem.kind === 'Expired') logger.debug(fields, 'watch has to list again');
    else logger.warn(fields, 'watch failed');
    try {
      this.options.onProblem?.(problem);
    } catch (error) {
      logger.error({ err: error, resource: this.name }, 'problem handler failed');
    }
  }
}
