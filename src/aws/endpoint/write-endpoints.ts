import { createHash } from 'node:crypto';
import type { CreateVpcEndpointCommandInput, SubnetConfiguration } from '@aws-sdk/client-ec2';
import type { ActionResults } from '../../plan/actions.ts';
import type {
  CreateVpcEndpoint,
  ModifyVpcEndpoint,
  SubnetAddress,
} from '../../plan/endpoint/actions.ts';
import type { Endpoint } from '../../plan/facts.ts';
import { endpointFromSdk } from './endpoint-from-sdk.ts';
import { incompleteAnswer } from '../client/incomplete-answer.ts';
import { tagOnCreate } from '../client/tags.ts';
import type { WriteContext } from '../write-context.ts';

const createAction = 'ec2:CreateVpcEndpoint';
/** How many endpoints made with one token may have been deleted in AWS's memory of tokens. */
const longestTokenChain = 20;

/**
 * Creates an endpoint, once per client token. AWS answers a known token with the endpoint it was
 * used for, also when that one was deleted since: then a new token is derived from the old one
 * and the dead endpoint's id, so that every repeat walks the same chain to the same living one.
 */
export async function createVpcEndpoint(
  action: CreateVpcEndpoint,
  { calls, options }: WriteContext,
): Promise<ActionResults['CreateVpcEndpoint']> {
  let token = action.clientToken;
  for (let made = 0; made < longestTokenChain; made += 1) {
    const input = createInput(action, token);
    const { VpcEndpoint: answer } = await calls.call(createAction, input, options);
    // Where and for what it is need not be read from the answer: it was asked for.
    const { vpcId: VpcId, serviceName: ServiceName } = action;
    const endpoint = endpointFromSdk({ ...answer, VpcId, ServiceName });
    if (endpoint === undefined) throw incompleteAnswer(createAction, 'with no endpoint');
    if (!isGone(endpoint)) return { endpoint };
    token = createHash('sha256').update(`${token}\n${endpoint.id}`).digest('hex');
  }
  throw incompleteAnswer(createAction, 'with only deleted endpoints');
}

function isGone({ state }: Endpoint): boolean {
  return state === 'deleting' || state === 'deleted';
}

function createInput(
  action: CreateVpcEndpoint,
  ClientToken: string,
): CreateVpcEndpointCommandInput {
  const { policy, dnsRecordIpType } = action;
  return {
    // AWS's default is a gateway endpoint.
    VpcEndpointType: 'Interface',
    ServiceName: action.serviceName,
    VpcId: action.vpcId,
    SubnetIds: [...action.subnetIds],
    SecurityGroupIds: [...action.securityGroupIds],
    // Always sent: left out, AWS turns private DNS on.
    PrivateDnsEnabled: action.privateDnsEnabled,
    IpAddressType: action.ipAddressType as CreateVpcEndpointCommandInput['IpAddressType'],
    ClientToken,
    ...addressesToSdk(action.addresses),
    ...(policy === undefined ? {} : { PolicyDocument: JSON.stringify(policy) }),
    ...dnsOptions(dnsRecordIpType),
    ...tagOnCreate('vpc-endpoint', action.tags),
  };
}

/** Makes all changes of an endpoint in one call: AWS refuses a second one while it is at work. */
export async function modifyVpcEndpoint(
  action: ModifyVpcEndpoint,
  { calls, options }: WriteContext,
): Promise<void> {
  const { policy, privateDnsEnabled, ipAddressType, dnsRecordIpType } = action;
  const input = {
    VpcEndpointId: action.endpointId,
    ...idsToSdk('AddSubnetIds', action.addSubnetIds),
    ...idsToSdk('RemoveSubnetIds', action.removeSubnetIds),
    ...idsToSdk('AddSecurityGroupIds', action.addSecurityGroupIds),
    ...idsToSdk('RemoveSecurityGroupIds', action.removeSecurityGroupIds),
    ...addressesToSdk(action.addresses),
    ...(policy === undefined ? {} : { PolicyDocument: JSON.stringify(policy) }),
    ...(privateDnsEnabled === undefined ? {} : { PrivateDnsEnabled: privateDnsEnabled }),
    ...(ipAddressType === undefined
      ? {}
      : { IpAddressType: ipAddressType as CreateVpcEndpointCommandInput['IpAddressType'] }),
    ...dnsOptions(dnsRecordIpType),
  };
  await calls.call('ec2:ModifyVpcEndpoint', input, options);
}

function idsToSdk<Name extends string>(
  name: Name,
  ids: readonly string[],
): Partial<Record<Name, string[]>> {
  return ids.length === 0 ? {} : ({ [name]: [...ids] } as Record<Name, string[]>);
}

function addressesToSdk(addresses: readonly SubnetAddress[]): {
  SubnetConfigurations?: SubnetConfiguration[];
} {
  if (addresses.length === 0) return {};
  return {
    SubnetConfigurations: addresses.map(({ subnetId, ipv4, ipv6 }) => ({
      SubnetId: subnetId,
      ...(ipv4 === undefined ? {} : { Ipv4: ipv4 }),
      ...(ipv6 === undefined ? {} : { Ipv6: ipv6 }),
    })),
  };
}

function dnsOptions(
  dnsRecordIpType: string | undefined,
): Pick<CreateVpcEndpointCommandInput, 'DnsOptions'> {
  if (dnsRecordIpType === undefined) return {};
  type DnsOptions = NonNullable<CreateVpcEndpointCommandInput['DnsOptions']>;
  return { DnsOptions: { DnsRecordIpType: dnsRecordIpType as DnsOptions['DnsRecordIpType'] } };
}
