/** Everything that a replica has seen of the family's Leases, and when, by its own clock. */
import type { Clock } from '../../runtime/clock.ts';
import { compareResourceVersions } from '../client/object.ts';
import type { Lease } from '../lease/lease.ts';
import type { ResourceChange } from '../watch/resource-cache.ts';
import type { Member, ShardLease } from './plan-shards.ts';
import { type LeaseFamily, readFamilyLease } from './shard-lease.ts';

export interface ShardViewOptions {
  readonly family: LeaseFamily;
  /** This replica, which is no member among others. */
  readonly identity: string;
  readonly leaseMs: number;
  readonly clock: Clock;
}

/**
 * Like a lock's view of its lease, but of many: the time that counts is the one at which a change was
 * seen, never the one that another machine's clock wrote into the Lease.
 */
export class ShardView {
  private readonly options: ShardViewOptions;
  private readonly shards = new Map<string, Lease>();
  private readonly vanishedAt = new Map<string, number>();
  private readonly seen = new Map<string, Member>();
  /** The presence Lease of each member that has one. */
  private readonly presences = new Map<string, Lease>();

  constructor(options: ShardViewOptions) {
    this.options = options;
  }

  /** Takes notice of a change. Returns whether it is one that a plan may depend on. */
  note(change: ResourceChange<Lease>): boolean {
    return change.kind === 'deleted' ? this.noteGone(change.object) : this.noteLease(change.object);
  }

  /** Takes notice of a Lease as the API server shows it. Returns whether a plan may depend on it. */
  noteLease(lease: Lease): boolean {
    const read = readFamilyLease(this.options.family, lease);
    if (read === undefined) return false;
    if (read.kind === 'shard') {
      if (isOlder(lease, this.shards.get(read.id))) return false;
      this.shards.set(read.id, lease);
      this.vanishedAt.delete(read.id);
      return true;
    }
    const { identity, state } = read;
    const known = this.presences.get(identity);
    if (identity === this.options.identity || isOlder(lease, known) || isSame(lease, known)) {
      return false;
    }
    this.presences.set(identity, lease);
    const lifeMs = Math.max(read.lifeMs, this.options.leaseMs);
    const before = this.seen.get(identity)?.state;
    this.seen.set(identity, { identity, state, lifeMs, seenAt: this.options.clock.now() });
    return before !== state;
  }

  /** Takes notice that a Lease is not there any more. */
  noteGone(lease: Lease): boolean {
    const read = readFamilyLease(this.options.family, lease);
    const now = this.options.clock.now();
    if (read === undefined) return false;
    if (read.kind === 'shard') {
      const known = this.shards.get(read.id);
      if (known === undefined || isOlder(lease, known)) return false;
      this.shards.delete(read.id);
      this.vanishedAt.set(read.id, now);
      return true;
    }
    const { identity } = read;
    if (!this.presences.delete(identity)) return false;
    const { lifeMs = this.options.leaseMs } = this.seen.get(identity) ?? {};
    this.seen.set(identity, { identity, state: 'gone', lifeMs, seenAt: now });
    return true;
  }

  /** The Lease of a shard. */
  leaseOf(id: string): Lease | undefined {
    return this.shards.get(id);
  }

  /** The presence Lease of another replica. */
  presenceOf(identity: string): Lease | undefined {
    return this.presences.get(identity);
  }

  leases(): readonly ShardLease[] {
    return [...this.shards].map(([id, { spec }]) => ({ id, holder: spec?.holderIdentity ?? '' }));
  }

  get vanished(): ReadonlyMap<string, number> {
    return this.vanishedAt;
  }

  /** Every other replica, and holders that nobody has seen the presence of. */
  members(): readonly Member[] {
    const now = this.options.clock.now();
    const { leaseMs, identity: own } = this.options;
    const holders = new Set(this.leases().map(({ holder }) => holder));
    for (const identity of holders) {
      if (identity === '' || identity === own || this.seen.has(identity)) continue;
      this.seen.set(identity, { identity, state: 'gone', seenAt: now, lifeMs: leaseMs });
    }
    for (const { identity, state, seenAt, lifeMs } of this.seen.values()) {
      const isOver = state === 'gone' && now > seenAt + lifeMs;
      if (isOver && !holders.has(identity)) this.seen.delete(identity);
    }
    for (const [id, since] of this.vanishedAt) {
      if (now > since + leaseMs) this.vanishedAt.delete(id);
    }
    return [...this.seen.values()];
  }
}

/** Whether a Lease is an older state of the one that is known. */
function isOlder(lease: Lease, known: Lease | undefined): boolean {
  const [one, other] = [lease.metadata.resourceVersion, known?.metadata.resourceVersion];
  return compareResourceVersions(one, other) === -1;
}

function isSame({ metadata }: Lease, known: Lease | undefined): boolean {
  return (
    metadata.uid === known?.metadata.uid &&
    metadata.resourceVersion === known?.metadata.resourceVersion
  );
}
