/** How an endpoint at AWS differs from what it should be, and the next call that repairs it. */
import type { ModifyVpcEndpoint, SubnetAddress } from './actions.ts';
import { differenceWords } from './difference-words.ts';
import type { DesiredEndpoint } from './desired-endpoint.ts';
import type { Endpoint, NetworkInterface, Subnet } from '../facts.ts';
import type { Difference } from '../findings.ts';
import { suits } from '../network/subnet-oddities.ts';
import { fullAccessPolicy, policiesAreEqual } from './policy-equality.ts';
import { nextSubnetStep, type SubnetStep } from './subnet-changes.ts';

/** Everything that the comparison depends on besides the two sides. */
export interface ComparisonInput {
  readonly desired: DesiredEndpoint;
  readonly actual: Endpoint;
  /** Undefined while the groups are not known; then they are not compared. */
  readonly groupIds: readonly string[] | undefined;
  /** Whether those groups admit the clients that the spec lists: only then the endpoint gets them. */
  readonly groupsAreReady: boolean;
  /** Whether nobody can tell: it gets them beside those that it has. */
  readonly groupsAreUnread: boolean;
  /** Whether private DNS may be on already. */
  readonly privateDns: boolean;
  /** A subnet of the VPC. */
  readonly subnetOf: (subnetId: string) => Subnet | undefined;
  /** Free addresses of a subnet, undefined while they are not known. */
  readonly freeAddressesOf: (subnetId: string) => number | undefined;
  /** Interfaces of the endpoint, as far as they are known. */
  readonly interfaces: readonly NetworkInterface[];
  /** Whether AWS has refused all changes in one call just now: then each is tried by itself. */
  readonly inParts: boolean;
  /**
   * Whether AWS has just refused what the call asked for, and the endpoint is in no subnet. One then
   * comes with any address: the fixed one may be what is refused, and any is better than none.
   */
  readonly takesAnyAddress: boolean;
}

/** Modifications, and what they are for. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /**
   * None if nothing differs or nothing may be changed now. More than one only if they are tried one
   * by one: the first that AWS takes makes the endpoint pending.
   */
  readonly modifications: readonly ModifyVpcEndpoint[];
  /** Wanted subnets that have no free address. */
  readonly fullSubnets: readonly Subnet[];
}

type Change = Partial<Omit<ModifyVpcEndpoint, 'kind' | 'reason' | 'endpointId'>>;

interface Finding {
  readonly difference: Omit<Difference, 'resource'>;
  /** Absent while it has to wait for something else. */
  readonly change?: Change;
  /** Something else to know before the change is made. */
  readonly note?: string;
}

/**
 * Compares everything at once: AWS serialises modifications, so all that may be done now goes in
 * one call.
 */
export function compareEndpoint(input: ComparisonInput): Comparison {
  const step = subnetStep(input);
  const findings = [
    ...subnetFindings(input, step),
    ...groupFindings(input),
    ...policyFindings(input),
    ...addressTypeFindings(input, step),
    ...addressFindings(input, step),
    ...privateDnsFindings(input, step),
  ];
  const resource = input.actual.id;
  const due = findings.filter(({ change }) => change !== undefined);
  const calls = input.inParts ? due.map((finding) => [finding]) : [due];
  return {
    differences: findings.map(({ difference }) => ({ resource, ...difference })),
    modifications: calls.filter((call) => call.length > 0).map((call) => oneCall(input, call)),
    fullSubnets: step.full,
  };
}

function oneCall(
  { desired, actual, takesAnyAddress }: ComparisonInput,
  findings: readonly Finding[],
): ModifyVpcEndpoint {
  const change: Change = Object.assign({}, ...findings.map((finding) => finding.change));
  const addSubnetIds = change.addSubnetIds ?? [];
  // A subnet that is added gets its fixed address in the same call.
  const added = takesAnyAddress
    ? []
    : desired.addresses.filter(({ subnetId }) => addSubnetIds.includes(subnetId));
  return {
    kind: 'ModifyVpcEndpoint',
    endpointId: actual.id,
    removeSubnetIds: [],
    addSecurityGroupIds: [],
    removeSecurityGroupIds: [],
    ...change,
    addSubnetIds,
    addresses: [...(change.addresses ?? []), ...added],
    reason: findings.map(findingWords).join('; '),
  };
}

function findingWords({ difference, note }: Finding): string {
  const words = differenceWords(difference);
  return note === undefined ? words : `${words} (${note})`;
}

function subnetStep(input: ComparisonInput): SubnetStep {
  const { desired, actual, subnetOf, freeAddressesOf } = input;
  const { ipAddressType } = desired;
  const typeChanges = actual.ipAddressType !== undefined && actual.ipAddressType !== ipAddressType;
  return nextSubnetStep({
    wanted: desired.subnets,
    presentIds: actual.subnetIds,
    subnetOf,
    canTake: ({ id }) => {
      // AWS counts free IPv4 addresses; an IPv6 block never runs out.
      const free = ipAddressType === 'ipv6' ? 1 : freeAddressesOf(id);
      return free === undefined ? undefined : free > 0;
    },
    addresses: differingAddresses(input),
    ...(typeChanges
      ? {
          typeChange: {
            carriesOld: (subnet) => suits(subnet, actual.ipAddressType ?? ipAddressType),
            carriesNew: (subnet) => suits(subnet, ipAddressType),
          },
        }
      : {}),
  });
}

