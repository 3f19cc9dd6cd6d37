/**
 * A small AWS in memory: one account and region, as plain facts that change by whole values. It
 * shares no code with the operator's planning, so that one mistake cannot hide in both.
 */
import type {
  Endpoint,
  EndpointService,
  ManagedPrefixList,
  NetworkInterface,
  PolicyVersion,
  Principal,
  PrincipalPolicies,
  SecurityGroup,
  Subnet,
  Tags,
  Vpc,
  VpcDnsAttributes,
} from '../../src/plan/facts.ts';

/** Who made a change: AWS itself, somebody, or one process of the operator. */
export type Author = string;

/** A customer managed policy at IAM. */
export interface StoredPolicy {
  /** Its ARN. */
  readonly id: string;
  readonly name: string;
  readonly tags: Tags;
  readonly versions: readonly PolicyVersion[];
  /** Number of the newest version that there ever was: none is used again. */
  readonly lastVersion: number;
  readonly attachedTo: readonly Principal[];
  /** Who has it as permissions boundary. */
  readonly boundaryOf: readonly Principal[];
}

/** What a write can change. */
export type Resource = Endpoint | SecurityGroup | StoredPolicy;

/** One change of an endpoint, a group or a policy; what was there before lets a read lag behind. */
export interface Change {
  readonly id: string;
  readonly what: 'created' | 'modified' | 'deleted' | 'tags' | 'progress';
  readonly by: Author;
  /** How many reads had been made when it happened. */
  readonly atRead: number;
  readonly before: Resource | undefined;
}

/** Limits of the account. */
export interface Quotas {
  readonly rulesPerGroup: number;
  readonly endpointsPerVpc: number;
  readonly policiesPerPrincipal: number;
}

export interface AwsWorld {
  readonly account: string;
  readonly partition: string;
  readonly quotas: Quotas;
  /** Rounds that AWS takes to make, change or delete an endpoint. */
  readonly slowness: number;
  readonly vpcs: Map<string, Vpc>;
  readonly dns: Map<string, VpcDnsAttributes>;
  readonly subnets: Map<string, Subnet>;
  readonly services: Map<string, EndpointService>;
  readonly prefixLists: Map<string, ManagedPrefixList>;
  readonly interfaces: Map<string, NetworkInterface>;
  readonly endpoints: Map<string, Endpoint>;
  /** With their rules. */
  readonly groups: Map<string, SecurityGroup>;
  /** By ARN. */
  readonly policies: Map<string, StoredPolicy>;
  /** Who exists at IAM, with all policies but the managed ones of `policies`. */
  readonly principals: PrincipalPolicies[];
  /** Client tokens that AWS remembers: the parameters and the endpoint that they were used for. */
  readonly tokens: Map<string, { readonly parameters: string; readonly endpointId: string }>;
  /** Rounds until the next step of an endpoint that is on its way. */
  readonly remaining: Map<string, number>;
  readonly changes: Change[];
  reads: number;
  nowMs: number;
  lastId: number;
}

/** An empty account. */
export function createWorld(
  options: Partial<Pick<AwsWorld, 'quotas' | 'slowness'>> = {},
): AwsWorld {
  return {
    account: '111122223333',
    partition: 'aws',
    quotas: options.quotas ?? { rulesPerGroup: 60, endpointsPerVpc: 50, policiesPerPrincipal: 10 },
    slowness: options.slowness ?? 1,
    vpcs: new Map(),
    dns: new Map(),
    subnets: new Map(),
    services: new Map(),
    prefixLists: new Map(),
    interfaces: new Map(),
    endpoints: new Map(),
    groups: new Map(),
    policies: new Map(),
    principals: [],
    tokens: new Map(),
    remaining: new Map(),
    changes: [],
    reads: 0,
    nowMs: 0,
    lastId: 0,
  };
}

/** An id that was never used. */
export function newId(world: AwsWorld, prefix: string): string {
  world.lastId += 1;
  return `${prefix}-${world.lastId.toString(16).padStart(17, '0')}`;
}

/** Puts a value in place of another, or takes it away, and remembers what was there. */
export function change<T extends Resource>(
  world: AwsWorld,
  table: Map<string, T>,
  next: { readonly id: string; readonly value: T | undefined },
  how: { readonly what: Change['what']; readonly by: Author },
): void {
  world.changes.push({ id: next.id, ...how, atRead: world.reads, before: table.get(next.id) });
  if (next.value === undefined) table.delete(next.id);
  else table.set(next.id, next.value);
}

/** True while an endpoint keeps its private DNS name, its groups and its interfaces. */
export function holdsResources({ state }: Endpoint): boolean {
  return state !== 'deleted';
}

/** How many rounds AWS shows an endpoint that is gone. */
const tombstoneRounds = 2;

/** Lets AWS work for one round: what is pending gets available, what is deleting goes. */
export function tick(world: AwsWorld): void {
  world.nowMs += 5_000;
  for (const [id, endpoint] of world.endpoints) {
    const next = nextState(endpoint);
    if (next === undefined) continue;
    const left = (world.remaining.get(id) ?? world.slowness) - 1;
    if (left > 0) {
      world.remaining.set(id, left);
      continue;
    }
    world.remaining.delete(id);
    const by = { what: 'progress', by: 'aws' } as const;
    if (next === 'absent') {
      change(world, world.endpoints, { id, value: undefined }, by);
      continue;
    }
    if (next === 'deleted') world.remaining.set(id, tombstoneRounds);
    change(world, world.endpoints, { id, value: { ...endpoint, state: next } }, by);
  }
}

function nextState({ state }: Endpoint): 'available' | 'deleted' | 'absent' | undefined {
  if (state === 'pending') return 'available';
  if (state === 'deleting') return 'deleted';
  return state === 'deleted' ? 'absent' : undefined;
}

/** Everything that a write could change, as text: equal texts mean that nothing was changed. */
export function fingerprint(world: AwsWorld): string {
  const sorted = <T extends { id: string }>(table: Map<string, T>): T[] =>
    [...table.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return JSON.stringify([sorted(world.endpoints), sorted(world.groups), sorted(world.policies)]);
}

/** A world of its own with the same content. */
export function copyOf(world: AwsWorld): AwsWorld {
  return structuredClone(world);
}
