/**
 * What each condition of a status says, held against the world by itself: whether it is so, by rules
 * that are written from the description of the conditions and share no code with the operator.
 */
import type {
  Condition,
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../../src/api/sagemaker-private-link.ts';
import type { Endpoint, SecurityGroupRule, Vpc } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import type { AwsWorld } from './aws-world.ts';
import {
  endpointShortcomings,
  groupShortcomings,
  ownedBy,
  serviceNameOfEntry,
  subnetsOf,
  usableSubnetsOf,
  vpcsOf,
} from './goal.ts';
import { carriesTagsOf } from './model-cloud.ts';

export interface Claim {
  readonly world: AwsWorld;
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly status: SageMakerPrivateLinkStatus;
  /** `metadata.generation`: a condition about an older one says nothing of this spec. */
  readonly generation: number;
  readonly deleting: boolean;
  /** Ids of endpoints that the last status knew: one that lost its tags is known by nothing else. */
  readonly knownIds: readonly string[];
  /**
   * Whether nothing moves, so that also what is not so has to be said: while AWS works a status may
   * be older than what it is held against.
   */
  readonly isStill: boolean;
}

/** Every condition, and every field beside them, that says what is not so. */
export function lies(claim: Claim): readonly string[] {
  const { status, deleting } = claim;
  return [
    ...amongThemselves(claim),
    ...(isUnsure(claim) ? [] : [...endpointFields(claim), ...groupField(claim)]),
    ...(deleting
      ? (status.conditions ?? []).flatMap(({ type, status: value }) =>
          value === 'True' && !['Reconciling', 'Stalled'].includes(type)
            ? [`${type} is True while the link is deleted`]
            : [],
        )
      : [
          ...(isUnsure(claim) ? [] : keepsNothing(claim)),
          ...network(claim),
          ...group(claim),
          ...endpoints(claim),
          ...available(claim),
        ]),
  ];
}

/** What nobody looked at now is said as it was seen last, in these words. */
const asLastSeen = /^As last seen/;

function find({ status, generation }: Claim, type: string): Condition | undefined {
  const found = status.conditions?.find((one) => one.type === type);
  return found?.observedGeneration === generation ? found : undefined;
}

/** What may not stand beside each other, whatever the world is like. */
function amongThemselves(claim: Claim): readonly string[] {
  const conditions = claim.status.conditions ?? [];
  const ready = find(claim, 'Ready');
  const expected = ['Ready', 'Available', 'NetworkResolved', 'SecurityGroupReady'];
  const missing = [...expected, 'EndpointsAvailable'].filter((type) => !find(claim, type));
  // What pods see is no part of Ready.
  const others = ['Ready', 'Reconciling', 'Reachable'];
  const about = ({ type }: Condition): boolean => !others.includes(type);
  const isLookedAt = ready?.reason !== 'Suspended';
  return [
    ...(find(claim, 'Stalled') === undefined
      ? []
      : conditions
          .filter(({ reason }) => reason.startsWith('Progressing'))
          .map(({ type, reason }) => `${type} is ${reason} beside Stalled`)),
    ...(ready?.status === 'True' && isLookedAt
      ? conditions
          .filter((one) => about(one) && one.status !== 'True')
          .map(({ type, status }) => `Ready is True, and ${type} is ${status}`)
      : []),
    ...(ready?.status === 'True' ? missing.map((type) => `Ready is True, and no ${type}`) : []),
  ];
}

/** An endpoint keeps only what it has. */
function keepsNothing({ status, world, owner }: Claim): readonly string[] {
  const messages = (status.conditions ?? [])
    .map(({ message }) => message)
    .filter((message) => !asLastSeen.test(message));
  const labels = messages.flatMap((message) =>
    [...message.matchAll(/endpoint for (\S+) [^.]*keeps its private DNS/g)].map(
      ([, label]) => label,
    ),
  );
  const { endpoints } = ownedBy(world, owner);
  return labels
    .filter((label) => {
      const name = serviceNameOfEntry({ service: label } as never);
      return !endpoints.some((one) => one.serviceName === name && one.privateDnsEnabled);
    })
    .map((label) => `the endpoint for ${label} has no private DNS to keep`);
}

function claimed(claim: Claim, type: string, why: readonly string[]): readonly string[] {
  const condition = find(claim, type);
  if (condition === undefined || asLastSeen.test(condition.message)) return [];
  if (condition.status === 'True') return why.map((one) => `${type} is True, but ${one}`);
  return [];
}

function network(claim: Claim): readonly string[] {
  const { world, spec } = claim;
  const [vpc, ...others] = vpcsOf(world, spec);
  const why =
    vpc === undefined || others.length > 0
      ? [`${others.length} VPCs too many or none`]
      : networkShortcomings(claim, vpc);
  return claimed(claim, 'NetworkResolved', why);
}

function networkShortcomings(claim: Claim, vpc: Vpc): readonly string[] {
  const { world, spec } = claim;
  const subnets = subnetsOf(world, spec, vpc.id);
  const { ids } = spec.subnets;
  const missing = (ids ?? []).filter((id) => !subnets.some((one) => one.id === id));
  const dns = world.dns.get(vpc.id);
  const needsDns = spec.endpoints.some(({ privateDNS }) => privateDNS);
  const dnsIsOn = dns?.enableDnsHostnames === true && dns.enableDnsSupport;
  return [
    ...missing.map((id) => `${id} is not there`),
    ...(subnets.length === 0 ? ['there is no subnet'] : []),
    ...(subnets.every((one) => one.ownerId !== world.account) ? ['all are of others'] : []),
    ...(needsDns && !dnsIsOn ? ['the DNS attributes are off'] : []),
    ...spec.endpoints.flatMap((entry) => unservedZones(claim, vpc, entry)),
  ];
}

/** An endpoint that is in a zone is served there, whatever AWS lists. */
function unservedZones(
  { world, owner, spec }: Claim,
  vpc: Vpc,
  entry: SageMakerPrivateLinkSpec['endpoints'][number],
): readonly string[] {
  const serviceName = serviceNameOfEntry(entry);
  const zones = world.services.get(serviceName)?.zones ?? [];
  const inUse = ownedBy(world, owner)
    .endpoints.filter((one) => one.serviceName === serviceName)
    .flatMap(({ subnetIds }) => subnetIds);
  const subnets = usableSubnetsOf(world, spec, vpc.id);
  // Of a zone's subnets the one in use is chosen.
  const zonesInUse = inUse.map((id) => world.subnets.get(id)?.zone);
  const served = subnets.filter(({ zone }) => zones.includes(zone) || zonesInUse.includes(zone));
  if (zones.length === 0) return [];
  if (served.length === 0) return [`no zone is served for ${serviceNameOfEntry(entry)}`];
  const all = served.length === subnets.length || spec.subnets.unsupportedZones === 'Skip';
  return all ? [] : [`some zone is not served for ${serviceNameOfEntry(entry)}`];
}

function group(claim: Claim): readonly string[] {
  const { world, owner, spec } = claim;
  const [vpc] = vpcsOf(world, spec);
  const ids = spec.securityGroup?.ids;
  if (vpc === undefined) return claimed(claim, 'SecurityGroupReady', ['there is no VPC']);
  const why =
    ids === undefined
      ? groupShortcomings(ownedBy(world, owner).groups, spec, vpc, owner)
      : ids
          .filter((id) => world.groups.get(id)?.vpcId !== vpc.id)
          .map((id) => `${id} is not in the VPC`);
  return claimed(claim, 'SecurityGroupReady', why);
}

function endpoints(claim: Claim): readonly string[] {
  const { world, owner, spec } = claim;
  const [vpc] = vpcsOf(world, spec);
  if (vpc === undefined) return claimed(claim, 'EndpointsAvailable', ['there is no VPC']);
  const owned = ownedBy(world, owner);
  const own = owned.groups.filter(({ vpcId }) => vpcId === vpc.id);
  const groupIds = spec.securityGroup?.ids ?? own.map(({ id }) => id);
  const why = spec.endpoints.flatMap((entry) =>
    endpointShortcomings({ world, owner, spec, vpc, entry, groupIds }, owned.endpoints),
  );
  return claimed(claim, 'EndpointsAvailable', why);
}

/** Whether a client can use every endpoint now, as far as the link's own resources go. */
function available(claim: Claim): readonly string[] {
  const condition = find(claim, 'Available');
  if (condition === undefined || asLastSeen.test(condition.message)) return [];
  const closed = claim.spec.endpoints.flatMap((entry) => {
    const [one, ...more] = standing(claim, serviceNameOfEntry(entry), true);
    return one === undefined
      ? [`there is no endpoint for ${serviceNameOfEntry(entry)}`]
      : [one, ...more].some((each) => whatCloses(claim, each).length === 0)
        ? []
        : whatCloses(claim, one);
  });
  if (condition.status === 'True') return closed.map((one) => `Available is True, but ${one}`);
  // The status tells of one of several for a service: clients may have the address of one that is closed.
  const isOpen = claim.spec.endpoints.every((entry) => {
    const all = standing(claim, serviceNameOfEntry(entry), false);
    return all.length > 0 && all.every((one) => whatCloses(claim, one).length === 0);
  });
  return condition.status === 'False' && isOpen && claim.isStill
    ? ['Available is False, but every endpoint can be used']
    : [];
}

function standing(
  { world, owner, spec, status, knownIds }: Claim,
  serviceName: string,
  mayLackTags: boolean,
): readonly Endpoint[] {
  const vpcIds = vpcsOf(world, spec).map(({ id }) => id);
  return [...world.endpoints.values()].filter(
    (one) =>
      one.serviceName === serviceName &&
      (vpcIds.includes(one.vpcId) || one.vpcId === status.vpcId) &&
      !['deleting', 'deleted'].includes(one.state) &&
      (carriesTagsOf(one.tags, owner) || (mayLackTags && knownIds.includes(one.id))),
  );
}

function whatCloses({ world, owner }: Claim, endpoint: Endpoint): readonly string[] {
  const { id, state, networkInterfaceIds, securityGroupIds } = endpoint;
  const admitting = securityGroupIds.filter((groupId) => {
    const attached = world.groups.get(groupId);
    // The rules of groups that the user brings are the user's.
    if (attached === undefined || !carriesTagsOf(attached.tags, owner)) return true;
    return (attached.rules ?? []).some(admitsHttps);
  });
  return [
    ...(state === 'available' ? [] : [`${id} is ${state}`]),
    ...(networkInterfaceIds.length === 0 ? [`${id} has no network interface`] : []),
    ...(admitting.length === 0 ? [`the groups of ${id} admit nobody`] : []),
  ];
}

function admitsHttps({ isEgress, protocol, fromPort, toPort }: SecurityGroupRule): boolean {
  if (isEgress) return false;
  if (protocol === '-1') return true;
  if (protocol !== 'tcp' && protocol !== '6') return false;
  return (fromPort ?? 0) <= 443 && (toPort ?? 65_535) >= 443;
}

/**
 * Whether the status says that it is not of now: nobody could look, or a change was sent whose
 * answer never came.
 */
function isUnsure({ status: { conditions = [] } }: Claim): boolean {
  return conditions.some(
    ({ type, reason, message }) =>
      ['AWSUnreachable', 'AWSError'].includes(reason) ||
      (type === 'Available' && asLastSeen.test(message)),
  );
}

/** `status.endpoints` and `status.available` show endpoints as AWS has them. */
function endpointFields({ world, status, isStill }: Claim): readonly string[] {
  const { endpoints: shown = [], available: count } = status;
  const usable = shown.filter(({ state }) => state === 'available');
  const gone = usable.filter(({ id }) => {
    const actual = world.endpoints.get(id ?? '')?.state;
    return isStill ? actual !== 'available' : actual === undefined || actual === 'deleted';
  });
  return [
    ...gone.map(({ id }) => `the status shows ${id} as available, which AWS does not`),
    ...(count === undefined || count === `${usable.length}/${shown.length}`
      ? []
      : [`${count} are available by the status, whose list has ${usable.length}/${shown.length}`]),
  ];
}

/**
 * A status whose report lost to a newer spec is of the generation that it names, until the pass that
 * has begun reports: it may name a group that the last one deleted.
 */
function groupField({ world, status, generation, isStill }: Claim): readonly string[] {
  const { id } = status.securityGroup ?? {};
  const isOutdated = !isStill && status.observedGeneration !== generation;
  return id === undefined || isOutdated || world.groups.has(id)
    ? []
    : [`the status shows group ${id}, which AWS does not have`];
}
