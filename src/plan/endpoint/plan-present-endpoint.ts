/** An endpoint that is there: what it is brought to, or waits for. */
import { isDeepStrictEqual } from 'node:util';
import { isRefusedForGood, rowOf } from '../aws-errors/error-table.ts';
import type { DesiredEndpoint } from './desired-endpoint.ts';
import { holdsPrivateDns, planConflict, waiting } from './endpoint-conflict.ts';
import { compareEndpoint } from './endpoint-differences.ts';
import type { EndpointInput } from './endpoint-input.ts';
import type { Endpoint, Subnet } from '../facts.ts';
import type { Problem } from '../findings.ts';
import type { Look } from '../looks.ts';
import type { EntryHold } from '../notebook-policy/unread-policy.ts';
import { isOwnedBy } from '../ownership/ownership.ts';
import { joined, type Stage, settled, stage, stalledStage } from '../stage.ts';
import { freeAddressesLook, vpcEndpointsLook } from './endpoint-looks.ts';

/** Plans the changes of an endpoint that is the link's own. */
export function planPresentEndpoint(input: EndpointInput, actual: Endpoint): Stage {
  const inState = planByState(input, actual);
  if (inState !== undefined) return inState;
  const { desired, groupIds, admitsTraffic } = input;
  const dns = planPrivateDns(input, actual);
  const refusal = input.refusals[`ModifyVpcEndpoint ${actual.id}`];
  const comparison = compareEndpoint({
    desired,
    actual,
    groupIds,
    groupsAreReady: admitsTraffic,
    groupsAreUnread: input.rulesAreUnread,
    privateDns: dns === settled ? desired.privateDns : actual.privateDnsEnabled,
    subnetOf: (id) => input.subnets.find((subnet) => subnet.id === id),
    freeAddressesOf: (id) => {
      const subnet = input.freeAddresses?.find((one) => one.id === id);
      return subnet === undefined
        ? undefined
        : subnet.availableAddresses - input.reservedIn(subnet);
    },
    interfaces: (input.interfaces ?? []).filter(({ id }) =>
      actual.networkInterfaceIds.includes(id),
    ),
    inParts: refusal !== undefined,
    takesAnyAddress:
      actual.subnetIds.length === 0 && refusal !== undefined && isRefusedForGood(refusal),
  });
  const looks = looksBefore(input, actual);
  return joined([
    stage({ looks }),
    dns,
    planGroupMove(input, actual),
    stage({
      actions: waitsForGroup(input, actual) ? [] : comparison.modifications,
      differences: comparison.differences,
      problems: comparison.fullSubnets.map((subnet) => fullSubnet(subnet, actual, input)),
    }),
  ]);
}

/** Whether the endpoint is to get other groups, as far as they are known. */
function changesGroups({ groupIds }: EndpointInput, { securityGroupIds }: Endpoint): boolean {
  return groupIds === undefined || !isDeepStrictEqual(new Set(groupIds), new Set(securityGroupIds));
}

/** Calls that come before will make the group ready: then one modification has everything. */
function waitsForGroup(input: EndpointInput, actual: Endpoint): boolean {
  return input.groupIsComing && changesGroups(input, actual);
}

/** An endpoint in a group that lacks a rule would turn away who is let in where it is. */
function planGroupMove(input: EndpointInput, actual: Endpoint): Stage {
  if (input.admitsTraffic || !changesGroups(input, actual)) return settled;
  const message = `Endpoint ${actual.id} for ${input.desired.label} keeps the groups that it has until those of the spec admit its clients (see SecurityGroupReady).`;
  const awaits = ['SecurityGroupReady'] as const;
  const subject = 'EndpointsAvailable';
  return stage({ waits: [{ subject, reason: 'Progressing', message, awaits }] });
}

/** The looks to be answered before an endpoint is modified. */
function looksBefore(input: EndpointInput, actual: Endpoint): readonly Look[] {
  const { desired, freeAddresses, freeAddressesAreUnknown } = input;
  const ids = interfacesToLookAt(input, actual);
  const looks: Look[] = ids.length === 0 ? [] : [{ kind: 'NetworkInterfaces', ids }];
  const isNew = desired.subnets.some(({ id }) => !actual.subnetIds.includes(id));
  if (isNew && freeAddresses === undefined && !freeAddressesAreUnknown) {
    looks.push(freeAddressesLook(desired.vpcId));
  }
  return looks;
}

function fullSubnet(
  subnet: Subnet,
  actual: Endpoint,
  { desired: { label }, reservedIn }: EndpointInput,
): Problem {
  const reserved = reservedIn(subnet);
  const rivals =
    reserved === 0 ? '' : ` beside the ${reserved} that other endpoints of this link take`;
  return {
    subject: 'EndpointsAvailable',
    reason: 'InsufficientFreeAddresses',
    severity: 'stalled',
    message: `Subnet ${subnet.id} in ${subnet.zone} has no free address for ${actual.id} (${label})${rivals}, so the endpoint keeps the subnets that it has. Free an address there, or choose another subnet.`,
  };
}

