/** What other people do to a link's resources behind the operator's back. */
import fc from 'fast-check';
import type { SageMakerPrivateLinkSpec } from '../../src/api/sagemaker-private-link.ts';
import type { Endpoint, SecurityGroup } from '../../src/plan/facts.ts';
import { type AwsWorld, change, newId, type StoredPolicy } from './aws-world.ts';
import { picky } from './generated-access.ts';
import { anySpec } from './generated-specs.ts';
import { owner, policies } from './generated-worlds.ts';
import { ownedBy } from './goal.ts';

const endpointMishaps = {
  deleted: (one: Endpoint): Endpoint => ({ ...one, state: 'deleting' }),
  'failed at AWS': (one: Endpoint): Endpoint => ({ ...one, state: 'failed' }),
  'given another policy': (one: Endpoint): Endpoint => ({ ...one, policy: policies.narrow }),
  'taken out of its groups': (one: Endpoint): Endpoint => ({ ...one, securityGroupIds: [] }),
  'put in one subnet': (one: Endpoint): Endpoint => ({
    ...one,
    subnetIds: one.subnetIds.slice(0, 1),
  }),
  'without private DNS': (one: Endpoint): Endpoint => ({ ...one, privateDnsEnabled: false }),
  'claimed by another link': (one: Endpoint): Endpoint => ({
    ...one,
    tags: {
      ...one.tags,
      'sagemaker.privatelink.dev/uid': 'uid-2',
      'sagemaker.privatelink.dev/name': 'other',
    },
  }),
  'without any tag': (one: Endpoint): Endpoint => ({ ...one, tags: {} }),
  'given a tag of others': (one: Endpoint): Endpoint => ({
    ...one,
    tags: { ...one.tags, cost: '7' },
  }),
  renamed: (one: Endpoint): Endpoint => ({ ...one, tags: { ...one.tags, Name: 'by hand' } }),
} as const;

const groupMishaps = {
  'without rules': (one: SecurityGroup): SecurityGroup => ({ ...one, rules: [] }),
  'without tags': (one: SecurityGroup): SecurityGroup => ({ ...one, tags: {} }),
  'opened for SSH': (one: SecurityGroup, world: AwsWorld): SecurityGroup => {
    const source = { cidr: '0.0.0.0/0' };
    const rule = { id: newId(world, 'sgr'), isEgress: false, protocol: 'tcp', tags: {} };
    const others = (one.rules ?? []).filter(({ fromPort }) => fromPort !== 22);
    return { ...one, rules: [...others, { ...rule, fromPort: 22, toPort: 22, source }] };
  },
  'opened to the world': (one: SecurityGroup, world: AwsWorld): SecurityGroup => {
    const source = { cidr: '0.0.0.0/0' };
    const rule = { id: newId(world, 'sgr'), isEgress: false, protocol: 'tcp', tags: {} };
    const ports = { fromPort: 443, toPort: 443 };
    const others = (one.rules ?? []).filter((other) => !isOpen(other.source));
    return { ...one, rules: [...others, { ...rule, ...ports, source }] };
  },
} as const;

export type EndpointMishap = keyof typeof endpointMishaps;
export type GroupMishap = keyof typeof groupMishaps;

const policyMishaps = {
  detached: (one: StoredPolicy): StoredPolicy => ({ ...one, attachedTo: [] }),
  'attached to another': (one: StoredPolicy): StoredPolicy => ({
    ...one,
    attachedTo: [...one.attachedTo.filter(({ name }) => name !== picky.name), picky],
  }),
  'given another document': (one: StoredPolicy): StoredPolicy => {
    const versions = one.versions.map((former) => ({ ...former, isDefault: false })).slice(-4);
    const lastVersion = one.lastVersion + 1;
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'a:b' }] };
    const id = `v${lastVersion}`;
    return { ...one, lastVersion, versions: [...versions, { id, isDefault: true, document }] };
  },
  'put back to its oldest version': (one: StoredPolicy): StoredPolicy => ({
    ...one,
    versions: one.versions.map((version, index) => ({ ...version, isDefault: index === 0 })),
  }),
  'without tags': (one: StoredPolicy): StoredPolicy => ({ ...one, tags: {} }),
  renamed: (one: StoredPolicy): StoredPolicy => ({
    ...one,
    tags: { ...one.tags, Name: 'by hand' },
  }),
  deleted: (): undefined => undefined,
} as const;

export type PolicyMishap = keyof typeof policyMishaps;
export const policyMishapNames = keysOf(policyMishaps);

function isOpen(source: object): boolean {
  return 'cidr' in source && source.cidr === '0.0.0.0/0';
}

/** One thing that happens between passes. */
export type Event =
  | { readonly happens: 'pass' | 'restart' | 'status lost' }
  | { readonly happens: 'spec'; readonly spec: SageMakerPrivateLinkSpec }
  | { readonly happens: 'endpoint'; readonly mishap: keyof typeof endpointMishaps }
  | { readonly happens: 'group'; readonly mishap: keyof typeof groupMishaps }
  | { readonly happens: 'policy'; readonly mishap: PolicyMishap };

/** Any event; passes are the most frequent. */
export const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ happens: fc.constantFrom('pass', 'pass', 'restart', 'status lost') }),
  },
  { weight: 2, arbitrary: fc.record({ happens: fc.constant('spec' as const), spec: anySpec }) },
  {
    weight: 4,
    arbitrary: fc.record({
      happens: fc.constant('endpoint' as const),
      mishap: fc.constantFrom(...keysOf(endpointMishaps)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      happens: fc.constant('group' as const),
      mishap: fc.constantFrom(...keysOf(groupMishaps)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      happens: fc.constant('policy' as const),
      mishap: fc.constantFrom(...policyMishapNames),
    }),
  },
);

function keysOf<T extends object>(record: T): (keyof T)[] {
  return Object.keys(record) as (keyof T)[];
}

const by = { what: 'modified', by: 'somebody' } as const;

/** Lets a mishap happen to the first standing endpoint of the link, if it has one. */
export function meddleWithEndpoint(world: AwsWorld, mishap: keyof typeof endpointMishaps): void {
  const one = ownedBy(world, owner).endpoints.find(({ state }) => state === 'available');
  if (one === undefined) return;
  const takesPolicy = world.services.get(one.serviceName)?.policySupported === true;
  // AWS refuses it.
  if (mishap === 'given another policy' && !takesPolicy) return;
  const value = endpointMishaps[mishap](one);
  change(world, world.endpoints, { id: one.id, value }, by);
}

/** Lets a mishap happen to the first group of the link, if it has one. */
export function meddleWithGroup(world: AwsWorld, mishap: keyof typeof groupMishaps): void {
  const [one] = ownedBy(world, owner).groups;
  if (one === undefined) return;
  change(world, world.groups, { id: one.id, value: groupMishaps[mishap](one, world) }, by);
}

/** Lets a mishap happen to the policy of the link, if it has one. */
export function meddleWithPolicy(world: AwsWorld, mishap: PolicyMishap): void {
  const [one] = ownedBy(world, owner).policies;
  if (one === undefined) return;
  change(world, world.policies, { id: one.id, value: policyMishaps[mishap](one) }, by);
}
