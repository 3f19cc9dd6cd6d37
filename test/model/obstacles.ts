/** What keeps a spec from being true in a world, as the reasons that a user should read. */
import type { Reason } from '../../src/api/conditions.ts';
import type {
  EndpointSpec,
  SageMakerPrivateLinkSpec,
} from '../../src/api/sagemaker-private-link.ts';
import type { Subnet, Vpc } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import { securityGroupName } from '../../src/plan/ownership.ts';
import { accessObstacles } from './access-goal.ts';
import { type AwsWorld, holdsResources } from './aws-world.ts';
import { ownedBy, serviceNameOfEntry, subnetsOf, vpcsOf, wantedSources } from './goal.ts';
import { carriesTagsOf } from './model-cloud.ts';

/** Every reason for which the link may rightly be unfinished in this world. */
export function obstaclesIn(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): ReadonlySet<Reason> {
  const [vpc, ...others] = vpcsOf(world, spec);
  if (vpc === undefined) return new Set(['VPCNotFound']);
  if (others.length > 0) return new Set(['AmbiguousVPC']);
  const obstacles = [
    ...subnetObstacles(world, spec, vpc),
    ...spec.endpoints.flatMap((entry) => entryObstacles(world, owner, spec, { vpc, entry })),
    ...groupObstacles(world, owner, spec, vpc),
    ...quotaObstacles(world, owner, spec, vpc),
    ...accessObstacles(world, owner, spec),
  ];
  // What cannot go on because of one of these says so.
  const held = obstacles.length > 0 && spec.notebookAccess !== undefined;
  return new Set([...obstacles, ...(held ? (['WaitingForPolicy', 'Progressing'] as const) : [])]);
}

function subnetObstacles(
  world: AwsWorld,
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
): readonly Reason[] {
  const subnets = subnetsOf(world, spec, vpc.id);
  const { ids } = spec.subnets;
  const zones = new Set(subnets.map(({ zone }) => zone));
  return [
    ...only(ids !== undefined && subnets.length < ids.length, 'SubnetNotFound'),
    ...only(ids !== undefined && zones.size < subnets.length, 'DuplicateZone'),
    ...only(ids === undefined && subnets.length === 0, 'NoSubnet'),
    ...only(
      subnets.some(({ ownerId }) => ownerId !== world.account),
      'SharedSubnet',
    ),
    ...only(
      subnets.some((one) => !carries(one, spec.ipAddressType)),
      'UnsupportedIPAddressType',
    ),
  ];
}

function carries({ cidr, ipv6Cidrs }: Subnet, type: string): boolean {
  if (type === 'ipv4') return cidr !== undefined;
  return ipv6Cidrs.length > 0 && (type === 'dualstack') === (cidr !== undefined);
}

function entryObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  { vpc, entry }: { readonly vpc: Vpc; readonly entry: EndpointSpec },
): readonly Reason[] {
  const service = world.services.get(serviceNameOfEntry(entry));
  if (service === undefined) return ['ServiceNotFound'];
  const subnets = subnetsOf(world, spec, vpc.id);
  const unserved = subnets.filter(({ zone }) => !service.zones.includes(zone));
  const fails = spec.subnets.unsupportedZones === 'Fail' || unserved.length === subnets.length;
  const dns = world.dns.get(vpc.id);
  const dnsOn = dns?.enableDnsHostnames === true && dns.enableDnsSupport;
  const needs6 = spec.ipAddressType !== 'ipv4';
  const inVpc = [...world.endpoints.values()].filter(
    (one) => one.vpcId === vpc.id && one.serviceName === service.name && holdsResources(one),
  );
  const rivals = inVpc.filter((one) => one.privateDnsEnabled && !carriesTagsOf(one.tags, owner));
  const ownStates = inVpc.filter(({ tags }) => carriesTagsOf(tags, owner)).map((one) => one.state);
  return [
    ...only(unserved.length > 0 && fails, 'UnsupportedZone'),
    ...only(entry.policy !== undefined && !service.policySupported, 'PolicyNotSupported'),
    ...only(entry.privateDNS && !dnsOn, 'VPCDNSDisabled'),
    ...only(needs6 && !service.ipAddressTypes.includes('ipv6'), 'UnsupportedIPAddressType'),
    ...only(entry.privateDNS && rivals.length > 0, 'PrivateDNSConflict'),
    ...only(ownStates.includes('rejected'), 'EndpointRejected'),
    ...only(ownStates.includes('failed') || ownStates.includes('expired'), 'EndpointFailed'),
    ...only(ownStates.includes('partial') || ownStates.includes('unknown'), 'EndpointPending'),
    ...only(ownStates.includes('pendingacceptance'), 'PendingAcceptance'),
  ];
}

function groupObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  vpc: Vpc,
): readonly Reason[] {
  const { ids, ingress = [] } = spec.securityGroup ?? {};
  const missing = (ids ?? []).some((id) => world.groups.get(id)?.vpcId !== vpc.id);
  const lists = ingress.flatMap(({ prefixListId }) => prefixListId ?? []);
  const namesake = [...world.groups.values()].some(
    ({ name, vpcId, tags }) =>
      vpcId === vpc.id && name === securityGroupName(owner) && !carriesTagsOf(tags, owner),
  );
  const owned = ownedBy(world, owner).groups.map(({ id }) => id);
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
    ...only(namesake && ids === undefined, 'OwnershipConflict'),
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
  const tooManyRules = wantedSources(spec, vpc).length > world.quotas.rulesPerGroup;
  return only(tooMany || tooManyRules, 'QuotaExceeded');
}

function only(holds: boolean, reason: Reason): readonly Reason[] {
  return holds ? [reason] : [];
}
