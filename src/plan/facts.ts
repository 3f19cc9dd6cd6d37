/**
 * Facts observed at AWS, as plain data in AWS's own words.
 *
 * Everything here is normalised at the edge (`src/aws`): states in lower case, policy documents
 * parsed, tags as records, absent lists as empty ones. Nothing here knows about the SDK.
 */

import type { CloudError } from './cloud-error.ts';

/** Tags of one resource, key to value. */
export type Tags = Readonly<Record<string, string>>;

/** A parsed IAM or endpoint policy document. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** The caller of AWS, from `sts:GetCallerIdentity`. */
export interface Caller {
  /** Twelve digits. */
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, ...: the second field of the caller's ARN. */
  readonly partition: string;
  readonly arn: string;
}

export interface Vpc {
  readonly id: string;
  /** The account that owns the VPC; differs from the caller's for a shared VPC. */
  readonly ownerId: string;
  /** Associated IPv4 blocks, all of them, not only the primary one. */
  readonly cidrs: readonly string[];
  readonly ipv6Cidrs: readonly string[];
  readonly tags: Tags;
}

/** The two VPC attributes that private DNS needs. */
export interface VpcDnsAttributes {
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly ownerId: string;
  /** Availability zone name, as this account sees it. */
  readonly zone: string;
  /** Undefined for an IPv6-only subnet. */
  readonly cidr?: string;
  readonly ipv6Cidrs: readonly string[];
  /** Set for a subnet on an Outpost. */
  readonly outpostArn?: string;
  /** Free IPv4 addresses, as AWS counts them. */
  readonly availableAddresses: number;
  readonly tags: Tags;
}

/** One entry of `DescribeVpcEndpointServices`, of type Interface. */
export interface EndpointService {
  readonly name: string;
  /** Zone names where the service can be reached. */
  readonly zones: readonly string[];
  readonly privateDnsNames: readonly string[];
  readonly policySupported: boolean;
  readonly acceptanceRequired: boolean;
  /** Empty when AWS did not say. */
  readonly ipAddressTypes: readonly string[];
}

/**
 * Lower-cased `State` of a VPC endpoint. The SDK's enum is PascalCase while the wire sends camel
 * case, so only the lower-cased form is compared. `unknown` is any state not in AWS's list.
 */
export type EndpointState =
  | 'pendingacceptance'
  | 'pending'
  | 'available'
  | 'deleting'
  | 'deleted'
  | 'rejected'
  | 'failed'
  | 'expired'
  | 'partial'
  | 'unknown';

export interface Endpoint {
  readonly id: string;
  readonly vpcId: string;
  readonly serviceName: string;
  readonly state: EndpointState;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly networkInterfaceIds: readonly string[];
  /** Undefined when AWS returned none or text that is no JSON object. */
  readonly policy?: PolicyDocument;
  readonly privateDnsEnabled: boolean;
  /** Undefined when AWS did not say. */
  readonly ipAddressType?: string;
  /** Undefined when AWS did not say. */
  readonly dnsRecordIpType?: string;
  /** Every DNS name that AWS reported, verbatim and in its order. */
  readonly dnsNames: readonly string[];
  readonly requesterManaged: boolean;
  readonly tags: Tags;
  /** ISO 8601; undefined when AWS did not say. */
  readonly createdAt?: string;
  /** Why the endpoint failed, where AWS says so. */
  readonly failure?: { readonly code: string; readonly message: string };
  /**
   * True while a write of this process to this endpoint is not visible in AWS's answers yet
   * (eventual consistency). Such an endpoint is waited for, not acted on.
   */
  readonly settling?: boolean;
}

/** Where traffic of a security group rule comes from. Exactly one of the fields is set. */
export type RuleSource =
  | { readonly cidr: string }
  | { readonly securityGroupId: string }
  | { readonly prefixListId: string };

export interface SecurityGroupRule {
  readonly id: string;
  readonly isEgress: boolean;
  /** `tcp`, `udp`, `icmp`, `-1`, or a protocol number as text. */
  readonly protocol: string;
  /** -1 where the protocol has no ports. */
  readonly fromPort: number;
  readonly toPort: number;
  readonly source: RuleSource;
  readonly description?: string;
  readonly tags: Tags;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly tags: Tags;
  /** Undefined while the rules have not been read. */
  readonly rules?: readonly SecurityGroupRule[];
}

