import type {
  Caller,
  Endpoint,
  EndpointService,
  Holdings,
  ManagedPolicy,
  ManagedPrefixList,
  NetworkInterface,
  OwnHoldings,
  PolicyVersion,
  Principal,
  PrincipalPolicies,
  SecurityGroup,
  SecurityGroupUses,
  ServiceEndpoint,
  Subnet,
  Vpc,
  VpcDnsAttributes,
} from './facts.ts';

/** The cluster and the object that AWS resources belong to: what the ownership tags carry. */
export interface OwnerIdentity {
  readonly clusterId: string;
  /** `metadata.uid` of the link. */
  readonly uid: string;
  /** `metadata.name` of the link. */
  readonly name: string;
  /**
   * UIDs that the link had before. Undefined: every other UID beside its name, since a cluster has
   * one object of a name at a time. Files of one name can be many, so theirs are listed.
   */
  readonly formerUids?: readonly string[];
}

/** How a spec points at a VPC. */
export type VpcSelector =
  | { readonly id: string }
  | { readonly tags: Readonly<Record<string, string>> };

/**
 * A question to AWS, as data. The planner asks; the edge answers, sharing one batched read among
 * all links of an account and region that ask the same kind of thing.
 */
export type Look =
  | { readonly kind: 'Caller' }
  /**
   * Everything in the account and region that carries the tags of this link or a former self, as far as
   * it can be read: see `Holdings.unread`.
   */
  | { readonly kind: 'Owned'; readonly owner: OwnerIdentity }
  /**
   * Everything in the account and region that carries the cluster's id, of whatever link but those of
   * the UIDs, as far.
   */
  | { readonly kind: 'ClusterHoldings'; readonly exceptUids?: readonly string[] }
  | { readonly kind: 'Vpcs'; readonly selector: VpcSelector }
  | { readonly kind: 'VpcDnsAttributes'; readonly vpcId: string }
  /** All subnets of a VPC: which of them a spec means is the planner's to say. */
  | { readonly kind: 'Subnets'; readonly vpcId: string }
  /** The same as they are now: how many addresses are free changes with every link and pod. */
  | { readonly kind: 'FreeAddresses'; readonly vpcId: string }
  /** Subnets by id, wherever they are; ids that do not exist are absent. */
  | { readonly kind: 'SubnetsById'; readonly ids: readonly string[] }
  /** Names that the region does not have are absent from the answer. */
  | { readonly kind: 'EndpointServices'; readonly names: readonly string[] }
  /** All endpoints of a VPC for these services, whoever owns them. */
  | {
      readonly kind: 'VpcEndpoints';
      readonly vpcId: string;
      readonly serviceNames: readonly string[];
    }
  /** Security groups by id (without rules); ids that do not exist are absent. */
  | { readonly kind: 'SecurityGroups'; readonly ids: readonly string[] }
  /** The group of a name in a VPC, whoever owns it, with its rules; AWS gives a name to one only. */
  | { readonly kind: 'SecurityGroupsByName'; readonly vpcId: string; readonly name: string }
  /** The uses that keep AWS from deleting these groups; each has an entry, empty if it is free. */
  | { readonly kind: 'SecurityGroupUses'; readonly groupIds: readonly string[] }
  | { readonly kind: 'PrefixLists'; readonly ids: readonly string[] }
  | { readonly kind: 'NetworkInterfaces'; readonly ids: readonly string[] }
  /** A VPC's endpoints for these services with everything that pods reach them by, whoever owns them. */
  | {
      readonly kind: 'ClientServices';
      readonly vpcId: string;
      readonly serviceNames: readonly string[];
    }
  | PolicyLook;

/** A question to IAM. */
export type PolicyLook =
  /** Names of all customer managed policies under a path: one read for all links of an account. */
  | { readonly kind: 'PolicyNames'; readonly path: string }
  /** A customer managed policy with its default version and attachments. */
  | { readonly kind: 'ManagedPolicy'; readonly arn: string }
  /**
   * Customer managed policies by ARN, as `ManagedPolicy`; those that do not exist are absent. One
   * that is the owner's own answers `ManagedPolicy` as well, if there is none at the ARN asked for.
   */
  | {
      readonly kind: 'PoliciesByARN';
      readonly arns: readonly string[];
      readonly owner: OwnerIdentity;
    }
  /** All versions of a policy with their documents, oldest first. */
  | { readonly kind: 'PolicyVersions'; readonly arn: string }
  /** The principals that have a policy as permissions boundary. */
  | { readonly kind: 'PolicyBoundaryUses'; readonly arn: string }
  /** Every policy of these principals; principals that do not exist are absent. */
  | { readonly kind: 'PrincipalPolicies'; readonly principals: readonly Principal[] };

export type LookKind = Look['kind'];

/** The answer to each kind of look. */
export interface LookAnswers {
  Caller: Caller;
  Owned: OwnHoldings;
  ClusterHoldings: Holdings;
  Vpcs: readonly Vpc[];
  VpcDnsAttributes: VpcDnsAttributes;
  Subnets: readonly Subnet[];
  FreeAddresses: readonly Subnet[];
  SubnetsById: readonly Subnet[];
  EndpointServices: readonly EndpointService[];
  VpcEndpoints: readonly Endpoint[];
  SecurityGroups: readonly SecurityGroup[];
  SecurityGroupsByName: readonly SecurityGroup[];
  SecurityGroupUses: readonly SecurityGroupUses[];
  PrefixLists: readonly ManagedPrefixList[];
  NetworkInterfaces: readonly NetworkInterface[];
  ClientServices: readonly ServiceEndpoint[];
  PolicyNames: readonly string[];
  /** Without `policy`: there is none of that ARN. */
  ManagedPolicy: { readonly policy?: ManagedPolicy };
  PoliciesByARN: readonly ManagedPolicy[];
  /** Empty if there is no such policy. */
  PolicyVersions: readonly PolicyVersion[];
  PolicyBoundaryUses: readonly Principal[];
  PrincipalPolicies: readonly PrincipalPolicies[];
}

/** The answer to one look. */
export type AnswerTo<L extends Look> = LookAnswers[L['kind']];
