/** Tags of a resource, key to value. */
export type Tags = Readonly<Record<string, string>>;

export interface Vpc {
  readonly id: string;
  readonly ownerId: string;
  /** The first is the primary block. */
  readonly cidrs: readonly CidrAssociation[];
  readonly ipv6Cidrs: readonly CidrAssociation[];
  readonly isDefault: boolean;
  readonly instanceTenancy: string;
  readonly dhcpOptionsId: string;
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
  readonly tags: Tags;
}

export interface CidrAssociation {
  readonly associationId: string;
  readonly cidr: string;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  /** Another account than the caller's for a subnet that is shared with it. */
  readonly ownerId: string;
  readonly zone: string;
  /** Undefined for an IPv6-only subnet. */
  readonly cidr?: string | undefined;
  readonly ipv6Cidrs: readonly CidrAssociation[];
  readonly defaultForZone: boolean;
  /** The Outpost that the subnet is on, if it is on one. */
  readonly outpostArn?: string | undefined;
  readonly tags: Tags;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly tags: Tags;
}

/** The source or the destination of a rule's traffic. */
export type RulePeer =
  | { readonly kind: 'ipv4'; readonly cidr: string }
  | { readonly kind: 'ipv6'; readonly cidr: string }
  | { readonly kind: 'prefixList'; readonly prefixListId: string }
  | {
      readonly kind: 'group';
      readonly groupId: string;
      /** The group's account, where it is another one than that of the rule. */
      readonly userId?: string | undefined;
    };

/** Two VPCs of one region whose groups may name each other. */
export interface VpcPeering {
  readonly id: string;
  readonly requester: PeeredVpc;
  readonly accepter: PeeredVpc;
  readonly status: 'pending-acceptance' | 'active' | 'deleted' | 'failed';
  readonly createdAtMs: number;
  /** When the status changed last. */
  readonly changedAtMs: number;
  /** Those that this account gave it. */
  readonly tags: Tags;
}

export interface PeeredVpc {
  readonly accountId: string;
  readonly vpcId: string;
}

/** A group that may also be used in another VPC of its account. */
export interface GroupVpcAssociation {
  readonly groupId: string;
  readonly vpcId: string;
}

export interface SecurityGroupRule {
  readonly id: string;
  readonly groupId: string;
  readonly isEgress: boolean;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1`, or a protocol number. */
  readonly protocol: string;
  /** -1 where the protocol has no ports. */
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: RulePeer;
  readonly description?: string | undefined;
  readonly tags: Tags;
}

export interface PrefixListEntry {
  readonly cidr: string;
  readonly description?: string | undefined;
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly addressFamily: 'IPv4' | 'IPv6';
  /** Undefined in AWS's answers for AWS's own lists, which have a weight instead. */
  readonly maxEntries?: number | undefined;
  /** The number of rules of a group that one reference counts for. */
  readonly weight: number;
  readonly entries: readonly PrefixListEntry[];
  readonly tags: Tags;
}

/** An interface that is not part of an endpoint: something else that holds groups and addresses. */
export interface NetworkInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly groupIds: readonly string[];
  readonly ipv4?: string | undefined;
  readonly ipv6?: string | undefined;
  readonly description: string;
  readonly tags: Tags;
}

/** The interface of an endpoint in one of its subnets. */
export interface EndpointInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly ipv4?: string | undefined;
  readonly ipv6?: string | undefined;
}

export interface VpcEndpoint {
  readonly id: string;
  readonly type: 'Interface' | 'Gateway';
  readonly vpcId: string;
  readonly serviceName: string;
  /** The state that follows when nothing is pending: `available`, `pendingAcceptance`, `failed`, ... */
  readonly settledState: string;
  /** Until then it is `pending`. */
  readonly pendingUntilMs: number;
  /** The change that is pending. */
  readonly pendingFor: 'create' | 'modify';
  readonly deletion?: EndpointDeletion | undefined;
  readonly lastError?: { readonly code: string; readonly message: string } | undefined;
  /** The text as it was given; undefined: AWS's default. */
  readonly policy?: string | undefined;
  readonly groupIds: readonly string[];
  readonly interfaces: readonly EndpointInterface[];
  readonly routeTableIds: readonly string[];
  readonly ipAddressType: string;
  readonly dnsRecordIpType: string;
  readonly privateDnsEnabled: boolean;
  /** When that changed last, the creation included: resolvers learn of it later. */
  readonly privateDnsChangedAtMs?: number | undefined;
  /** The part of its DNS names after the id. */
  readonly dnsHash: string;
  readonly createdAtMs: number;
  readonly requesterManaged: boolean;
  readonly tags: Tags;
}

export interface EndpointDeletion {
  /** `deleting` until then, with its interfaces and private DNS names still held. */
  readonly deletedAtMs: number;
  /** `deleted` until then, and not found any more afterwards. */
  readonly goneAtMs: number;
}
