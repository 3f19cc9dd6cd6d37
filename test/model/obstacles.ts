/** What keeps a spec from being true in a world, as the reasons that a user should read. */
import type { Reason } from '../../src/api/conditions.ts';
import type {
  EndpointSpec,
  SageMakerPrivateLinkSpec,
} from '../../src/api/sagemaker-private-link.ts';
import type { EndpointService, Subnet, Vpc } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import { securityGroupName } from '../../src/plan/ownership/ownership.ts';
import { accessObstacles } from './access-goal.ts';
import { type AwsWorld, holdsResources } from './aws-world.ts';
import { freeAddresses } from './endpoint-writes.ts';
import {
  carries,
  ownedBy,
  serviceNameOfEntry,
  subnetsOf,
  usableSubnetsOf,
  vpcsOf,
  wantedSources,
} from './goal.ts';
import { ruleWeights } from './group-writes.ts';
import { carriesTagsOf, isFormerSelf } from './model-cloud.ts';

/** Every reason for which the link may rightly be unfinished in this world. */
export function obstaclesIn(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): ReadonlySet<Reason> {
  const obstacles = [...firstObstacles(world, owner, spec)];
  // A part that cannot go on because of one of these says so.
  const held = obstacles.length > 0 && spec.notebookAccess !== undefined;
  return new Set([
    ...obstacles,
    ...(held ? (['WaitingForPolicy', 'Progressing'] as const) : []),
    ...only(obstacles.length > 0 && hasLeavers(world, owner, spec), 'WaitingForSuccessor'),
  ]);
}

/** The reasons that lie in the world itself. */
function firstObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): Iterable<Reason> {
  const [vpc, ...others] = vpcsOf(world, spec);
  if (vpc === undefined) return withLack(world, owner, spec, 'VPCNotFound');
  if (others.length > 0) return withLack(world, owner, spec, 'AmbiguousVPC');
  const isAway = homesOf(world, owner).some((id) => id !== vpc.id);
  return [
    ...(isAway ? withLack(world, owner, spec, 'VPCChanged') : []),
    ...subnetObstacles(world, owner, spec, vpc),
    ...spec.endpoints.flatMap((entry) => entryObstacles(world, owner, spec, { vpc, entry })),
    ...groupObstacles(world, owner, spec, vpc),
    ...quotaObstacles(world, owner, spec, vpc),
    ...accessObstacles(world, owner, spec),
  ];
}

/** Whether endpoints that left the spec still stand: they stay until every entry is served. */
function hasLeavers(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): boolean {
  const names = spec.endpoints.map(serviceNameOfEntry);
  return ownedBy(world, owner).endpoints.some(({ serviceName }) => !names.includes(serviceName));
}

/** VPCs in which the link has something that stands. */
function homesOf(world: AwsWorld, owner: OwnerIdentity): readonly string[] {
  const { endpoints, groups } = ownedBy(world, owner);
  return [...endpoints.filter(({ state }) => state !== 'deleting'), ...groups].map(
    ({ vpcId }) => vpcId,
  );
}

/** Without a VPC: what is at AWS is still looked after where it is. */
function withLack(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  reason: Reason,
): ReadonlySet<Reason> {
  const homes = [...new Set(homesOf(world, owner))].flatMap((id) => world.vpcs.get(id) ?? []);
  return new Set([
    reason,
    ...homes.flatMap((vpc) => [
      ...subnetObstacles(world, owner, spec, vpc),
      ...spec.endpoints.flatMap((entry) => entryObstacles(world, owner, spec, { vpc, entry })),
      ...groupObstacles(world, owner, spec, vpc),
      ...quotaObstacles(world, owner, spec, vpc),
    ]),
    ...accessObstacles(world, owner, spec),
  ]);
}

function subnetObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
): readonly Reason[] {
  const subnets = subnetsOf(world, spec, vpc.id);
  const { ids } = spec.subnets;
  const inUse = ownedBy(world, owner).endpoints.flatMap(({ subnetIds }) => subnetIds);
  const usable = usableSubnetsOf(world, spec, vpc.id);
  const isServed = (zone: string): boolean =>
    inUse.some((id) => world.subnets.get(id)?.zone === zone);
  // Tags that match what cannot be used pass it over, as long as something else can be, and no zone
  // is lost by that.
  const needed = subnets.filter(
    ({ id, zone }) =>
      ids !== undefined ||
      usable.length === 0 ||
      inUse.includes(id) ||
      (isServed(zone) && !usable.some((one) => one.zone === zone)),
  );
  const zones = new Set(subnets.map(({ zone }) => zone));
  return [
    ...only(ids?.some((id) => !world.subnets.has(id)) === true, 'SubnetNotFound'),
    ...only(ids?.some((id) => isElsewhere(world.subnets.get(id), vpc)) === true, 'SubnetNotInVPC'),
    ...only(ids !== undefined && zones.size < subnets.length, 'DuplicateZone'),
    ...only(ids === undefined && subnets.length === 0, 'NoSubnet'),
    ...only(
      needed.some(({ ownerId }) => ownerId !== world.account),
      'SharedSubnet',
    ),
    ...only(
      needed.some((one) => !carries(one, spec.ipAddressType)),
      'UnsupportedIPAddressType',
    ),
  ];
}

function isElsewhere(subnet: Subnet | undefined, { id }: Vpc): boolean {
  return subnet !== undefined && subnet.vpcId !== id;
}

function entryObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  { vpc, entry }: { readonly vpc: Vpc; readonly entry: EndpointSpec },
): readonly Reason[] {
  const serviceName = serviceNameOfEntry(entry);
  const service = world.services.get(serviceName);
  const dns = world.dns.get(vpc.id);
  const dnsOn = dns?.enableDnsHostnames === true && dns.enableDnsSupport;
  const inVpc = [...world.endpoints.values()].filter(
    (one) => one.vpcId === vpc.id && one.serviceName === serviceName && holdsResources(one),
  );
  const rivals = inVpc.filter((one) => one.privateDnsEnabled && !carriesTagsOf(one.tags, owner));
  const ownStates = inVpc.filter(({ tags }) => carriesTagsOf(tags, owner)).map((one) => one.state);
  const former = inVpc.filter(({ tags }) => isFormerSelf(tags, owner));
  const usable = ['available', 'pending', 'pendingacceptance'];
  const isTakenBack =
    spec.adoption === 'IfUnowned' && former.some(({ state }) => usable.includes(state));
  return [
    ...(service === undefined
      ? (['ServiceNotFound'] as const)
      : serviceObstacles(world, owner, spec, { vpc, entry, service })),
    ...only(former.length > 0 && !isTakenBack && ownStates.length === 0, 'OwnershipConflict'),
    ...only(
      former.some(({ state }) => state === 'deleting'),
      'WaitingForDeletion',
    ),
    ...only(entry.privateDNS && !dnsOn, 'VPCDNSDisabled'),
    ...only(entry.privateDNS && rivals.length > 0, 'PrivateDNSConflict'),
    ...only(ownStates.includes('rejected'), 'EndpointRejected'),
    ...only(ownStates.includes('failed') || ownStates.includes('expired'), 'EndpointFailed'),
    ...only(ownStates.includes('partial') || ownStates.includes('unknown'), 'EndpointPending'),
    ...only(ownStates.includes('pendingacceptance'), 'PendingAcceptance'),
  ];
}

interface ServiceEntry {
  readonly vpc: Vpc;
  readonly entry: EndpointSpec;
  readonly service: EndpointService;
}

function serviceObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  { vpc, entry, service }: ServiceEntry,
): readonly Reason[] {
  const subnets = usableSubnetsOf(world, spec, vpc.id);
  const unserved = subnets.filter(({ zone }) => !service.zones.includes(zone));
  // An endpoint in another subnet of the zone stays there: nothing could take over.
  const zonesInUse = ownedBy(world, owner)
    .endpoints.filter(({ serviceName }) => serviceName === service.name)
    .flatMap(({ subnetIds }) => subnetIds.map((id) => world.subnets.get(id)?.zone));
  const fails =
    spec.subnets.unsupportedZones === 'Fail' ||
    unserved.length === subnets.length ||
    unserved.some(({ zone }) => zonesInUse.includes(zone));
  const needs6 = spec.ipAddressType !== 'ipv4';
  return [
    ...only(unserved.length > 0 && fails, 'UnsupportedZone'),
    ...only(entry.policy !== undefined && !service.policySupported, 'PolicyNotSupported'),
    ...only(needs6 && !service.ipAddressTypes.includes('ipv6'), 'UnsupportedIPAddressType'),
  ];
}

function groupObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
): readonly Reason[] {
  const { ids, ingress = [] } = spec.securityGroup ?? {};
  const sources = ingress.flatMap(({ securityGroupId }) => securityGroupId ?? []);
  const missing =
    (ids ?? []).some((id) => world.groups.get(id)?.vpcId !== vpc.id) ||
    sources.some((id) => !world.groups.has(id));
  const lists = ingress.flatMap(({ prefixListId }) => prefixListId ?? []);
  const namesake = [...world.groups.values()].some(
    ({ name, vpcId, tags }) =>
      vpcId === vpc.id && name === securityGroupName(owner) && !carriesTagsOf(tags, owner),
  );
  const former = [...world.groups.values()].some(
    ({ vpcId, tags }) => vpcId === vpc.id && isFormerSelf(tags, owner),
  );
  const { groups } = ownedBy(world, owner);
  const owned = groups.map(({ id }) => id);
  const hasOwn = groups.some(({ vpcId }) => vpcId === vpc.id);
  const stays = former && !hasOwn && spec.adoption === 'Never';
  const referenced = [...world.groups.values()].some(({ rules = [] }) =>
    rules.some(
      ({ source }) => 'securityGroupId' in source && owned.includes(source.securityGroupId),
    ),
  );
  const used = [...world.endpoints.values()].some(
    (one) =>
      holdsResources(one) &&
      !carriesTagsOf(one.tags, owner) &&
      one.securityGroupIds.some((id) => owned.includes(id)),
  );
  return [
    ...only(missing, 'SecurityGroupNotFound'),
    ...only(
      lists.some((id) => !world.prefixLists.has(id)),
      'PrefixListNotFound',
    ),
    ...only((namesake || stays) && ids === undefined, 'OwnershipConflict'),
    ...only(referenced || used, 'SecurityGroupInUse'),
  ];
}

function quotaObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
): readonly Reason[] {
  const inVpc = [...world.endpoints.values()].filter(
    (one) => one.vpcId === vpc.id && holdsResources(one),
  );
  const foreign = inVpc.filter(({ tags }) => !carriesTagsOf(tags, owner)).length;
  const tooMany = foreign + spec.endpoints.length > world.quotas.endpointsPerVpc;
  const full = subnetsOf(world, spec, vpc.id).some(
    (one) => freeAddresses(world, one) < Math.max(1, missingIn(world, owner, spec, one)),
  );
  return [
    ...only(tooMany || full || mayBeFullOfRules(world, owner, spec, vpc), 'QuotaExceeded'),
    ...only(full, 'InsufficientFreeAddresses'),
  ];
}

/** How many of the spec's endpoints have no interface in a subnet yet. */
function missingIn(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  { id }: Subnet,
): number {
  const names = spec.endpoints.map(serviceNameOfEntry);
  const there = ownedBy(world, owner).endpoints.filter(
    ({ serviceName, subnetIds }) => names.includes(serviceName) && subnetIds.includes(id),
  );
  return names.length - new Set(there.map(({ serviceName }) => serviceName)).size;
}

/** Rules of before and after do not fit in one group together, so perhaps none can be changed. */
function mayBeFullOfRules(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
): boolean {
  const [group] = ownedBy(world, owner).groups;
  const present = (group?.rules ?? []).filter((one) => !one.isEgress).map(({ source }) => source);
  const wanted = wantedSources(spec, vpc).map((text) => {
    if (text.startsWith('pl-')) return { prefixListId: text };
    return text.startsWith('sg-') ? { securityGroupId: text } : { cidr: text };
  });
  return Math.max(...ruleWeights(world, [...present, ...wanted])) > world.quotas.rulesPerGroup;
}

function only(holds: boolean, reason: Reason): readonly Reason[] {
  return holds ? [reason] : [];
}
