/** The plan of everything that a link has in a VPC, each resource by what it needs itself. Pure. */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import { hasNoRoom } from './endpoint/has-no-room.ts';
import { type Place } from './network/choose-vpc.ts';
import type { DesiredEndpoint } from './endpoint/desired-endpoint.ts';
import type { Endpoint, Holdings, OwnHoldings, Subnet, Vpc } from './facts.ts';
import { asFarAsKnown, planHeldParts } from './endpoint/held-parts.ts';
import { type NamedEntry, subnetsLook } from './network/network-looks.ts';
import { callerIn } from './network/caller-in.ts';
import { freeAddressesLook, vpcEndpointsLook } from './endpoint/endpoint-looks.ts';
import { knownEndpoints } from './ownership/observed-holdings.ts';
import { allFound, answerTo, failureOf } from './observation.ts';
import { opensNotebooks } from './notebook-policy/document/actions.ts';
import type { NotebookAccessPlan } from './notebook-policy/plan-notebook-access.ts';
import type { PathPermission } from './endpoint/endpoint-input.ts';
import { isOpening } from './notebook-policy/ways.ts';
import { liveEndpoints, planEndpoint } from './endpoint/plan-endpoint.ts';
import { withBlocksAsTheyAre } from './security-group/kept-place.ts';
import { partitionOfRegion } from './network/partitions.ts';
import { planLeftovers } from './deletion/plan-leftovers.ts';
import {
  managedGroup,
  planSecurityGroup,
  type SecurityGroupPlan,
} from './security-group/plan-security-group.ts';
import { tagPolicyOf, type TagPolicy } from './tags/plan-tags.ts';
import { reservedAddresses } from './endpoint/reserved-addresses.ts';
import type { PlanInput } from './plan-input.ts';
import { joined, type Stage } from './stage.ts';

/** Where there is a VPC to work in. */
export type PlaceInVpc = Exclude<Place, { kind: 'Nowhere' }>;

/** Everything that the plan of the resources in a VPC depends on. */
export interface ResourcesInput {
  readonly input: PlanInput;
  readonly place: PlaceInVpc;
  readonly vpc: Vpc;
  readonly desired: readonly DesiredEndpoint[];
  readonly entries: readonly NamedEntry[];
  readonly owned: OwnHoldings;
  readonly access: NotebookAccessPlan;
}

/** The group, and what depends on the endpoints: nothing is made or deleted while they are not known. */
export function planResources(resources: ResourcesInput): Stage {
  const { input, place, vpc, owned, access } = resources;
  const { owner, spec, observation } = input;
  const tagPolicy = tagPolicyIn(input);
  const group = planSecurityGroup({
    owner,
    spec: place.kind === 'Kept' && !place.blocksAreKnown ? keptSpec(resources) : spec,
    vpc,
    observation,
    tagPolicy,
  });
  // The policy comes before private DNS also where both could be done in one round.
  const first = joined([group.stage, access.stage]);
  if (knownEndpoints(owned) === undefined) return first;
  const endpoints = withDistinctLooks(planEndpoints(resources, group));
  return joined([first, endpoints, planRest(resources, group)]);
}

/** Plans the end of everything that the spec does not want any more. */
function planRest(
  { input, vpc, desired, entries, owned, access }: ResourcesInput,
  { rulesAreUnread }: SecurityGroupPlan,
): Stage {
  const { owner, spec, observation } = input;
  const { partition } = callerIn(observation) ?? { partition: partitionOfRegion(spec.region) };
  return planLeftovers({
    owner,
    observation,
    holdings: within(owned, vpc),
    wantedServices: entries.map(({ serviceName }) => serviceName),
    vpcId: vpc.id,
    keepsGroup: spec.securityGroup?.ids === undefined,
    // In a group of which nobody can tell whom it admits none is a certain successor.
    unserved: desired
      .filter((one) => rulesAreUnread === true || !takesTraffic(endpointOf(owned, one)))
      .map(({ label }) => label),
    hasNoRoom: hasNoRoom(observation),
    mayDelete: ({ serviceName }) =>
      access.mayLeaveEndpoints || !isOpening(serviceName, spec.region, partition),
  });
}

/** An endpoint that is being changed shows only afterwards whether it still does. */
function takesTraffic(endpoint: Endpoint | undefined): boolean {
  return endpoint?.state === 'available' && endpoint.settling !== true;
}

