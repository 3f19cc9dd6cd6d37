/** One replica's part in sharing the work: its presence, what it holds, and handing over. */
import type { Clock, Random } from '../../runtime/clock.ts';
import { onAbort } from '../../runtime/on-abort.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { WatchMetrics } from '../../telemetry/metrics.ts';
import type { OwnerReference } from '../client/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { createLeaderLease, type LeaderLease } from '../lease/leader-lease.ts';
import type { Lease } from '../lease/lease.ts';
import { createResourceWatch, type ResourceWatch } from '../watch/resource-watch.ts';
import { type Holding, type MemberState, planShards, type Shard } from './plan-shards.ts';
import {
  familySelector,
  type LeaseFamily,
  replicaLeaseName,
  replicaMarks,
  type ShardMarks,
} from './shard-lease.ts';
import { ShardView } from './shard-view.ts';
import { ShardWriter } from './shard-writer.ts';

/** A shard, and what its Lease says of it to people. */
export interface NamedShard extends Shard {
  readonly marks: ShardMarks;
}

export interface ShardSetOptions {
  readonly leases: ResourceClient<Lease>;
  readonly family: LeaseFamily;
  /** Unique for each process, restarts included. */
  readonly identity: string;
  /** Deleted with this object, if the process did not get to it: its pod. */
  readonly owner?: OwnerReference | undefined;
  /** Others take what we have this long after the last sign of life that they saw. */
  readonly leaseDurationMs: number;
  /** We stop acting this long after our last successful renewal began. */
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly watchMetrics?: WatchMetrics;
  /** Everything that somebody has to work on, as it is now. */
  readonly shards: () => readonly NamedShard[];
  /** Work on a shard begins. */
  readonly onGained: (id: string) => void;
  /**
   * Begins nothing new for a shard; resolves when nothing of it is in flight any more: `true` if it has
   * ended, `false` if it was cut off.
   */
  readonly drain: (id: string) => Promise<boolean>;
  /** A shard was given back: work on it is over. */
  readonly onReleased: (id: string) => void;
  /** Time is over for everything, against our will: to be stopped at once. */
  readonly onLost: (why: string) => void;
}

/** `lost`: others may work on what we had. */
export type ShardSetEnd = 'released' | 'lost';

export interface ShardSet {
  /**
   * Takes part until everything is lost, or after `shutdown` until everything is handed over. `stop`
   * ends it where it is. May be called once.
   */
  run(shutdown: AbortSignal, stop: AbortSignal): Promise<ShardSetEnd>;
  /** This replica can work from now on. Before, it gets nothing. */
  becomeReady(): void;
  /** The shards that there are may be others. */
  wake(): void;
  /** Whether a shard may be changed at this very moment. Ask right before each write. */
  mayAct(id: string): boolean;
  /** Why this replica cannot take part; undefined if it can. For `/readyz`. */
  problem(): string | undefined;
}

/** Creates a replica's part. Throws for durations that cannot be safe together. */
export function createShardSet(options: ShardSetOptions): ShardSet {
  return new Replica(options);
}

/**
 * Every replica that shares the work holds this lease under one name, so that a version that knows one
 * leader alone does not lead beside them, and they do not work beside it.
 */
const sharers = 'replicas that share the work';

class Replica implements ShardSet {
  private readonly options: ShardSetOptions;
  private readonly view: ShardView;
  private readonly writer: ShardWriter;
  private readonly watch: ResourceWatch<Lease>;
  /** Our sign of life. */
  private presence: LeaderLease;
  /** The one lease of former versions. */
  private common: LeaderLease;
  /** Counts how often a replica that had nothing came back after its time was over. */
  private returns = 0;
  private readonly holdings = new Map<string, Holding>();
  private readonly over = new AbortController();
  private state: MemberState = 'joining';
  private whyLost: string | undefined;
  private isWoken = false;
  private endPause: () => void = () => undefined;