/** A part of the holdings, which AWS tells by a call of its own. */
export type HoldingsPart = 'endpoints' | 'securityGroups' | 'rules';

/** Resources that carry the ownership tags of one link, or of all links of a cluster. */
export interface Holdings {
  readonly endpoints: readonly Endpoint[];
  /** With their rules. */
  readonly securityGroups: readonly SecurityGroup[];
  /**
   * Why parts could not be read. The list of an unread part is empty, which says nothing; where rules
   * are unread, the groups that lack them have `rules` undefined. Undefined: everything was read.
   */
  readonly unread?: Readonly<Partial<Record<HoldingsPart, CloudError>>>;
}

/** Resources that a link owns, and those that it owned before it was made anew. */
export interface OwnHoldings extends Holdings {
  /** Of a former self of the link: see `Ownership`. Undefined: there is nothing. */
  readonly former?: Holdings;
}

/** A network interface that has a security group. */
export interface GroupInterface {
  readonly id: string;
  /**
   * The endpoint that AWS made it for; absent for any other. One that AWS does not show any more
   * is `deleted`, without tags.
   */
  readonly endpoint?: Pick<Endpoint, 'id' | 'state' | 'tags'>;
}

/** The uses of a security group, which keep AWS from deleting it. */
export interface SecurityGroupUses {
  readonly groupId: string;
  readonly interfaces: readonly GroupInterface[];
  /** Other groups of the account that have a rule which names this one. */
  readonly referringGroupIds: readonly string[];
}

export interface ManagedPrefixList {
  readonly id: string;
  readonly name: string;
  /** `IPv4` or `IPv6`. */
  readonly addressFamily: string;
  /** The rules that one reference counts for in the quota; undefined when AWS did not say. */
  readonly maxEntries?: number;
}

export interface NetworkInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly zone: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
}

/** An endpoint of a VPC as its clients see it. */
export interface ServiceEndpoint {
  readonly serviceName: string;
  readonly state: EndpointState;
  /** Of its network interfaces, IPv4 and IPv6; empty for a gateway endpoint. */
  readonly addresses: readonly string[];
  /** True while AWS does not show each of its interfaces with an address. */
  readonly isPartlyShown: boolean;
  /** Of a gateway endpoint: the entries of the service's managed prefix list. */
  readonly cidrs: readonly string[];
}

/** An IAM identity that a policy can be attached to. */
export interface Principal {
  readonly kind: 'role' | 'user' | 'group';
  /** Without path. */
  readonly name: string;
}

/** A customer managed IAM policy with its default version and its use. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly tags: Tags;
  readonly defaultVersionId: string;
  /** The default version's document; undefined when it is no JSON object. */
  readonly document?: PolicyDocument;
  /** Principals that it is attached to as a permissions policy. */
  readonly attachedTo: readonly Principal[];
  /** How many principals have it as their permissions boundary. */
  readonly boundaryUses: number;
  /** True while a write of this process is not visible in IAM's answers yet. */
  readonly settling?: boolean;
}

export interface PolicyVersion {
  /** `v1`, `v2`, ...: never used again. */
  readonly id: string;
  readonly isDefault: boolean;
  readonly document?: PolicyDocument;
}

/** One policy that bears on a principal. */
export interface PolicyOfPrincipal {
  readonly name: string;
  /** Undefined for an inline policy. */
  readonly arn?: string;
  /** The principal itself, or the group that a user has the policy through. */
  readonly through: Principal;
  readonly document: PolicyDocument;
}

/** One principal's other policies: managed and inline, its groups' ones included for a user. */
export interface PrincipalPolicies {
  readonly principal: Principal;
  readonly policies: readonly PolicyOfPrincipal[];
  /** The permissions boundary of a role or user that has one. */
  readonly boundary?: PolicyOfPrincipal;
  /** Why nobody can tell its policies; then none are given. */
  readonly unread?: CloudError;
}