function keptSpec({ input: { owner, spec }, vpc, owned }: ResourcesInput): typeof spec {
  return withBlocksAsTheyAre(spec, managedGroup(owned.securityGroups, owner, vpc.id));
}

/** The link's resources in a VPC; for any elsewhere `placeOf` has a problem. */
function within(holdings: Holdings, { id }: Vpc): Holdings {
  const isIn = ({ vpcId }: { readonly vpcId: string }): boolean => vpcId === id;
  const { endpoints, securityGroups } = holdings;
  return {
    ...holdings,
    endpoints: endpoints.filter(isIn),
    securityGroups: securityGroups.filter(isIn),
  };
}

/** The notebook policy holds back no endpoint through which no notebook is opened. */
function pathsOf(
  isOpener: boolean,
  access: NotebookAccessPlan,
  { privateDNSAt }: SageMakerPrivateLinkSpec,
): PathPermission {
  const { entryHold } = access;
  return {
    mayEnter: isOpener ? access.mayEnterEndpoints : access.mayEnterOthers,
    ...(isOpener && entryHold !== undefined ? { entryHold } : {}),
    mayLeave: isOpener ? access.mayLeaveEndpoints : true,
    createWithoutPrivateDns: access.isInPlay || privateDNSAt === 'Available',
  };
}

function planEndpoints(
  { input, vpc, desired, entries, owned, access }: ResourcesInput,
  group: SecurityGroupPlan,
): Stage {
  const { owner, spec, observation, remembered } = input;
  const serviceNames = entries.map(({ serviceName }) => serviceName);
  const subnets = answerTo(observation, subnetsLook(vpc)) ?? [];
  const looked = allFound(observation, 'NetworkInterfaces');
  const addresses = freeAddressesLook(vpc.id);
  const shared = {
    owner,
    adopt: spec.adoption === 'IfUnowned',
    owned: owned.endpoints,
    former: owned.former?.endpoints ?? [],
    inVpc: answerTo(observation, vpcEndpointsLook(vpc.id, serviceNames)),
    serviceNames,
    groupIds: group.groupIds,
    admitsTraffic: group.admitsTraffic,
    rulesAreUnread: group.rulesAreUnread === true,
    groupIsComing: group.isComing,
    tagPolicy: tagPolicyIn(input),
    claimedByOthers: observation.claimedByOthers ?? [],
    interfaces: [...remembered.networkInterfaces, ...looked],
    subnets,
    freeAddresses: answerTo(observation, addresses),
    freeAddressesAreUnknown: failureOf(observation, addresses) !== undefined,
    refusals: observation.refusals,
  };
  const all = desired.map((one) => {
    const actual = endpointOf(owned, one);
    return { one, desired: asFarAsKnown(one, actual, subnets), actual };
  });
  const subnetOf = (id: string): Subnet | undefined => subnets.find((subnet) => subnet.id === id);
  return joined(
    all.map((placement) => {
      const { one, desired: wanted, actual } = placement;
      const rememberedId = remembered.endpointIds[one.serviceName];
      const reservedIn = (subnet: Subnet): number =>
        reservedAddresses(subnet, placement, { all, subnetOf });
      const named = entries.find(({ serviceName }) => serviceName === one.serviceName);
      const paths = pathsOf(named !== undefined && opensNotebooks(named.entry), access, spec);
      return joined([
        planHeldParts(one, actual),
        planEndpoint({ ...shared, desired: wanted, rememberedId, reservedIn, paths }),
      ]);
    }),
  );
}

/** Several endpoints may ask the same; interfaces are asked for at once. */
function withDistinctLooks(stages: Stage): Stage {
  const ids = stages.looks.flatMap((look) => (look.kind === 'NetworkInterfaces' ? look.ids : []));
  const kinds = ['VpcEndpoints', 'FreeAddresses'];
  const looks = kinds.flatMap((kind) => stages.looks.find((look) => look.kind === kind) ?? []);
  if (ids.length > 0) looks.push({ kind: 'NetworkInterfaces', ids });
  return { ...stages, looks };
}

/** The tags of all resources of the link. */
export function tagPolicyIn({ owner, spec, remembered }: PlanInput): TagPolicy {
  return tagPolicyOf(owner, spec.tags ?? {}, remembered.tagKeys);
}

/** The link's endpoint for a service, if there is one. */
export function endpointOf(
  { endpoints }: Holdings,
  which: Pick<DesiredEndpoint, 'serviceName' | 'vpcId'>,
): Endpoint | undefined {
  return liveEndpoints(endpoints, which)[0];
}