/** The stage that keeps private DNS from being switched now; settled if nothing does. */
function planPrivateDns(input: EndpointInput, actual: Endpoint): Stage {
  const { desired, paths } = input;
  if (desired.privateDns === actual.privateDnsEnabled) return settled;
  if (desired.privateDns && !paths.mayEnter && paths.entryHold !== undefined) {
    return dnsAwaitsIam(actual, desired, paths.entryHold);
  }
  if (!(desired.privateDns ? paths.mayEnter : paths.mayLeave)) {
    const message = `Private DNS of ${actual.id} for ${desired.label} is turned ${desired.privateDns ? 'on' : 'off'} when the notebook policy allows for it (see NotebookAccessEnforced).`;
    const reason = 'WaitingForPolicy';
    const awaits = ['NotebookAccessEnforced'] as const;
    return stage({ waits: [{ subject: 'EndpointsAvailable', reason, message, awaits }] });
  }
  if (!desired.privateDns) return settled;
  return input.admitsTraffic ? rivalOf(input, actual) : dnsAwaitsGroup(input, actual);
}

/** Nobody can tell whom names would lead under a Deny. */
function dnsAwaitsIam(
  { id }: Endpoint,
  { label }: DesiredEndpoint,
  { message: why, hasDeadline }: EntryHold,
): Stage {
  const message = `Private DNS of ${id} for ${label} stays off: ${why}`;
  const finding = { subject: 'EndpointsAvailable', reason: 'RestrictionUnknown', message } as const;
  if (hasDeadline) return stage({ waits: [finding] });
  return stage({ problems: [{ ...finding, severity: 'stalled' }] });
}

/** Names would lead clients to an endpoint that turns them away. */
function dnsAwaitsGroup({ desired }: EndpointInput, { id }: Endpoint): Stage {
  const message = `Private DNS of ${id} for ${desired.label} is turned on when its security group admits its clients (see SecurityGroupReady).`;
  const awaits = ['SecurityGroupReady'] as const;
  const subject = 'EndpointsAvailable';
  return stage({ waits: [{ subject, reason: 'Progressing', message, awaits }] });
}

/** The endpoint in the way of turning private DNS on, or the look that tells. */
function rivalOf(input: EndpointInput, actual: Endpoint): Stage {
  const { desired, inVpc, serviceNames } = input;
  if (inVpc === undefined) {
    return stage({ looks: [vpcEndpointsLook(desired.vpcId, serviceNames)] });
  }
  const rival = inVpc.find(
    (one) =>
      one.id !== actual.id && one.serviceName === desired.serviceName && holdsPrivateDns(one),
  );
  if (rival === undefined) return settled;
  if (!isOwnedBy(rival.tags, input.owner)) return planConflict(rival, input);
  // A twin goes when the VPC is certain, the endpoint is whole and the notebook policy allows for it.
  const message = `${rival.id} has the private names of ${desired.label} until it is gone.`;
  const awaits = [
    'NetworkResolved',
    'SecurityGroupReady',
    'EndpointsAvailable',
    'NotebookAccessEnforced',
  ] as const;
  const subject = 'EndpointsAvailable';
  return stage({ waits: [{ subject, reason: 'WaitingForDeletion', message, awaits }] });
}

/** Interfaces whose addresses are not known yet. They never change while the interface lives. */
function interfacesToLookAt({ interfaces }: EndpointInput, actual: Endpoint): readonly string[] {
  const known = new Set((interfaces ?? []).map(({ id }) => id));
  return actual.networkInterfaceIds.filter((id) => !known.has(id));
}

/** The stage of an endpoint that cannot be modified now. Undefined if it can. */
function planByState({ desired }: EndpointInput, actual: Endpoint): Stage | undefined {
  const { id, state } = actual;
  const which = `Endpoint ${id} for ${desired.label}`;
  if (actual.settling === true) {
    return waiting(
      'Progressing',
      `${which} is being changed; AWS does not show the outcome yet.`,
      id,
    );
  }
  switch (state) {
    case 'available':
      return undefined;
    case 'pending':
      return waiting('EndpointPending', `${which} is pending at AWS.`, id);
    case 'pendingacceptance':
      return waiting(
        'PendingAcceptance',
        `${which} waits until the owner of the service accepts it.`,
        id,
      );
    case 'rejected':
      return bad(
        'EndpointRejected',
        `${which} was rejected by the owner of the service. Ask there why.`,
      );
    case 'expired':
      return bad(
        'EndpointFailed',
        `${which} expired before it was accepted. Ask the owner of the service to accept the next one.`,
      );
    case 'failed':
      return bad('EndpointFailed', `${which} failed at AWS${failureWords(actual)}`);
    case 'partial':
    case 'unknown':
    case 'deleting':
    case 'deleted':
      return stage({
        problems: [degraded(`${which} is in state ${state}, which AWS does not explain.`)],
      });
  }
}

/** AWS's words, and what to do about them where the code is known. */
function failureWords({ failure }: Endpoint): string {
  if (failure === undefined) return '.';
  const { code, message } = failure;
  const words = `: ${code}: ${message}`.replace(/[.:\s]*$/, '.');
  const row = rowOf({ code, text: message });
  return row === undefined ? words : `${words} ${row.advice}`;
}

/** A replacement would lose what a person may want to look at, so that is left to a person. */
function bad(reason: 'EndpointRejected' | 'EndpointFailed', message: string): Stage {
  const advice = 'When the cause is gone, delete that endpoint, and the operator creates it anew.';
  return stalledStage('EndpointsAvailable', reason, `${message} ${advice}`);
}

function degraded(message: string): Problem {
  return { subject: 'EndpointsAvailable', reason: 'EndpointPending', severity: 'retry', message };
}
