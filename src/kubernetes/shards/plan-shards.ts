/** Which shards a replica takes, keeps and hands over: decided from what it sees, and nothing else. */
import { rendezvous } from './rendezvous.ts';

/** Something that one replica at a time works on. */
export interface Shard {
  /** Unique, and the same for every replica. */
  readonly id: string;
  /** Shards of one group should have the same owner. */
  readonly group: string;
}

/** `joining`: does not work yet. `leaving`: hands over everything and ends. */
export type MemberState = 'joining' | 'ready' | 'leaving';

/** Another replica, by its presence Lease. */
export interface Member {
  readonly identity: string;
  /** `gone`: its presence Lease is not there (any more); it may not have noticed yet. */
  readonly state: MemberState | 'gone';
  /** By our own clock, when a change of its presence was last seen. */
  readonly seenAt: number;
  /** How long it may work after its last renewal, and some more. */
  readonly lifeMs: number;
}

/** The Lease of a shard as it was last seen. */
export interface ShardLease {
  readonly id: string;
  /** Empty: free. */
  readonly holder: string;
}

/**
 * `draining`: what is in flight ends. `cut`: it did not end in time, so that a call may still be on its
 * way. `drained`: nothing is in flight any more.
 */
export type Holding = 'held' | 'draining' | 'cut' | 'drained';

/** This replica. */
export interface Self {
  readonly identity: string;
  readonly state: MemberState;
  readonly holdings: ReadonlyMap<string, Holding>;
}

/** Everything that one decision is made from. */
export interface ShardPlanInput {
  readonly me: Self;
  readonly members: readonly Member[];
  readonly leases: readonly ShardLease[];
  /** By shard: when its Lease was seen to be gone, by our own clock. */
  readonly vanished: ReadonlyMap<string, number>;
  /** Everything that somebody has to work on. */
  readonly shards: readonly Shard[];
  readonly leaseMs: number;
  readonly now: number;
}

/** Ids of shards, and of members for `bury`. */
export interface ShardPlan {
  /** Write our name into the Lease, then work. A Lease that is gone is made. */
  readonly take: readonly string[];
  readonly keep: readonly string[];
  /** Begin nothing new, and let end what is in flight. */
  readonly drain: readonly string[];
  /** Take our name out of the Lease. */
  readonly release: readonly string[];
  /** Somebody else has the Lease against our will: stop at once. */
  readonly lost: readonly string[];
  /** Delete the Lease: nobody works on the shard, and nobody has to. */
  readonly clean: readonly string[];
  /** Delete the presence Lease of a replica that is dead and has nothing any more. */
  readonly bury: readonly string[];
  /** By our own clock, when time alone may change the plan; undefined if it cannot. */
  readonly againAt: number | undefined;
}

/** Makes the plan. Pure. */
export function planShards(input: ShardPlanInput): ShardPlan {
  const { me, shards, leases } = input;
  const byId = new Map(leases.map((lease) => [lease.id, lease]));
  const wanted = new Map(shards.map((shard) => [shard.id, shard]));
  const ids = new Set([...wanted.keys(), ...byId.keys(), ...me.holdings.keys()]);
  const verdicts = [...ids].map((id) => {
    const verdict = decide(input, { id, shard: wanted.get(id), lease: byId.get(id) });
    return { id, verdict };
  });
  const of = (wantedVerdict: Verdict): readonly string[] =>
    verdicts.filter(({ verdict }) => verdict === wantedVerdict).map(({ id }) => id);
  return {
    take: of('take'),
    keep: of('keep'),
    drain: of('drain'),
    release: of('release'),
    lost: of('lost'),
    clean: of('clean'),
    bury: toBury(input),
    againAt: againAt(input),
  };
}

type Verdict = 'take' | 'keep' | 'drain' | 'release' | 'lost' | 'clean' | 'wait';

interface Question {
  readonly id: string;
  /** Undefined where nobody has to work on it. */
  readonly shard: Shard | undefined;
  readonly lease: ShardLease | undefined;
}

function decide(input: ShardPlanInput, question: Question): Verdict {
  const { me } = input;
  const holding = me.holdings.get(question.id);
  if (holding !== undefined) return decideOwn(input, question, holding);
  const { id, shard, lease } = question;
  if (lease?.holder === me.identity) {
    // A request of ours whose answer was not heard took effect after all.
    return shard !== undefined && ownerOf(input, shard) === me.identity ? 'take' : 'release';
  }
  if (!isToBeHad(input, id, lease)) return 'wait';
  if (shard !== undefined) return ownerOf(input, shard) === me.identity ? 'take' : 'wait';
  return lease !== undefined && ownerOf(input, { id, group: id }) === me.identity
    ? 'clean'
    : 'wait';
}

function decideOwn(input: ShardPlanInput, { shard, lease }: Question, holding: Holding): Verdict {
  const { me } = input;
  if (lease !== undefined && lease.holder !== me.identity) return 'lost';
  if (holding === 'draining' || holding === 'cut') return 'wait';
  if (holding === 'drained') return lease === undefined ? 'lost' : 'release';
  if (me.state === 'leaving') return 'drain';
  // Work on what nobody asks for any more may have an end of its own, such as the search for orphans.
  const owner = shard === undefined ? me.identity : ownerOf(input, shard);
  if (owner !== undefined && owner !== me.identity) return 'drain';
  return lease === undefined ? 'take' : 'keep';
}

/** The replica that should have a shard; undefined where nobody is ready for it. */
function ownerOf({ me, members, now }: ShardPlanInput, { group }: Shard): string | undefined {
  const ready = [
    ...(me.state === 'ready' ? [me.identity] : []),
    ...members
      .filter((one) => one.state === 'ready' && isAlive(one, now))
      .map(({ identity }) => identity),
  ];
  return rendezvous(group, ready);
}

function isToBeHad(
  { members, vanished, leaseMs, now }: ShardPlanInput,
  id: string,
  lease: ShardLease | undefined,
): boolean {
  if (lease === undefined) {
    // Somebody deleted it, and whoever had it may still be at work.
    const since = vanished.get(id);
    return since === undefined || now > since + leaseMs;
  }
  if (lease.holder === '') return true;
  const holder = members.find(({ identity }) => identity === lease.holder);
  return holder !== undefined && !isAlive(holder, now);
}

function isAlive({ seenAt, lifeMs }: Member, now: number): boolean {
  return now <= seenAt + lifeMs;
}

function toBury(input: ShardPlanInput): readonly string[] {
  const { members, leases, me, now } = input;
  return members
    .filter((one) => one.state !== 'gone' && !isAlive(one, now))
    .map(({ identity }) => identity)
    .filter(
      (identity) =>
        !leases.some(({ holder }) => holder === identity) &&
        ownerOf(input, { id: identity, group: identity }) === me.identity,
    );
}

function againAt({ members, vanished, leaseMs, now }: ShardPlanInput): number | undefined {
  const ends = [
    ...members.map(({ seenAt, lifeMs }) => seenAt + lifeMs),
    ...[...vanished.values()].map((since) => since + leaseMs),
  ].filter((end) => end >= now);
  // A lease that ends at a moment is over just after it.
  return ends.length === 0 ? undefined : Math.min(...ends) + 1;
}
