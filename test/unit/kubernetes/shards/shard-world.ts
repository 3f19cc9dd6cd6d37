/** A Kubernetes with Leases, and replicas which act on the plan and nothing else; each hears late. */
import {
  type Holding,
  type Member,
  type MemberState,
  planShards,
  type ShardLease,
} from '../../../../src/kubernetes/shards/plan-shards.ts';

interface Stored {
  readonly holder: string;
  readonly version: number;
}

interface Presence {
  readonly version: number;
  readonly state: MemberState;
}

/** What one replica knows, and does. */
interface Replica {
  readonly identity: string;
  state: MemberState;
  isAlive: boolean;
  isFrozen: boolean;
  /** Until when it may work, by the time of its last renewal. */
  deadline: number;
  readonly holdings: Map<string, Holding>;
  leases: ReadonlyMap<string, Stored>;
  readonly seen: Map<string, Member & { readonly version: number }>;
  readonly vanished: Map<string, number>;
}

export class ShardWorld {
  readonly wanted = new Set<string>(['shard-0', 'shard-1', 'shard-2']);
  private readonly leaseMs: number;
  private readonly leases = new Map<string, Stored>();
  private readonly present = new Map<string, Presence>();
  private readonly slots: (Replica | undefined)[] = [];
  private readonly all: Replica[] = [];
  private now = 0;
  private versions = 0;

  constructor(leaseMs: number) {
    this.leaseMs = leaseMs;
  }

  pass(ms: number): void {
    this.now += ms;
  }

  want(id: string): void {
    this.wanted.add(id);
  }

  unwant(id: string): void {
    this.wanted.delete(id);
  }

  act(
    kind: 'come' | 'plan' | 'hear' | 'drained' | 'leave' | 'die' | 'freeze' | 'thaw',
    slot: number,
  ): void {
    const replica = this.slots[slot];
    if (kind === 'come') {
      if (replica === undefined || !replica.isAlive) this.slots[slot] = this.born();
      return;
    }
    if (replica?.isAlive !== true) return;
    if (kind === 'die') replica.isAlive = false;
    if (kind === 'freeze') replica.isFrozen = true;
    if (kind === 'thaw') replica.isFrozen = false;
    if (replica.isFrozen) return;
    if (kind === 'leave') replica.state = 'leaving';
    if (kind === 'hear') this.hear(replica);
    if (kind === 'plan') this.plan(replica);
    if (kind === 'drained') drained(replica);
  }

  /** Everybody hears, decides, and has nothing in flight. */
  turn(): void {
    for (let count = 0; count < 4; count += 1) {
      for (const replica of this.all.filter(({ isAlive, isFrozen }) => isAlive && !isFrozen)) {
        this.hear(replica);
        this.plan(replica);
        drained(replica);
      }
    }
  }

  /** Shards that more than one replica works on at this moment. */
  doubled(): readonly string[] {
    const ids = this.all.flatMap((one) => [...one.holdings.keys()].filter(() => this.mayAct(one)));
    return ids.filter((id, index) => ids.indexOf(id) !== index);
  }

  workerOf(id: string): string | undefined {
    return this.all.find((one) => this.mayAct(one) && one.holdings.get(id) === 'held')?.identity;
  }

  living(): readonly string[] {
    return this.all
      .filter((one) => one.isAlive && !one.isFrozen && this.mayAct(one))
      .map(({ identity }) => identity);
  }

  ready(): readonly string[] {
    return this.all
      .filter((one) => one.state === 'ready' && this.living().includes(one.identity))
      .map(({ identity }) => identity);
  }

  presences(): readonly string[] {
    return [...this.present.keys()];
  }

  /** The fence: two thirds of the lease after the last renewal nothing is done any more. */
  private mayAct({ isAlive, deadline }: Replica): boolean {
    return isAlive && this.now < deadline;
  }

  private born(): Replica {
    const replica: Replica = {
      identity: `replica-${this.all.length + 1}`,
      state: 'ready',
      isAlive: true,
      isFrozen: false,
      deadline: this.now,
      holdings: new Map(),
      leases: new Map(),
      seen: new Map(),
      vanished: new Map(),
    };
    this.all.push(replica);
    replica.deadline = this.now + (this.leaseMs * 2) / 3;
    this.renew(replica);
    this.hear(replica);
    return replica;
  }

  private renew(replica: Replica): void {
    if (!this.mayAct(replica)) {
      // It finds out that its time is over, and ends.
      replica.isAlive = false;
      return;
    }
    this.versions += 1;
    this.present.set(replica.identity, { version: this.versions, state: replica.state });
    replica.deadline = this.now + (this.leaseMs * 2) / 3;
  }

  private hear(replica: Replica): void {
    const { seen, vanished } = replica;
    for (const [id] of replica.leases) {
      if (!this.leases.has(id)) vanished.set(id, this.now);
    }
    for (const id of this.leases.keys()) vanished.delete(id);
    replica.leases = new Map(this.leases);
    for (const [identity, { version, state }] of this.present) {
      if (identity === replica.identity || seen.get(identity)?.version === version) continue;
      seen.set(identity, { identity, state, version, seenAt: this.now, lifeMs: this.leaseMs });
    }
    const holders = [...this.leases.values()].map(({ holder }) => holder);
    for (const identity of new Set([...seen.keys(), ...holders])) {
      const known = seen.get(identity);
      if (identity === '' || identity === replica.identity || this.present.has(identity)) continue;
      if (known?.state === 'gone') continue;
      const { leaseMs: lifeMs } = this;
      seen.set(identity, { identity, state: 'gone', version: 0, seenAt: this.now, lifeMs });
    }
  }

  private plan(replica: Replica): void {
    this.renew(replica);
    if (!replica.isAlive) return;
    const { identity, state, holdings, vanished } = replica;
    const plan = planShards({
      me: { identity, state, holdings },
      members: [...replica.seen.values()],
      leases: [...replica.leases].map(([id, { holder }]): ShardLease => ({ id, holder })),
      vanished,
      shards: [...this.wanted].map((id) => ({ id, group: id })),
      leaseMs: this.leaseMs,
      now: this.now,
    });
    for (const id of plan.lost) holdings.delete(id);
    for (const id of plan.drain) holdings.set(id, 'draining');
    for (const id of plan.take) if (this.take(replica, id)) holdings.set(id, 'held');
    for (const id of plan.release) if (this.write(replica, id, '')) holdings.delete(id);
    for (const id of plan.clean) if (this.take(replica, id)) this.leases.delete(id);
    for (const one of plan.bury) {
      if (this.present.get(one)?.version === replica.seen.get(one)?.version)
        this.present.delete(one);
    }
    if (state === 'leaving' && holdings.size === 0) {
      replica.isAlive = false;
      this.present.delete(identity);
    }
  }

  /** The holder's presence is asked for once more, as the edge does it. */
  private take(replica: Replica, id: string): boolean {
    const holder = replica.leases.get(id)?.holder ?? '';
    const seen = replica.seen.get(holder);
    const now = this.present.get(holder);
    const isRevived = now !== undefined && now.version !== seen?.version;
    return !isRevived && this.write(replica, id, replica.identity);
  }

  private write(replica: Replica, id: string, holder: string): boolean {
    if (this.leases.get(id)?.version !== replica.leases.get(id)?.version) return false;
    this.versions += 1;
    this.leases.set(id, { holder, version: this.versions });
    replica.leases = new Map([...replica.leases, [id, { holder, version: this.versions }]]);
    return true;
  }
}

function drained({ holdings }: Replica): void {
  for (const [id, holding] of holdings) if (holding === 'draining') holdings.set(id, 'drained');
}