function subnetFindings(
  { desired, actual }: ComparisonInput,
  step: SubnetStep,
): readonly Finding[] {
  const wantedIds = desired.subnets.map(({ id }) => id);
  const difference = {
    field: 'subnets',
    desired: listWords(wantedIds),
    actual: listWords(actual.subnetIds),
  };
  if (difference.desired === difference.actual) return [];
  const addSubnetIds = step.add.map(({ id }) => id);
  if (addSubnetIds.length + step.remove.length === 0) return [{ difference }];
  const change = { addSubnetIds, removeSubnetIds: step.remove };
  return [{ difference, change, ...(step.note === undefined ? {} : { note: step.note }) }];
}

function groupFindings(input: ComparisonInput): readonly Finding[] {
  const { groupIds, groupsAreReady, groupsAreUnread, actual } = input;
  if (groupIds === undefined) return [];
  const addSecurityGroupIds = groupIds.filter((id) => !actual.securityGroupIds.includes(id));
  const removeSecurityGroupIds = actual.securityGroupIds.filter((id) => !groupIds.includes(id));
  if (addSecurityGroupIds.length === 0 && removeSecurityGroupIds.length === 0) return [];
  const difference = {
    field: 'securityGroups',
    desired: listWords(groupIds),
    actual: listWords(actual.securityGroupIds),
  };
  if (groupsAreUnread && addSecurityGroupIds.length > 0) {
    return [{ difference, change: { addSecurityGroupIds } }];
  }
  if (!groupsAreReady) return [{ difference }];
  return [{ difference, change: { addSecurityGroupIds, removeSecurityGroupIds } }];
}

function policyFindings({ desired, actual }: ComparisonInput): readonly Finding[] {
  if (desired.policy === undefined) return [];
  if (policiesAreEqual(desired.policy, actual.policy ?? fullAccessPolicy)) return [];
  const difference = {
    field: 'policy',
    desired: 'the policy of the spec',
    actual: 'another policy',
  };
  return [{ difference, change: { policy: desired.policy } }];
}

function addressTypeFindings(
  { desired, actual }: ComparisonInput,
  { keepsType }: SubnetStep,
): readonly Finding[] {
  const findings: Finding[] = [];
  const { ipAddressType, dnsRecordIpType } = desired;
  if (actual.ipAddressType !== undefined && actual.ipAddressType !== ipAddressType) {
    const difference = {
      field: 'ipAddressType',
      desired: ipAddressType,
      actual: actual.ipAddressType,
    };
    findings.push(keepsType ? { difference } : { difference, change: { ipAddressType } });
  }
  const actualRecord = actual.dnsRecordIpType;
  const wantedRecord = dnsRecordIpType ?? defaultRecord(ipAddressType, actualRecord);
  if (actualRecord !== undefined && actualRecord !== wantedRecord) {
    const difference = { field: 'dnsRecordIPType', desired: wantedRecord, actual: actualRecord };
    findings.push(
      keepsType ? { difference } : { difference, change: { dnsRecordIpType: wantedRecord } },
    );
  }
  return findings;
}

/**
 * The records that an endpoint is to have when the spec does not say: those of its addresses, also
 * when a spec that said something else was there before. A record that the
 * service defines is left to it.
 */
function defaultRecord(ipAddressType: string, actual: string | undefined): string {
  return actual === 'service-defined' ? actual : ipAddressType;
}

function differingAddresses({
  desired,
  actual,
  interfaces,
}: ComparisonInput): readonly SubnetAddress[] {
  const inForce = new Map(interfaces.map((one) => [one.subnetId, one]));
  return desired.addresses.filter((wanted) => {
    const actualInterface = inForce.get(wanted.subnetId);
    if (actualInterface === undefined || !actual.subnetIds.includes(wanted.subnetId)) return false;
    return !hasAddresses(actualInterface, wanted);
  });
}

function addressFindings(input: ComparisonInput, step: SubnetStep): readonly Finding[] {
  const addresses = differingAddresses(input);
  if (addresses.length === 0) return [];
  const inForce = new Map(input.interfaces.map((one) => [one.subnetId, one]));
  const difference = {
    field: 'addresses',
    desired: listWords(addresses.map(addressWords)),
    actual: listWords(
      addresses.flatMap(({ subnetId }) => {
        const actualInterface = inForce.get(subnetId);
        return actualInterface === undefined ? [] : [addressWords(actualInterface)];
      }),
    ),
  };
  if (step.addresses.length === 0) return [{ difference }];
  const change = { addresses: step.addresses };
  return [{ difference, change, ...(step.note === undefined ? {} : { note: step.note }) }];
}

function hasAddresses(actual: NetworkInterface, wanted: SubnetAddress): boolean {
  const ipv4 = wanted.ipv4 === undefined || actual.ipv4 === wanted.ipv4;
  return ipv4 && (wanted.ipv6 === undefined || actual.ipv6 === wanted.ipv6);
}

function addressWords(address: { subnetId: string; ipv4?: string; ipv6?: string }): string {
  return `${[address.ipv4, address.ipv6].filter(Boolean).join(' and ')} in ${address.subnetId}`;
}

/**
 * Names lead clients to the endpoint from the moment on that AWS takes the call, so it has addresses
 * that work by then, and none of them goes in the same call.
 */
function privateDnsFindings(
  { privateDns, actual }: ComparisonInput,
  { add, remove, addresses }: SubnetStep,
): readonly Finding[] {
  if (actual.privateDnsEnabled === privateDns) return [];
  const difference = {
    field: 'privateDNS',
    desired: String(privateDns),
    actual: String(actual.privateDnsEnabled),
  };
  const isMoving = add.length + remove.length + addresses.length > 0;
  if (privateDns && (isMoving || actual.subnetIds.length === 0)) return [{ difference }];
  return [{ difference, change: { privateDnsEnabled: privateDns } }];
}

function listWords(values: readonly string[]): string {
  return values.length === 0 ? 'none' : [...values].sort().join(', ');
}
