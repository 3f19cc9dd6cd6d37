/** Nothing that works is given up before its replacement is certain, whatever AWS refuses. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import type { CloudErrorKind } from '../../../src/plan/cloud.ts';
import type { HoldingsPart } from '../../../src/plan/facts.ts';
import type { AwsWorld } from '../../model/aws-world.ts';
import { cases } from '../../model/cases.ts';
import { plainSpec } from '../../model/generated-specs.ts';
import { emptyWorld, owner, policies, serviceNames } from '../../model/generated-worlds.ts';
import { LinkLife, reasonsOf } from '../../model/link-life.ts';
import type { Call, Fault } from '../../model/model-cloud.ts';
import { createReachWatch, losses, type ReachByService } from '../../model/reachability.ts';
import { expectTrueOrExplained } from './at-rest.ts';

const endpoint = (service: 'api' | 'runtime') =>
  fc.record({
    service: fc.constant(service),
    privateDNS: fc.boolean(),
    policy: fc.constantFrom(undefined, policies.wide, policies.narrow),
  });

/** By ids one subnet of each zone, or none; by tags some that cannot carry every address type. */
const subnetIds = fc
  .tuple(
    fc.constantFrom('subnet-a', 'subnet-a2', undefined),
    fc.constantFrom('subnet-b', 'subnet-b2', undefined),
    fc.constantFrom('subnet-c', 'subnet-c2', undefined),
  )
  .map((ids) => ids.filter((id) => id !== undefined))
  .filter((ids) => ids.length > 0);

const subnetSelector = fc.oneof(
  { weight: 3, arbitrary: subnetIds.map((ids) => ({ ids })) },
  { weight: 1, arbitrary: fc.constantFrom('private', 'spare').map((ml) => ({ tags: { ml } })) },
);

const sources = [
  { cidr: '10.9.0.0/16' },
  { cidr: '10.8.0.0/16' },
  { cidr: '10.7.0.0/16' },
  { securityGroupId: 'sg-user' },
  { securityGroupId: 'sg-unknown' },
  { prefixListId: 'pl-1' },
];

const securityGroup = fc.oneof(
  fc.constant(undefined),
  fc.subarray(sources, { minLength: 1 }).map((ingress) => ({ ingress })),
  fc.constant({ ids: ['sg-user'] }),
  fc.constant({ ids: ['sg-user', 'sg-unknown'] }),
);

/** Services that come, go and take the place of others; one of them is mistyped. */
const others = fc.constantFrom(
  undefined,
  undefined,
  { service: 'metrics' as const, privateDNS: true },
  { serviceName: 'com.amazonaws.eu-west-1.sagemaker.mistyped', privateDNS: true },
);

const anyChange: fc.Arbitrary<SageMakerPrivateLinkSpec> = fc
  .record({
    api: fc.option(endpoint('api'), { nil: undefined, freq: 4 }),
    runtime: fc.option(endpoint('runtime'), { nil: undefined }),
    other: others,
    subnets: subnetSelector,
    securityGroup,
    unsupportedZones: fc.constantFrom('Fail', 'Skip'),
    tags: fc.constantFrom({ team: 'ml' }, { team: 'ops' }),
    ipAddressType: fc.constantFrom(
      'ipv4' as const,
      'ipv4' as const,
      'ipv4' as const,
      'dualstack' as const,
    ),
  })
  .filter(({ api, runtime, other }) => [api, runtime, other].some((one) => one !== undefined))
  .map(({ api, runtime, other, subnets, unsupportedZones, securityGroup: group, ...rest }) => {
    const endpoints = [api, runtime, other].filter((one) => one !== undefined);
    const spec = { ...plainSpec, ...rest, endpoints, subnets: { ...subnets, unsupportedZones } };
    return { ...spec, ...(group === undefined ? {} : { securityGroup: group }) } as never;
  });

/** Which changes AWS refuses from the change of the spec on. */
const refusals = fc.oneof(
  fc.record({ from: fc.nat(8), to: fc.constant(Number.POSITIVE_INFINITY) }),
  fc.nat(8).map((number) => ({ from: number, to: number })),
  fc.constant({ from: 1, to: 0 }),
);

/** Refuses changes by their number, counted from the moment on that it is told to. */
class Refuser {
  /** Parts of what the link has that cannot be read meanwhile. */
  readonly unread: readonly HoldingsPart[];
  private actions = 0;
  private since = Number.POSITIVE_INFINITY;
  private readonly range: { readonly from: number; readonly to: number };
  private readonly as: CloudErrorKind;

