/** Changes of endpoints in plans for people. */
import type { Before } from '../../actions/action-table.ts';
import type { Endpoint } from '../../facts.ts';
import type { CreateVpcEndpoint, ModifyVpcEndpoint } from '../actions.ts';

export function creationDetails(action: CreateVpcEndpoint): readonly string[] {
  return [
    `in ${action.vpcId}: ${action.subnetIds.join(', ')}`,
    `security groups ${action.securityGroupIds.join(', ')}`,
    `private DNS ${action.privateDnsEnabled ? 'on' : 'off'}, ${action.ipAddressType}`,
    ...(action.policy === undefined ? [] : [`policy ${JSON.stringify(action.policy)}`]),
  ];
}

/** Fields that a modification changes, as they are. */
export function endpointBefore(
  action: ModifyVpcEndpoint,
  endpoint: Endpoint | undefined,
): Before | undefined {
  if (endpoint === undefined) return undefined;
  const { policy, privateDnsEnabled, ipAddressType, dnsRecordIpType } = endpoint;
  const subnets = [...action.addSubnetIds, ...action.removeSubnetIds, ...action.addresses];
  const groups = [...action.addSecurityGroupIds, ...action.removeSecurityGroupIds];
  return {
    ...(subnets.length === 0 ? {} : { subnetIds: endpoint.subnetIds }),
    ...(groups.length === 0 ? {} : { securityGroupIds: endpoint.securityGroupIds }),
    ...(action.policy === undefined || policy === undefined ? {} : { policy }),
    ...(action.privateDnsEnabled === undefined ? {} : { privateDnsEnabled }),
    ...(action.ipAddressType === undefined ? {} : { ipAddressType }),
    ...(action.dnsRecordIpType === undefined ? {} : { dnsRecordIpType }),
  };
}

/** Only fields that the call carries: absent ones and empty lists stay as they are. */
export function fieldChanges(action: ModifyVpcEndpoint, before: Before): readonly string[] {
  const { kind: _kind, reason: _reason, endpointId: _id, policy: _policy, ...changes } = action;
  return Object.entries(changes)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([field, value]) => {
      const was = before[field];
      return was === undefined
        ? `${field}: ${wordsOf(value)}`
        : `${field}: ${wordsOf(was)} -> ${wordsOf(value)}`;
    });
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Connections that a modification ends. Times are those of field reports: AWS promises none. */
export function modificationFelt(action: ModifyVpcEndpoint): string | undefined {
  const { removeSubnetIds, addresses, privateDnsEnabled } = action;
  const replaced = addresses
    .map(({ subnetId }) => subnetId)
    .filter((id) => !action.addSubnetIds.includes(id));
  const felt = [
    ...(removeSubnetIds.length === 0
      ? []
      : [
          `connections through ${removeSubnetIds.join(', ')} end; where another subnet of the zone follows, the zone has no address for a minute or two`,
        ]),
    ...(replaced.length === 0
      ? []
      : [`connections through ${replaced.join(', ')} are interrupted for about a minute`]),
    ...(privateDnsEnabled === undefined
      ? []
      : [
          `callers in the VPC ${privateDnsEnabled ? 'switch to the endpoint' : 'bypass the endpoint, over the internet if they have it,'} within a few minutes; open connections continue`,
        ]),
  ];
  return felt.length === 0 ? undefined : felt.join('; ');
}
