/** One endpoint of a link: find it, create it, mend it, or say what is in the way. */
import type { CreateVpcEndpoint } from './actions.ts';
import type { DesiredEndpoint } from './desired-endpoint.ts';
import { bestCandidate, planClaim, planFormerSelf } from './claim-endpoint.ts';
import { compareEndpoint } from './endpoint-differences.ts';
import type { Endpoint, NetworkInterface } from './facts.ts';
import type { Problem, Wait } from './findings.ts';
import type { OwnerIdentity } from './looks.ts';
import { clientToken, foreignOwnerOf, isOwnedBy } from './ownership.ts';
import { planTags, type TagPolicy } from './plan-tags.ts';
import { stalled } from './result.ts';
import { joined, type Stage, settled, stage } from './stage.ts';
import { askFirst, strangerWords } from './stranger-words.ts';

/** What the plan of one endpoint depends on. */
export interface EndpointInput {
  readonly owner: OwnerIdentity;
  readonly adopt: boolean;
  readonly desired: DesiredEndpoint;
  /** This link's endpoints of any service and state. */
  readonly owned: readonly Endpoint[];
  /** The same of its former selves. */
  readonly former: readonly Endpoint[];
  /** All endpoints of the VPC for the link's services; undefined while not looked at. */
  readonly inVpc: readonly Endpoint[] | undefined;
  /** All services of the link, for the look at the VPC's endpoints. */
  readonly serviceNames: readonly string[];
  readonly groupIds: readonly string[] | undefined;
  readonly admitsTraffic: boolean;
  readonly tagPolicy: TagPolicy;
  readonly interfaces: readonly NetworkInterface[] | undefined;
  readonly zoneOf: (subnetId: string) => string | undefined;
  /** Id of this endpoint in the last status: a hint, never the truth. */
  readonly rememberedId: string | undefined;
  /** Endpoints that are not ours any more although our client tokens made them. */
  readonly claimedByOthers: readonly string[];
  readonly paths: PathPermission;
}

/** What the notebook policy allows to be done to the ways by which callers come. */
export interface PathPermission {
  /** Whether private DNS may be turned on. */
  readonly mayEnter: boolean;
  /** Whether private DNS may be turned off, and endpoints deleted. */
  readonly mayLeave: boolean;
  /** Whether endpoints are created without private DNS, which is turned on later. */
  readonly createWithoutPrivateDns: boolean;
}

/** Plans one endpoint. */
export function planEndpoint(input: EndpointInput): Stage {
  const [actual, ...twins] = liveEndpoints(input.owned, input.desired);
  if (actual === undefined) return planAbsentEndpoint(input);
  // Our client token answered with it, so it was ours: it is marked again before it is changed.
  if (!isOwnedBy(actual.tags, input.owner)) return planClaim(actual, input, 'lost');
  return joined([
    planPresentEndpoint(input, actual),
    // Nobody is led to a twin without private DNS, so that one may go at any time.
    planTwins(
      actual,
      twins.filter((twin) => input.paths.mayLeave || !twin.privateDnsEnabled),
    ),
  ]);
}

const gone: ReadonlySet<string> = new Set(['deleting', 'deleted']);

/** True if the endpoint is on its way out or out. */
export function isGoing({ state }: Pick<Endpoint, 'state'>): boolean {
  return gone.has(state);
}

/**
 * The endpoints of this link that are (or become) the desired one, best first: the available one,
 * then the oldest, then the lowest id. More than one is a duplicate that has to heal.
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
  const state = endpoint.state === 'available' ? '0' : '1';
  return `${state} ${endpoint.createdAt ?? '9'} ${endpoint.id}`;
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
      actual: `duplicate of ${kept.id}`,
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
    return waiting('WaitingForDeletion', `${leaving.id} is being deleted; its successor follows.`);
  }
  const former = planFormerSelf(input);
  if (former !== undefined) return former;
  if (inVpc === undefined && needsLookAtVpc(input)) {
    const { serviceNames } = input;
    return stage({ looks: [{ kind: 'VpcEndpoints', vpcId: desired.vpcId, serviceNames }] });
  }
  const candidates = (inVpc ?? []).filter((one) => one.serviceName === desired.serviceName);
  const others = candidates.filter((one) => !isOwnedBy(one.tags, input.owner));
  const ours = candidates.find((one) => !isGoing(one) && !others.includes(one));
  if (ours !== undefined) {
    // The two reads came from different moments: a second endpoint would be a duplicate.
    return waiting('Progressing', `AWS does not show ${ours.id} in every answer yet.`);
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

/** A deleting endpoint still owns its private DNS name. */
function holdsPrivateDns(endpoint: Endpoint): boolean {
  return endpoint.privateDnsEnabled && endpoint.state !== 'deleted';
}

function planConflict(rival: Endpoint, { desired, owner }: EndpointInput): Stage {
  const other = foreignOwnerOf(rival.tags, owner);
  const choices =
    other === undefined
      ? 'Then set spec.adoption: IfUnowned to take it over, set privateDNS: false for this endpoint, or have it deleted.'
      : 'Then set privateDNS: false for this endpoint, or have it deleted there.';
  return stage(
    stalled(
      'EndpointsAvailable',
      'PrivateDNSConflict',
      `Private DNS of ${desired.serviceName} in ${desired.vpcId} is taken by ${rival.id}, ${strangerWords(rival.tags, owner)}. ${askFirst(rival.tags, owner)} ${choices}`,
    ),
  );
}