  constructor(options: ShardSetOptions) {
    const { family, identity, leaseDurationMs: leaseMs, clock, leases } = options;
    this.options = options;
    this.view = new ShardView({ family, identity, leaseMs, clock });
    this.writer = new ShardWriter({ ...options, leaseMs, view: this.view });
    const { watchMetrics: metrics, random, logger } = options;
    this.watch = createResourceWatch<Lease>({
      resource: leases,
      namespace: family.namespace,
      labelSelector: familySelector(family),
      // Our own signs of life come by this watch, too.
      timing: { silenceMs: leaseMs },
      clock,
      random,
      logger,
      ...(metrics === undefined ? {} : { metrics }),
    });
    this.watch.subscribe((change) => {
      if (this.view.note(change)) this.wake();
    });
    this.presence = this.newPresence();
    this.common = this.newCommon();
  }

  private newPresence(): LeaderLease {
    const { family, identity, owner } = this.options;
    return this.lease(replicaLeaseName(family, identity), {
      identity,
      marks: () => replicaMarks(family, { identity, state: this.state }, owner),
    });
  }

  private newCommon(): LeaderLease {
    return this.lease(this.options.family.name, { identity: sharers, isShared: true });
  }

  private lease(
    name: string,
    how: Pick<Parameters<typeof createLeaderLease>[0], 'identity' | 'marks' | 'isShared'>,
  ): LeaderLease {
    return createLeaderLease({
      ...this.options,
      namespace: this.options.family.namespace,
      name,
      ...how,
      onStarted: (leadership) => {
        // At once, so that nothing is written of what a pass makes of the end.
        onAbort(leadership, () => this.lose((leadership.reason as Error).message));
        this.wake();
      },
      onLost: (why) => this.lose(why),
    });
  }

  becomeReady(): void {
    if (this.state === 'joining') this.become('ready');
  }

  private become(state: MemberState): void {
    this.state = state;
    this.presence.hurry();
    this.wake();
  }

  wake(): void {
    this.isWoken = true;
    this.endPause();
  }

  mayAct(id: string): boolean {
    const holding = this.holdings.get(id);
    return (holding === 'held' || holding === 'draining') && this.isInTime();
  }

  problem(): string | undefined {
    const { problem, synced } = this.watch.health();
    if (problem !== undefined) return `Leases cannot be watched: ${problem.message}`;
    if (!synced) return 'the Leases of the replicas have not been listed yet';
    return this.presence.isLeader() ? undefined : 'the own Lease could not be written yet';
  }

  /** Both leases are asked: one that ended finds out here, before its timers. */
  private isInTime(): boolean {
    return this.whyLost === undefined && this.presence.mayAct() && this.common.mayAct();
  }

  async run(shutdown: AbortSignal, stop: AbortSignal): Promise<ShardSetEnd> {
    const { over } = this;
    const stops = [
      onAbort(shutdown, () => this.become('leaving')),
      onAbort(stop, () => this.end(stop.reason)),
    ];
    if (stop.aborted) this.end(stop.reason);
    if (shutdown.aborted) this.become('leaving');
    const watching = this.watch.run(over.signal);
    void this.watch.synced.then(
      () => this.wake(),
      () => undefined,
    );
    const leases = [this.runPresence(), this.runCommon()];
    try {
      await this.share();
    } finally {
      for (const stopListening of stops) stopListening();
      over.abort(new Error('this replica shares the work no more'));
    }
    // Requests that were cut off may take their time to end, and nothing depends on them any more.
    if (this.whyLost !== undefined) return 'lost';
    await Promise.all([watching, ...leases]);
    if (stop.aborted) return 'released';
    await this.writer.removeOwnPresence();
    return 'released';
  }

  private async runPresence(): Promise<void> {
    const { signal } = this.over;
    while ((await this.presence.run(signal)) === 'lost' && !signal.aborted) {
      this.presence = this.newPresence();
    }
  }

  private async runCommon(): Promise<void> {
    const { signal } = this.over;
    while ((await this.common.run(signal)) === 'lost' && !signal.aborted) {
      this.common = this.newCommon();
    }
  }

  /** Until nothing is left to hand over, or everything is lost. */
  private async share(): Promise<void> {
    const { signal } = this.over;
    while (!signal.aborted) {
      this.isWoken = false;
      const againAt = await this.step();
      if (this.isDone()) return;
      if (!this.isWoken && !signal.aborted) await this.pause(againAt);
    }
  }

