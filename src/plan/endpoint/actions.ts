/** Changes of endpoints, as data. */
import type { Described, Nothing } from '../actions/described.ts';
import type { Endpoint, PolicyDocument } from '../facts.ts';

/** A fixed address of an endpoint in one subnet. */
export interface SubnetAddress {
  readonly subnetId: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
}

export interface CreateVpcEndpoint extends Described {
  readonly kind: 'CreateVpcEndpoint';
  readonly serviceName: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly addresses: readonly SubnetAddress[];
  readonly securityGroupIds: readonly string[];
  readonly ipAddressType: string;
  readonly dnsRecordIpType?: string;
  /** Undefined: AWS's default document. */
  readonly policy?: PolicyDocument;
  readonly privateDnsEnabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** At most 64 ASCII characters; covers every parameter of the call. */
  readonly clientToken: string;
}

/** One call with all differences. Fields that stay are absent; lists may be empty. */
export interface ModifyVpcEndpoint extends Described {
  readonly kind: 'ModifyVpcEndpoint';
  readonly endpointId: string;
  readonly addSubnetIds: readonly string[];
  readonly removeSubnetIds: readonly string[];
  readonly addSecurityGroupIds: readonly string[];
  readonly removeSecurityGroupIds: readonly string[];
  readonly addresses: readonly SubnetAddress[];
  readonly policy?: PolicyDocument;
  readonly privateDnsEnabled?: boolean;
  readonly ipAddressType?: string;
  readonly dnsRecordIpType?: string;
}

export interface DeleteVpcEndpoints extends Described {
  readonly kind: 'DeleteVpcEndpoints';
  readonly endpointIds: readonly string[];
}

/** A change of endpoints. */
export type EndpointAction = CreateVpcEndpoint | ModifyVpcEndpoint | DeleteVpcEndpoints;

/** AWS's answer to each of them; the rest of an action's effect follows from the action itself. */
export interface EndpointResults {
  CreateVpcEndpoint: { readonly endpoint: Endpoint };
  ModifyVpcEndpoint: Nothing;
  DeleteVpcEndpoints: Nothing;
}