  constructor(
    range: { readonly from: number; readonly to: number },
    as: CloudErrorKind,
    unread: readonly HoldingsPart[],
  ) {
    this.range = range;
    this.unread = unread;
    this.as = as;
  }

  begin(): void {
    this.since = this.actions;
  }

  end(): void {
    this.since = Number.POSITIVE_INFINITY;
  }

  readonly faultOf = ({ of, name, number }: Call): Fault | undefined => {
    if (of === 'look') {
      const isUnread = name === 'Owned' && Number.isFinite(this.since) && this.unread.length > 0;
      return isUnread ? { kind: 'unread', parts: this.unread, as: 'Denied' } : undefined;
    }
    this.actions = number + 1;
    const place = number - this.since;
    const { from, to } = this.range;
    return place >= from && place <= to ? { kind: 'refused', as: this.as } : undefined;
  };
}

/** Mostly everything can be read. */
const unread: fc.Arbitrary<readonly HoldingsPart[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.subarray(['endpoints', 'securityGroups', 'rules'] as const) },
);

/** A world in which the user's own group admits one of the sources. */
function worldOf({ scarce, ipv4Only, ...unusual }: Surroundings): AwsWorld {
  const world = emptyWorld(unusual);
  for (const [id, subnet] of world.subnets) {
    const availableAddresses = scarce[id] ?? subnet.availableAddresses;
    const ipv6Cidrs = ipv4Only.includes(id) ? [] : subnet.ipv6Cidrs;
    world.subnets.set(id, { ...subnet, availableAddresses, ipv6Cidrs });
  }
  const group = world.groups.get('sg-user');
  const ports = { isEgress: false, protocol: 'tcp', fromPort: 443, toPort: 443 };
  const rule = { ...ports, id: 'sgr-user', source: { cidr: '10.9.0.0/16' }, tags: {} };
  if (group !== undefined) world.groups.set('sg-user', { ...group, rules: [rule] });
  return world;
}

/** From now on AWS lists fewer zones of a service; endpoints that are in the others stay there. */
function leaveZones({ services }: AwsWorld, leftZones: number): void {
  const api = services.get(serviceNames.api);
  if (api !== undefined) services.set(api.name, { ...api, zones: api.zones.slice(leftZones) });
}

interface Surroundings extends NonNullable<Parameters<typeof emptyWorld>[0]> {
  /** Subnets whose addresses the endpoints of a link have to share. */
  readonly scarce: Readonly<Record<string, number>>;
  readonly ipv4Only: readonly string[];
  /** How many zones AWS takes from the list of a service before the spec changes. */
  readonly leftZones: number;
}

const unusual: fc.Arbitrary<Surroundings> = fc.record({
  scarce: fc.dictionary(fc.constantFrom('subnet-a2', 'subnet-b2', 'subnet-c2'), fc.nat(2)),
  ipv4Only: fc.subarray(['subnet-a', 'subnet-b', 'subnet-c']),
  freeAddresses: fc.array(fc.constantFrom(0, 1), { minLength: 6, maxLength: 6 }),
  listEntries: fc.constantFrom(1, 57, 58, 59, 60, 100),
  ipv6: fc.constant(true),
  leftZones: fc.constantFrom(0, 0, 1, 2),
});

test('from spec to spec, whatever AWS refuses, nobody loses what both specs give', async () => {
  const kinds = fc.constantFrom<CloudErrorKind>('Denied', 'Invalid', 'Throttled');
  await fc.assert(
    fc.asyncProperty(anyChange, anyChange, refusals, kinds, unread, unusual, async (...given) => {
      const [first, second, range, as, parts, surroundings] = given;
      const world = worldOf(surroundings);
      const reach = createReachWatch(world, owner);
      const found = new Set<string>();
      const refuser = new Refuser(range, as, parts);
      const life = new LinkLife({
        world,
        spec: first,
        faultOf: refuser.faultOf,
        rulesAreUnread: parts.includes('rules'),
        afterStep: () => {
          const now = reach();
          const { before, spec } = state;
          for (const loss of losses(world, { before, now, spec })) found.add(loss);
        },
      });
      const state = { before: new Map() as ReachByService, spec: first };
      const { end } = await life.settle();
      fc.pre(reasonsOf(end).length === 0);
      Object.assign(state, { before: reach(), spec: second });
      leaveZones(world, surroundings.leftZones);
      refuser.begin();
      life.change(second);
      await life.settle();
      refuser.end();
      expectTrueOrExplained(life, (await life.settle()).end);
      expect([...found]).toEqual([]);
    }),
    { numRuns: cases(60) },
  );
});
