/** One endpoint of a link: find it, create it, repair it, or say what is in the way. */
import type { CreateVpcEndpoint } from './actions.ts';
import type { DesiredEndpoint } from './desired-endpoint.ts';
import { bestCandidate, planClaim, planFormerSelf } from './claim-endpoint.ts';
import { holdsPrivateDns, planConflict, waiting } from './endpoint-conflict.ts';
import type { EndpointInput } from './endpoint-input.ts';
import type { Endpoint } from '../facts.ts';
import { clientToken, isOwnedBy } from '../ownership/ownership.ts';
import { planPresentEndpoint } from './plan-present-endpoint.ts';
import { planTags } from '../tags/plan-tags.ts';
import { joined, type Stage, settled, stage } from '../stage.ts';
import { vpcEndpointsLook } from './endpoint-looks.ts';

/** Plans one endpoint. */
export function planEndpoint(input: EndpointInput): Stage {
  const [actual, ...twins] = liveEndpoints(input.owned, input.desired);
  if (actual === undefined) return planAbsentEndpoint(input);
  // Our client token answered with it, so it was ours: it is marked again before it is changed.
  if (!isOwnedBy(actual.tags, input.owner)) return planClaim(actual, input, 'lost');
  // Tags can be put right in every state, and whatever else of the endpoint is refused.
  const tags =
    actual.settling === true
      ? settled
      : planTags(actual.id, actual.tags, 'endpoint', input.tagPolicy);
  const present = joined([planPresentEndpoint(input, actual), tags]);
  return joined([
    present,
    planTwins(
      actual,
      twins.filter((twin) => mayGo(twin, present, input)),
    ),
  ]);
}

/**
 * Whether a twin may be deleted: it serves nobody, or the endpoint that is kept is all that the spec
 * asks for. Nobody is led to a twin without private DNS, so the notebook policy has no part in it.
 */
function mayGo(twin: Endpoint, kept: Stage, { paths, rulesAreUnread }: EndpointInput): boolean {
  if (isDead(twin)) return true;
  if (rulesAreUnread && serves(twin)) return false;
  if (twin.privateDnsEnabled && !paths.mayLeave) return false;
  const isOpen =
    kept.looks.length + kept.actions.length + kept.waits.length + kept.problems.length > 0;
  return !serves(twin) || !isOpen;
}

const serving: ReadonlySet<string> = new Set(['available', 'pending']);

/** True if the endpoint takes traffic, or is about to: AWS puts it back to pending at each change. */
export function serves({ state }: Pick<Endpoint, 'state'>): boolean {
  return serving.has(state);
}

const dead: ReadonlySet<string> = new Set(['failed', 'expired', 'rejected']);

/** True if the endpoint will never take traffic again: nobody loses a way by its end. */
export function isDead({ state }: Pick<Endpoint, 'state'>): boolean {
  return dead.has(state);
}

const gone: ReadonlySet<string> = new Set(['deleting', 'deleted']);

/** True if the endpoint is on its way out or out. */
export function isGoing({ state }: Pick<Endpoint, 'state'>): boolean {
  return gone.has(state);
}

/**
 * The endpoints of this link that are (or become) the desired one, best first: the available one
 * that names lead to, then an available one, then the oldest, then the lowest id. More than one is a
 * duplicate that has to go.
 */
export function liveEndpoints(
  owned: readonly Endpoint[],
  { serviceName, vpcId }: Pick<DesiredEndpoint, 'serviceName' | 'vpcId'>,
): readonly Endpoint[] {
  return owned
    .filter((one) => one.serviceName === serviceName && one.vpcId === vpcId && !isGoing(one))
    .sort((a, b) => rank(a).localeCompare(rank(b)));
}

function rank(endpoint: Endpoint): string {
  const isAvailable = endpoint.state === 'available';
  const use = isAvailable ? (endpoint.privateDnsEnabled ? '0' : '1') : '2';
  return `${use} ${endpoint.createdAt ?? '9'} ${endpoint.id}`;
}

function planTwins(kept: Endpoint, twins: readonly Endpoint[]): Stage {
  if (twins.length === 0) return settled;
  const endpointIds = twins.map(({ id }) => id);
  const reason = `${kept.id} does the same job for this link already`;
  return stage({
    actions: [{ kind: 'DeleteVpcEndpoints', endpointIds, reason }],
    differences: endpointIds.map((resource) => ({
      resource,
      field: 'endpoint',
      desired: 'absent',
      actual: `a duplicate of ${kept.id}`,
    })),
  });
}

