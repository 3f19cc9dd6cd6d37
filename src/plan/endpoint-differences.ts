/** How an endpoint at AWS differs from what it should be, and the one call that mends it. */
import type { ModifyVpcEndpoint, SubnetAddress } from './actions.ts';
import type { DesiredEndpoint } from './desired-endpoint.ts';
import type { Endpoint, NetworkInterface } from './facts.ts';
import type { Difference } from './findings.ts';
import { fullAccessPolicy, policiesAreEqual } from './policy-equality.ts';

/** What the comparison depends on besides the two sides. */
export interface ComparisonInput {
  readonly desired: DesiredEndpoint;
  readonly actual: Endpoint;
  /** Undefined while the groups are not known; then they are not compared. */
  readonly groupIds: readonly string[] | undefined;
  /** Whether private DNS may be on already. */
  readonly privateDns: boolean;
  /** Zone of a subnet, wherever it is known from. */
  readonly zoneOf: (subnetId: string) => string | undefined;
  /** Interfaces of the endpoint, as far as they are known. */
  readonly interfaces: readonly NetworkInterface[];
}

/** One modification, and what it is for. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /** Undefined if nothing differs. */
  readonly modify?: ModifyVpcEndpoint;
}

type Change = Partial<Omit<ModifyVpcEndpoint, 'kind' | 'reason' | 'endpointId'>>;

interface Finding {
  readonly difference: Omit<Difference, 'resource'>;
  readonly change: Change;
  /** What else should be known before the change is made. */
  readonly note?: string;
}

/** Compares everything at once: AWS serialises modifications, so all of it goes in one call. */
export function compareEndpoint(input: ComparisonInput): Comparison {
  const findings = [
    ...subnetFindings(input),
    ...groupFindings(input),
    ...policyFindings(input),
    ...addressTypeFindings(input),
    ...addressFindings(input),
    ...privateDnsFindings(input),
  ];
  if (findings.length === 0) return { differences: [] };
  const resource = input.actual.id;
  return {
    differences: findings.map(({ difference }) => ({ resource, ...difference })),
    modify: oneCall(input, findings),
  };
}

function oneCall(
  { desired, actual }: ComparisonInput,
  findings: readonly Finding[],
): ModifyVpcEndpoint {
  const change: Change = Object.assign({}, ...findings.map((finding) => finding.change));
  const addSubnetIds = change.addSubnetIds ?? [];
  // A subnet that is added gets its fixed address in the same call.
  const added = desired.addresses.filter(({ subnetId }) => addSubnetIds.includes(subnetId));
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
  const { field, desired, actual } = difference;
  const words = `${field}: ${actual} should be ${desired}`;
  return note === undefined ? words : `${words} (${note})`;
}

function subnetFindings({ desired, actual, zoneOf }: ComparisonInput): readonly Finding[] {
  const wantedIds = desired.subnets.map(({ id }) => id);
  const missing = desired.subnets.filter(({ id }) => !actual.subnetIds.includes(id));
  const removeSubnetIds = actual.subnetIds.filter((id) => !wantedIds.includes(id));
  if (missing.length === 0 && removeSubnetIds.length === 0) return [];
  // An endpoint has one subnet per zone, and AWS refuses (DuplicateSubnetsInSameZone) to add one
  // in the zone of another that is still there: it is removed now and its successor added by a
  // second modification. A zone that is not known might be the same one.
  const leavingZones = new Set(removeSubnetIds.map(zoneOf));
  const isLater = ({ zone }: { readonly zone: string }): boolean =>
    leavingZones.has(zone) || leavingZones.has(undefined);
  const addSubnetIds = missing.filter((subnet) => !isLater(subnet)).map(({ id }) => id);
  const later = missing.filter(isLater);
  return [
    {
      difference: {
        field: 'subnets',
        desired: listWords(wantedIds),
        actual: listWords(actual.subnetIds),
      },
      change: { addSubnetIds, removeSubnetIds },
      ...(later.length === 0 ? {} : { note: laterWords(later) }),
    },
  ];
}