  private async step(): Promise<number | undefined> {
    if (!this.watch.health().synced) return undefined;
    const { options, view, state, holdings } = this;
    const { identity, leaseDurationMs: leaseMs, clock } = options;
    const shards = options.shards();
    const plan = planShards({
      me: { identity, state, holdings },
      members: view.members(),
      leases: view.leases(),
      vanished: view.vanished,
      shards,
      leaseMs,
      now: clock.now(),
    });
    const [lost] = plan.lost;
    if (lost !== undefined) {
      this.lose(`somebody else has the Lease of ${lost}`);
      return undefined;
    }
    for (const id of plan.drain) this.drain(id);
    const marks = new Map(shards.map((shard) => [shard.id, shard.marks]));
    const work = [
      ...plan.release.map((id) => this.release(id)),
      // Nothing is taken before the lease of former versions is common, or after our time.
      ...(this.isInTime() ? plan.take.map((id) => this.take(id, marks.get(id) ?? {})) : []),
      ...(this.isInTime() ? plan.clean.map((id) => this.writer.clean(id)) : []),
      ...plan.bury.map((dead) => this.writer.bury(dead)),
    ];
    const areDone = await Promise.all(work);
    if (areDone.every(Boolean)) return plan.againAt;
    return Math.min(plan.againAt ?? Infinity, clock.now() + options.retryPeriodMs);
  }

  private async take(id: string, marks: ShardMarks): Promise<boolean> {
    const { returns } = this;
    // A shard that was asked for before our time was over may be somebody else's by now.
    const isInTime = (): boolean => this.returns === returns && this.isInTime();
    const isTaken = await this.writer.take(id, marks, isInTime);
    if (!isTaken || !isInTime()) return isTaken;
    if (!this.holdings.has(id)) {
      this.options.logger.info({ shard: id, instance: this.options.identity }, 'shard taken');
      this.holdings.set(id, 'held');
      this.options.onGained(id);
    }
    return true;
  }

  private drain(id: string): void {
    this.options.logger.info({ shard: id }, 'shard is handed over: running passes may end');
    this.holdings.set(id, 'draining');
    void this.options.drain(id).then((hasEnded) => {
      if (this.holdings.get(id) !== 'draining') return;
      if (hasEnded) return this.note(id, 'drained');
      // A call that was cut off may still arrive: the shard is given back as if we had died.
      this.note(id, 'cut');
      const { clock, leaseDurationMs } = this.options;
      clock.setTimer(() => {
        if (this.holdings.get(id) === 'cut') this.note(id, 'drained');
      }, leaseDurationMs);
    });
  }

  private note(id: string, holding: Holding): void {
    this.holdings.set(id, holding);
    this.wake();
  }

  /** Whether nothing is left that could be handed over in good order. */
  private isDone(): boolean {
    return this.state === 'leaving' && [...this.holdings.values()].every((one) => one === 'cut');
  }

  private async release(id: string): Promise<boolean> {
    const isReleased = await this.writer.release(id);
    if (!isReleased) return false;
    this.holdings.delete(id);
    this.options.logger.info({ shard: id }, 'shard given back');
    this.options.onReleased(id);
    this.wake();
    return true;
  }

  private lose(why: string): void {
    if (this.whyLost !== undefined || this.over.signal.aborted) return;
    if (this.holdings.size === 0) {
      // There is nothing that others could have taken, and nothing to fence.
      this.returns += 1;
      this.options.logger.warn({ why }, 'a replica without work lost its Lease and tries again');
      return;
    }
    this.whyLost = why;
    this.options.onLost(why);
    this.end(new Error(why));
  }

  private end(reason: unknown): void {
    this.over.abort(reason);
    this.wake();
  }

  /** Until something is otherwise, or time alone makes a difference. */
  private async pause(againAt: number | undefined): Promise<void> {
    const { clock } = this.options;
    const pausing = new AbortController();
    this.endPause = () => pausing.abort(new Error('woken up'));
    try {
      await clock.sleep(
        againAt === undefined ? longestPauseMs : Math.max(againAt - clock.now(), 0),
        pausing.signal,
      );
    } catch {
      // Woken up: the caller looks why.
    }
  }
}

const longestPauseMs = 60_000;
