import type { Imagination } from '../../actions/action-table.ts';
import type { Endpoint } from '../../facts.ts';
import type { CreateVpcEndpoint } from '../actions.ts';

/** AWS's answer in a plan, where nothing is sent: the endpoint as AWS shows it at first. */
export function imaginedEndpoint(action: CreateVpcEndpoint, imagination: Imagination): Endpoint {
  return {
    id: imagination.newId('vpce', action.serviceName),
    vpcId: action.vpcId,
    serviceName: action.serviceName,
    state: 'pending',
    subnetIds: action.subnetIds,
    securityGroupIds: action.securityGroupIds,
    networkInterfaceIds: [],
    privateDnsEnabled: action.privateDnsEnabled,
    ipAddressType: action.ipAddressType,
    ...(action.dnsRecordIpType === undefined ? {} : { dnsRecordIpType: action.dnsRecordIpType }),
    ...(action.policy === undefined ? {} : { policy: action.policy }),
    dnsNames: [],
    requesterManaged: false,
    tags: action.tags,
  };
}
