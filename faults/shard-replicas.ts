/** Replicas that share shards, on virtual time, over an API server in memory; and those of former versions. */
import { createLeaderLease, type LeaderLease } from '../src/kubernetes/lease/leader-lease.ts';
import { type Lease, leaseType } from '../src/kubernetes/lease/lease.ts';
import {
  createShardSet,
  type ShardSet,
  type ShardSetEnd,
} from '../src/kubernetes/shards/shard-set.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { type Boundary, createBoundary } from './boundary.ts';
import { createConnection } from './cluster/api-connection.ts';
import { type Collection, createCollection } from './cluster/api-server.ts';
import { newLife, type ProcessLife } from './process-life.ts';
import { untilQuiet } from './quiet.ts';
import { createVirtualTime, processClock, type VirtualTime } from './virtual-time.ts';

/** One replica, and what it has. */
export interface ShardReplica {
  readonly life: ProcessLife;
  readonly set: ShardSet;
  /** Shards that it works on. */
  readonly works: Set<string>;
  readonly shutdown: AbortController;
  /** Undefined while it runs. */
  end: ShardSetEnd | undefined;
}

/** A replica of a version that knows one leader. */
export interface FormerReplica {
  readonly life: ProcessLife;
  readonly lease: LeaderLease;
  readonly shutdown: AbortController;
}

const family = { namespace: 'operator', name: 'operator', domain: 'example.com' };
const timing = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

export class ShardReplicas {
  readonly time: VirtualTime = createVirtualTime();
  readonly leases: Collection;
  readonly replicas: ShardReplica[] = [];
  /** How long a replica takes to let go of a shard, in milliseconds. */
  drainMs = 0;
  private readonly boundary: Boundary;
  private ids: readonly string[];

  constructor(ids: readonly string[]) {
    this.ids = ids;
    const nothing = (): void => undefined;
    this.leases = createCollection({
      wallTime: () => new Date(this.time.now()),
      withDefaults: (object) => object,
    });
    this.boundary = createBoundary({
      time: this.time,
      faultAt: nothing as () => undefined,
      onCall: nothing,
      onCrash: nothing,
      onTerminate: nothing,
      onJoin: nothing,
      onUnlease: nothing,
      onEffect: nothing,
    });
  }

  /** From now on there are these shards. */
  share(ids: readonly string[]): void {
    this.ids = ids;
    for (const { set } of this.replicas) set.wake();
  }

  start(name: string): ShardReplica {
    const works = new Set<string>();
    const { life, common } = this.process(name);
    const set = createShardSet({
      ...common,
      ...timing,
      family,
      shards: () => this.ids.map((id) => ({ id, group: id, marks: { place: id } })),
      onGained: (id) => void works.add(id),
      drain: async () => {
        await common.clock.sleep(this.drainMs, new AbortController().signal);
        return true;
      },
      onReleased: (id) => void works.delete(id),
      onLost: () => works.clear(),
    });
    const replica: ShardReplica = {
      life,
      set,
      works,
      shutdown: new AbortController(),
      end: undefined,
    };
    set.becomeReady();
    void set
      .run(replica.shutdown.signal, new AbortController().signal)
      .then((end) => void (replica.end = end));
    this.replicas.push(replica);
    return replica;
  }

  startFormer(name: string): FormerReplica {
    const { life, common } = this.process(name);
    const lease = createLeaderLease({
      ...common,
      ...timing,
      namespace: family.namespace,
      name: family.name,
      onStarted: () => undefined,
      onLost: () => undefined,
    });
    const shutdown = new AbortController();
    void lease.run(shutdown.signal);
    return { life, lease, shutdown };
  }

  private process(name: string) {
    const { time, boundary, leases } = this;
    const life = newLife(name);
    const client = createConnection({
      life,
      boundary,
      time,
      collections: { leases },
      watches: new Set(),
    });
    const clock = processClock(time, life, { wallMs: 0, rate: 1 });
    const common = {
      leases: client.resource<Lease>(leaseType),
      identity: name,
      clock,
      random: () => 0,
      logger: silentLogger(),
    };
    return { life, common };
  }

  /** Nobody works any more. */
  end(): void {
    for (const { life } of this.replicas) life.isAlive = false;
  }

  /** The replicas that may act on a shard at this moment: the question that is asked before each write. */
  actorsOn(id: string): readonly string[] {
    return this.replicas
      .filter(
        ({ life, set }) => life.isAlive && life.frozenUntilMs <= this.time.now() && set.mayAct(id),
      )
      .map(({ life }) => life.name);
  }

  /** Lets virtual time pass, and calls back at each moment at which something may be otherwise. */
  async pass(ms: number, each: () => void = () => undefined): Promise<void> {
    const until = this.time.now() + ms;
    this.time.setTimer(() => undefined, ms);
    for (;;) {
      await untilQuiet(this.boundary);
      each();
      const next = this.time.nextAt();
      if (next === undefined || next > until || this.time.now() >= until) return;
      this.time.step();
    }
  }
}