function planCreation(input: EndpointInput): Stage {
  const { desired, groupIds, admitsTraffic } = input;
  const differences = [
    { resource: desired.label, field: 'endpoint', desired: 'present', actual: 'missing' },
  ];
  // What holds it back says so itself (see `planHeldParts`).
  if (desired.held.existence !== undefined) return stage({ differences });
  if (groupIds === undefined || !admitsTraffic) {
    const message = `The endpoint for ${desired.label} waits for its security group.`;
    const reason = 'Progressing';
    const awaits = ['SecurityGroupReady'] as const;
    const wait = { subject: 'EndpointsAvailable', reason, message, awaits } as const;
    return stage({ waits: [wait], differences });
  }
  return stage({ actions: [creation(input, groupIds)], differences });
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

function planPresentEndpoint(input: EndpointInput, actual: Endpoint): Stage {
  const inState = planByState(input, actual);
  if (inState !== undefined) return inState;
  const missing = interfacesToLookAt(input, actual);
  const looks = missing.length === 0 ? [] : [{ kind: 'NetworkInterfaces' as const, ids: missing }];
  const { desired, groupIds, zoneOf } = input;
  const interfaces = (input.interfaces ?? []).filter(({ id }) =>
    actual.networkInterfaceIds.includes(id),
  );
  const dns = planPrivateDns(input, actual);
  const privateDns = dns === settled ? desired.privateDns : actual.privateDnsEnabled;
  const comparison = compareEndpoint({ desired, actual, groupIds, privateDns, zoneOf, interfaces });
  return joined([
    stage({ looks }),
    dns,
    stage({
      actions: comparison.modify === undefined ? [] : [comparison.modify],
      differences: comparison.differences,
    }),
    planTags(actual.id, actual.tags, 'endpoint', input.tagPolicy),
  ]);
}

/** What keeps private DNS from being switched now; settled if nothing does. */
function planPrivateDns(input: EndpointInput, actual: Endpoint): Stage {
  const { desired, paths } = input;
  if (desired.privateDns === actual.privateDnsEnabled) return settled;
  if (!(desired.privateDns ? paths.mayEnter : paths.mayLeave)) {
    const message = `Private DNS of ${actual.id} for ${desired.label} is turned ${desired.privateDns ? 'on' : 'off'} when the notebook policy allows for it (see NotebookAccessEnforced).`;
    const reason = 'WaitingForPolicy';
    const awaits = ['NotebookAccessEnforced'] as const;
    return stage({ waits: [{ subject: 'EndpointsAvailable', reason, message, awaits }] });
  }
  return desired.privateDns ? rivalOf(input, actual) : settled;
}

/** Who is in the way of turning private DNS on, or the look that tells. */
function rivalOf(input: EndpointInput, actual: Endpoint): Stage {
  const { desired, inVpc, serviceNames } = input;
  if (inVpc === undefined) {
    return stage({ looks: [{ kind: 'VpcEndpoints', vpcId: desired.vpcId, serviceNames }] });
  }
  const rival = inVpc.find(
    (one) =>
      one.id !== actual.id && one.serviceName === desired.serviceName && holdsPrivateDns(one),
  );
  return rival === undefined ? settled : planConflict(rival, input);
}

/** Interfaces whose addresses are not known yet. They never change while the interface lives. */
function interfacesToLookAt({ interfaces }: EndpointInput, actual: Endpoint): readonly string[] {
  const known = new Set((interfaces ?? []).map(({ id }) => id));
  return actual.networkInterfaceIds.filter((id) => !known.has(id));
}

/** What to do about an endpoint that cannot be modified now. Undefined if it can. */
function planByState({ desired }: EndpointInput, actual: Endpoint): Stage | undefined {
  const { id, state } = actual;
  const which = `Endpoint ${id} for ${desired.label}`;
  if (actual.settling === true) {
    return waiting('Progressing', `${which} was changed; AWS does not show it yet.`);
  }
  switch (state) {
    case 'available':
      return undefined;
    case 'pending':
      return waiting('EndpointPending', `${which} is pending at AWS.`);
    case 'pendingacceptance':
      return waiting(
        'PendingAcceptance',
        `${which} waits until the owner of the service accepts it.`,
      );
    case 'rejected':
      return bad('EndpointRejected', `${which} was rejected by the owner of the service.`);
    case 'expired':
      return bad('EndpointFailed', `${which} expired before it was accepted.`);
    case 'failed':
      return bad('EndpointFailed', `${which} failed at AWS${failureWords(actual)}.`);
    case 'partial':
    case 'unknown':
    case 'deleting':
    case 'deleted':
      return stage({
        problems: [degraded(`${which} is in state ${state}, which AWS does not explain.`)],
      });
  }
}

function failureWords({ failure }: Endpoint): string {
  return failure === undefined ? '' : `: ${failure.code}: ${failure.message}`;
}

/** A replacement would lose what a person may want to look at, so that is left to a person. */
function bad(reason: 'EndpointRejected' | 'EndpointFailed', message: string): Stage {
  const advice = 'Delete that endpoint and the operator creates it anew.';
  return stage(stalled('EndpointsAvailable', reason, `${message} ${advice}`));
}

function degraded(message: string): Problem {
  return { subject: 'EndpointsAvailable', reason: 'EndpointPending', severity: 'retry', message };
}

function waiting(reason: Wait['reason'], message: string): Stage {
  return stage({ waits: [{ subject: 'EndpointsAvailable', reason, message }] });
}