function planAbsentEndpoint(input: EndpointInput): Stage {
  const { desired, owned, inVpc } = input;
  const leaving = owned.find(
    (one) => one.state === 'deleting' && one.serviceName === desired.serviceName,
  );
  if (leaving !== undefined) {
    // Until it is gone AWS keeps its private DNS name, so a successor would be refused.
    return waiting(
      'WaitingForDeletion',
      `${leaving.id} is being deleted; its successor follows.`,
      leaving.id,
    );
  }
  const former = planFormerSelf(input);
  if (former !== undefined) return former;
  if (inVpc === undefined && needsLookAtVpc(input)) {
    const { serviceNames } = input;
    return stage({ looks: [vpcEndpointsLook(desired.vpcId, serviceNames)] });
  }
  const candidates = (inVpc ?? []).filter((one) => one.serviceName === desired.serviceName);
  const others = candidates.filter((one) => !isOwnedBy(one.tags, input.owner));
  const ours = candidates.find((one) => !isGoing(one) && !others.includes(one));
  if (ours !== undefined) {
    // The two reads came from different moments: a second endpoint would be a duplicate.
    return waiting('Progressing', `AWS does not show ${ours.id} in every answer yet.`, ours.id);
  }
  const claimable = bestCandidate(others, input);
  if (claimable !== undefined) {
    const isLost = claimable.id === input.rememberedId;
    return planClaim(claimable, input, isLost ? 'lost' : 'adopted');
  }
  const rival = desired.privateDns ? others.find(holdsPrivateDns) : undefined;
  if (rival !== undefined) return planConflict(rival, input);
  return planCreation(input);
}

/** Without private DNS two endpoints for one service get on, so nobody has to be looked for. */
function needsLookAtVpc({ desired, adopt, rememberedId }: EndpointInput): boolean {
  return desired.privateDns || adopt || rememberedId !== undefined;
}

function planCreation(input: EndpointInput): Stage {
  const { desired, groupIds } = input;
  const differences = [
    { resource: desired.label, field: 'endpoint', desired: 'present', actual: 'missing' },
  ];
  // `planHeldParts` says what holds it back.
  if (desired.held.existence !== undefined) return stage({ differences });
  if (groupIds === undefined || !mayBeIn(input)) {
    const message = `The endpoint for ${desired.label} waits for its security group.`;
    const reason = 'Progressing';
    const awaits = ['SecurityGroupReady'] as const;
    const wait = { subject: 'EndpointsAvailable', reason, message, awaits } as const;
    return stage({ waits: [wait], differences });
  }
  return stage({ actions: [creation(input, groupIds)], differences });
}

/**
 * Whether an endpoint may be made in the group. Where nobody can tell what it admits, one without
 * private DNS leads nobody astray; it gets that when the rules can be read.
 */
function mayBeIn({ admitsTraffic, rulesAreUnread, desired, paths }: EndpointInput): boolean {
  const isDialledAtOnce = desired.privateDns && !paths.createWithoutPrivateDns;
  return admitsTraffic || (rulesAreUnread && !isDialledAtOnce);
}

function creation(input: EndpointInput, groupIds: readonly string[]): CreateVpcEndpoint {
  const { owner, desired, owned, rememberedId, claimedByOthers, tagPolicy } = input;
  const parameters = {
    serviceName: desired.serviceName,
    vpcId: desired.vpcId,
    subnetIds: desired.subnets.map(({ id }) => id),
    addresses: desired.addresses,
    securityGroupIds: groupIds,
    ipAddressType: desired.ipAddressType,
    ...(desired.dnsRecordIpType === undefined ? {} : { dnsRecordIpType: desired.dnsRecordIpType }),
    ...(desired.policy === undefined ? {} : { policy: desired.policy }),
    privateDnsEnabled: desired.privateDns && !input.paths.createWithoutPrivateDns,
    tags: tagPolicy.wanted('endpoint'),
  };
  const formerIds = owned
    .filter((one) => one.serviceName === desired.serviceName)
    .map(({ id }) => id);
  const remembered = rememberedId === undefined ? [] : [rememberedId];
  const incarnation = new Set([...formerIds, ...claimedByOthers, ...remembered]);
  return {
    kind: 'CreateVpcEndpoint',
    ...parameters,
    clientToken: clientToken(owner, parameters, [...incarnation]),
    reason: `the spec wants ${desired.label} reached privately from ${desired.vpcId}`,
  };
}
