/** What clients of a link reach in a model world: addresses, private names, admitted sources. */
import type { SageMakerPrivateLinkSpec } from '../../src/api/sagemaker-private-link.ts';
import type { Endpoint } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import type { AwsWorld } from './aws-world.ts';
import { freeAddresses } from './endpoint-writes.ts';
import { admittedSources, ownedBy, serviceNameOfEntry, subnetsOf, wantedSources } from './goal.ts';
import { ruleWeights } from './group-writes.ts';

/** How a service can be used. */
export interface Reach {
  /** Zones with an interface that takes traffic. */
  readonly zones: ReadonlySet<string>;
  readonly subnetIds: ReadonlySet<string>;
  /** Whether private names lead to an endpoint that takes traffic. */
  readonly privateDns: boolean;
  /** Whether private names lead to an endpoint that takes none. */
  readonly namesLeadNowhere: boolean;
  readonly sources: ReadonlySet<string>;
}

export type ReachByService = ReadonlyMap<string, Reach>;

/**
 * Follows a world: an interface takes traffic from the moment on that AWS shows its endpoint as
 * available, and as long as it is there.
 */
export function createReachWatch(world: AwsWorld, owner: OwnerIdentity): () => ReachByService {
  let serving: ReadonlySet<string> = new Set();
  return () => {
    const { endpoints } = ownedBy(world, owner);
    serving = new Set(
      endpoints.flatMap(({ state, networkInterfaceIds }) => {
        if (state === 'available') return networkInterfaceIds;
        return state === 'pending' ? networkInterfaceIds.filter((id) => serving.has(id)) : [];
      }),
    );
    const services = new Set(endpoints.map(({ serviceName }) => serviceName));
    return new Map(
      [...services].map((name) => {
        const ofService = endpoints.filter(({ serviceName }) => serviceName === name);
        return [name, reachOf(world, ofService, serving)];
      }),
    );
  };
}

function reachOf(
  world: AwsWorld,
  endpoints: readonly Endpoint[],
  serving: ReadonlySet<string>,
): Reach {
  const takesTraffic = ({ networkInterfaceIds }: Endpoint): boolean =>
    networkInterfaceIds.some((id) => serving.has(id));
  const used = endpoints.filter(takesTraffic);
  const interfaces = used
    .flatMap(({ networkInterfaceIds }) => networkInterfaceIds.filter((id) => serving.has(id)))
    .flatMap((id) => world.interfaces.get(id) ?? []);
  const groups = used
    .flatMap(({ securityGroupIds }) => securityGroupIds)
    .flatMap((id) => world.groups.get(id) ?? []);
  return {
    zones: new Set(interfaces.map(({ zone }) => zone)),
    subnetIds: new Set(interfaces.map(({ subnetId }) => subnetId)),
    privateDns: used.some(({ privateDnsEnabled }) => privateDnsEnabled),
    namesLeadNowhere: endpoints.some(
      (one) => one.privateDnsEnabled && one.state === 'pending' && !takesTraffic(one),
    ),
    sources: new Set(groups.flatMap(admittedSources).filter((source) => source !== 'other')),
  };
}

/** Every way in which clients have lost what they had and what the new spec leaves them. */
export function losses(
  world: AwsWorld,
  {
    before,
    now,
    spec,
  }: {
    readonly before: ReachByService;
    readonly now: ReachByService;
    readonly spec: SageMakerPrivateLinkSpec;
  },
): readonly string[] {
  return spec.endpoints.flatMap((entry) => {
    const name = serviceNameOfEntry(entry);
    const had = before.get(name);
    if (had === undefined || had.zones.size === 0) return [];
    const has = now.get(name) ?? nothing;
    const interrupted = mayBeInterrupted(world, name, had, spec);
    const lost = [
      ...lostZones(world, had, has, spec, interrupted),
      ...(had.privateDns && entry.privateDNS && !has.privateDns && !interrupted
        ? ['its private names']
        : []),
      ...(has.namesLeadNowhere && !interrupted ? ['its public names'] : []),
      ...(has.zones.size === 0 ? [] : lostSources(world, had, has, spec)),
    ];
    return lost.map((what) => `${name} has lost ${what}`);
  });
}

const nothing: Reach = {
  zones: new Set(),
  subnetIds: new Set(),
  privateDns: false,
  namesLeadNowhere: false,
  sources: new Set(),
};

/**
 * What AWS offers no way around: the only zone gets another subnet, which has a free address or has
 * given its last one to the service's endpoint.
 */
function mayBeInterrupted(
  world: AwsWorld,
  serviceName: string,
  had: Reach,
  spec: SageMakerPrivateLinkSpec,
): boolean {
  const taken = new Set(
    [...world.endpoints.values()].flatMap((one) =>
      one.serviceName === serviceName ? one.subnetIds : [],
    ),
  );
  const successors = subnetsOf(world, spec, 'vpc-main').filter(
    (subnet) => had.zones.has(subnet.zone) && !had.subnetIds.has(subnet.id),
  );
  return (
    had.zones.size === 1 &&
    successors.some((one) => taken.has(one.id) || freeAddresses(world, one) > 0)
  );
}

function lostZones(
  world: AwsWorld,
  had: Reach,
  has: Reach,
  spec: SageMakerPrivateLinkSpec,
  interrupted: boolean,
): readonly string[] {
  if (interrupted) return [];
  if (has.zones.size === 0) return ['every address'];
  const wanted = new Set(subnetsOf(world, spec, 'vpc-main').map(({ zone }) => zone));
  const down = [...had.zones].filter((zone) => wanted.has(zone) && !has.zones.has(zone));
  return down.length <= 1 ? [] : [`${down.join(' and ')} at once`];
}

function lostSources(
  world: AwsWorld,
  had: Reach,
  has: Reach,
  spec: SageMakerPrivateLinkSpec,
): readonly string[] {
  const vpc = world.vpcs.get('vpc-main');
  if (vpc === undefined) return [];
  const groups = (spec.securityGroup?.ids ?? []).flatMap((id) => world.groups.get(id) ?? []);
  const wanted =
    spec.securityGroup?.ids === undefined
      ? wantedSources(spec, vpc)
      : groups.flatMap(admittedSources);
  const common = wanted.filter((source) => had.sources.has(source));
  const lost = common.filter((source) => !has.sources.has(source));
  const all = [...new Set([...had.sources, ...wanted])].map((text) => {
    if (text.startsWith('pl-')) return { prefixListId: text };
    return text.startsWith('sg-') ? { securityGroupId: text } : { cidr: text };
  });
  // Where before and after do not fit in a group together, one of the common sources is enough.
  const isFull = Math.max(...ruleWeights(world, all)) > world.quotas.rulesPerGroup;
  if (has.sources.size === 0 && had.sources.size > 0) return ['every admitted source'];
  if (lost.length === 0 || (isFull && lost.length < common.length)) return [];
  return [`the sources ${lost.join(', ')}`];
}