function laterWords(later: DesiredEndpoint['subnets']): string {
  const subnets = later.map(({ id, zone }) => `${id} in ${zone}`).join(', ');
  return `a second change adds ${subnets}: AWS takes one subnet per zone, so there is no address in that zone in between`;
}

function groupFindings({ groupIds, actual }: ComparisonInput): readonly Finding[] {
  if (groupIds === undefined) return [];
  const addSecurityGroupIds = groupIds.filter((id) => !actual.securityGroupIds.includes(id));
  const removeSecurityGroupIds = actual.securityGroupIds.filter((id) => !groupIds.includes(id));
  if (addSecurityGroupIds.length === 0 && removeSecurityGroupIds.length === 0) return [];
  return [
    {
      difference: {
        field: 'securityGroups',
        desired: listWords(groupIds),
        actual: listWords(actual.securityGroupIds),
      },
      change: { addSecurityGroupIds, removeSecurityGroupIds },
    },
  ];
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

function addressTypeFindings({ desired, actual }: ComparisonInput): readonly Finding[] {
  const findings: Finding[] = [];
  const { ipAddressType, dnsRecordIpType } = desired;
  if (actual.ipAddressType !== undefined && actual.ipAddressType !== ipAddressType) {
    const difference = {
      field: 'ipAddressType',
      desired: ipAddressType,
      actual: actual.ipAddressType,
    };
    findings.push({ difference, change: { ipAddressType } });
  }
  const actualRecord = actual.dnsRecordIpType;
  const wantedRecord = dnsRecordIpType ?? defaultRecord(ipAddressType, actualRecord);
  if (actualRecord !== undefined && actualRecord !== wantedRecord) {
    const difference = { field: 'dnsRecordIPType', desired: wantedRecord, actual: actualRecord };
    findings.push({ difference, change: { dnsRecordIpType: wantedRecord } });
  }
  return findings;
}

/**
 * The records that an endpoint is to have when the spec does not say: those of its addresses, also
 * when a spec that said something else was there before. What the service defines is left to it.
 */
function defaultRecord(ipAddressType: string, actual: string | undefined): string {
  return actual === 'service-defined' ? actual : ipAddressType;
}

function addressFindings({ desired, actual, interfaces }: ComparisonInput): readonly Finding[] {
  const inForce = new Map(interfaces.map((one) => [one.subnetId, one]));
  const addresses = desired.addresses.filter((wanted) => {
    const actualInterface = inForce.get(wanted.subnetId);
    if (actualInterface === undefined || !actual.subnetIds.includes(wanted.subnetId)) return false;
    return !hasAddresses(actualInterface, wanted);
  });
  if (addresses.length === 0) return [];
  return [
    {
      difference: {
        field: 'addresses',
        desired: listWords(addresses.map(addressWords)),
        actual: listWords(
          addresses.flatMap(({ subnetId }) => {
            const actualInterface = inForce.get(subnetId);
            return actualInterface === undefined ? [] : [addressWords(actualInterface)];
          }),
        ),
      },
      change: { addresses },
    },
  ];
}

function hasAddresses(actual: NetworkInterface, wanted: SubnetAddress): boolean {
  const ipv4 = wanted.ipv4 === undefined || actual.ipv4 === wanted.ipv4;
  return ipv4 && (wanted.ipv6 === undefined || actual.ipv6 === wanted.ipv6);
}

function addressWords(address: { subnetId: string; ipv4?: string; ipv6?: string }): string {
  return `${[address.ipv4, address.ipv6].filter(Boolean).join(' and ')} in ${address.subnetId}`;
}

function privateDnsFindings({ privateDns, actual }: ComparisonInput): readonly Finding[] {
  if (actual.privateDnsEnabled === privateDns) return [];
  const difference = {
    field: 'privateDNS',
    desired: String(privateDns),
    actual: String(actual.privateDnsEnabled),
  };
  return [{ difference, change: { privateDnsEnabled: privateDns } }];
}

function listWords(values: readonly string[]): string {
  return values.length === 0 ? 'none' : [...values].sort().join(', ');
}
