/** Changes that the actions on endpoints make. */
import type { Change, ChangeOf } from '../../actions/changes.ts';
import type { Endpoint } from '../../facts.ts';
import type { EndpointResults, ModifyVpcEndpoint } from '../actions.ts';
import { policiesAreEqual } from '../policy-equality.ts';

type EndpointChange = ChangeOf<'Endpoint'>;

/** The aspect of an endpoint that modifications change: all of it. */
export const modification = 'modification';

/** A client token answers with the endpoint that it made, whoever has claimed that one since. */
export function endpointCreated({
  endpoint,
}: EndpointResults['CreateVpcEndpoint']): EndpointChange {
  return {
    of: 'Endpoint',
    id: endpoint.id,
    after: () => endpoint,
    meanwhile: () => ({ ...endpoint, settling: true }),
    isShownBy: (read) => read !== undefined,
  };
}

/**
 * While a read does not show a modification, the endpoint is what the read says and settling: what
 * AWS makes of it shows nowhere else.
 */
export function endpointModified(action: ModifyVpcEndpoint): EndpointChange {
  return {
    of: 'Endpoint',
    id: action.endpointId,
    after: (former) => former && modified(former, action),
    meanwhile: (read) => read && { ...read, settling: true },
    isShownBy: (read) => read === undefined || isModified(read, action),
    aspect: modification,
  };
}

/** AWS is at an earlier change, maybe one of another process; how it ends shows nowhere yet. */
export function endpointAtWork(id: string): EndpointChange {
  return { of: 'Endpoint', id, after: (former) => former && { ...former, settling: true } };
}

export function endpointDeleted(id: string): EndpointChange {
  return {
    of: 'Endpoint',
    id,
    after: (former) => former && { ...former, state: 'deleting' },
    isShownBy: (read) =>
      read === undefined || read.state === 'deleting' || read.state === 'deleted',
    isFinal: true,
  };
}

/** A resource just made takes addresses that were free when the subnets were read. */
export function addressesTaken(subnetIds: readonly string[]): readonly Change[] {
  return subnetIds.map((id) => ({
    of: 'FreeAddresses',
    id,
    after: (free) => (free === undefined ? undefined : free - 1),
  }));
}

/** AWS puts an endpoint back to pending after every modification. */
function modified(endpoint: Endpoint, action: ModifyVpcEndpoint): Endpoint {
  const { addSubnetIds, removeSubnetIds, addSecurityGroupIds, removeSecurityGroupIds } = action;
  return {
    ...endpoint,
    state: 'pending',
    subnetIds: changed(endpoint.subnetIds, addSubnetIds, removeSubnetIds),
    securityGroupIds: changed(
      endpoint.securityGroupIds,
      addSecurityGroupIds,
      removeSecurityGroupIds,
    ),
    privateDnsEnabled: action.privateDnsEnabled ?? endpoint.privateDnsEnabled,
    ...(action.policy === undefined ? {} : { policy: action.policy }),
    ...(action.ipAddressType === undefined ? {} : { ipAddressType: action.ipAddressType }),
    ...(action.dnsRecordIpType === undefined ? {} : { dnsRecordIpType: action.dnsRecordIpType }),
  };
}

function changed(
  former: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): readonly string[] {
  return [...former.filter((id) => !removed.includes(id)), ...added];
}

/**
 * Addresses are no part of an endpoint's description: that they were changed shows only in the
 * endpoint being pending, into which AWS puts it with every modification. A read that comes when
 * that is over leaves the change unseen until the settle window is.
 */
function isModified(endpoint: Endpoint, change: ModifyVpcEndpoint): boolean {
  return (
    (change.addresses.length === 0 || endpoint.state !== 'available') &&
    hasChanged(endpoint.subnetIds, change.addSubnetIds, change.removeSubnetIds) &&
    hasChanged(
      endpoint.securityGroupIds,
      change.addSecurityGroupIds,
      change.removeSecurityGroupIds,
    ) &&
    isUnsetOr(change.privateDnsEnabled, endpoint.privateDnsEnabled) &&
    isUnsetOr(change.ipAddressType, endpoint.ipAddressType) &&
    isUnsetOr(change.dnsRecordIpType, endpoint.dnsRecordIpType) &&
    hasPolicy(endpoint, change)
  );
}

function hasChanged(
  ids: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): boolean {
  return added.every((id) => ids.includes(id)) && !removed.some((id) => ids.includes(id));
}

function isUnsetOr<Value>(wanted: Value | undefined, actual: Value | undefined): boolean {
  return wanted === undefined || actual === wanted;
}

function hasPolicy(endpoint: Endpoint, { policy }: ModifyVpcEndpoint): boolean {
  if (policy === undefined) return true;
  return endpoint.policy !== undefined && policiesAreEqual(endpoint.policy, policy);
}
