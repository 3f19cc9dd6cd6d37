import type {
  Endpoint,
  ManagedPolicy,
  PolicyDocument,
  Principal,
  RuleSource,
  SecurityGroup,
  SecurityGroupRule,
} from './facts.ts';

/** A rule to add: tcp, one port, one source. */
export interface IngressRule {
  readonly source: RuleSource;
  readonly port: number;
  readonly description?: string;
}

/** A fixed address of an endpoint in one subnet. */
export interface SubnetAddress {
  readonly subnetId: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
}

interface Described {
  /** Why this is done, in words: shown in plans, events and logs. */
  readonly reason: string;
}

export interface CreateSecurityGroup extends Described {
  readonly kind: 'CreateSecurityGroup';
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** Whether the VPC has an IPv6 block: the default egress of its groups lets IPv6 out too then. */
  readonly vpcHasIpv6: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Adds rules to a group; the tags go on every rule of the call. */
export interface AuthorizeIngress extends Described {
  readonly kind: 'AuthorizeIngress';
  readonly groupId: string;
  readonly rules: readonly IngressRule[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface RevokeIngress extends Described {
  readonly kind: 'RevokeIngress';
  readonly groupId: string;
  readonly ruleIds: readonly string[];
}

export interface RevokeEgress extends Described {
  readonly kind: 'RevokeEgress';
  readonly groupId: string;
  /**
   * A rule with an empty id is AWS's default egress rule of a group just created, whose id was
   * not read: it is revoked by its content, which saves a call for each new group.
   */
  readonly rules: readonly SecurityGroupRule[];
}

/** Changes only descriptions; they are not part of a rule's identity at AWS. */
export interface UpdateRuleDescriptions extends Described {
  readonly kind: 'UpdateRuleDescriptions';
  readonly groupId: string;
  readonly descriptions: readonly { readonly ruleId: string; readonly description: string }[];
}

export interface DeleteSecurityGroup extends Described {
  readonly kind: 'DeleteSecurityGroup';
  readonly groupId: string;
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

export interface CreateTags extends Described {
  readonly kind: 'CreateTags';
  readonly resourceIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeleteTags extends Described {
  readonly kind: 'DeleteTags';
  readonly resourceIds: readonly string[];
  readonly keys: readonly string[];
}

export interface CreatePolicy extends Described {
  readonly kind: 'CreatePolicy';
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly description: string;
  readonly document: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
}

/** Adds a version and makes it the default in the same call. */
export interface CreatePolicyVersion extends Described {
  readonly kind: 'CreatePolicyVersion';
  readonly arn: string;
  readonly document: PolicyDocument;
}

export interface SetDefaultPolicyVersion extends Described {
  readonly kind: 'SetDefaultPolicyVersion';
  readonly arn: string;
  readonly versionId: string;
  /** What that version says: its effect. */
  readonly document: PolicyDocument;
}

export interface DeletePolicyVersion extends Described {
  readonly kind: 'DeletePolicyVersion';
  readonly arn: string;
  readonly versionId: string;
}

export interface AttachPolicy extends Described {
  readonly kind: 'AttachPolicy';
  readonly arn: string;
  readonly principal: Principal;
}

export interface DetachPolicy extends Described {
  readonly kind: 'DetachPolicy';
  readonly arn: string;
  readonly principal: Principal;
}

/** Only for a policy that has no other version and is attached nowhere. */
export interface DeletePolicy extends Described {
  readonly kind: 'DeletePolicy';
  readonly arn: string;
}

export interface TagPolicy extends Described {
  readonly kind: 'TagPolicy';
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface UntagPolicy extends Described {
  readonly kind: 'UntagPolicy';
  readonly arn: string;
  readonly keys: readonly string[];
}

/** A change to AWS, as data. */
export type Action =
  | CreateSecurityGroup
  | AuthorizeIngress
  | RevokeIngress
  | RevokeEgress
  | UpdateRuleDescriptions
  | DeleteSecurityGroup
  | CreateVpcEndpoint
  | ModifyVpcEndpoint
  | DeleteVpcEndpoints
  | CreateTags
  | DeleteTags
  | CreatePolicy
  | CreatePolicyVersion
  | SetDefaultPolicyVersion
  | DeletePolicyVersion
  | AttachPolicy
  | DetachPolicy
  | DeletePolicy
  | TagPolicy
  | UntagPolicy;

export type ActionKind = Action['kind'];

/** What AWS assigned; the rest of an action's effect follows from the action itself. */
export interface ActionResults {
  /**
   * The new group (`existed: false`), or, where AWS says that the name is taken in this VPC, the
   * group that has it, with its tags as they are (`existed: true`): whether it is ours is the
   * planner's to say. Without rules.
   */
  CreateSecurityGroup: { readonly group: SecurityGroup; readonly existed: boolean };
  AuthorizeIngress: { readonly rules: readonly SecurityGroupRule[] };
  RevokeIngress: Record<never, never>;
  RevokeEgress: Record<never, never>;
  UpdateRuleDescriptions: Record<never, never>;
  DeleteSecurityGroup: Record<never, never>;
  CreateVpcEndpoint: { readonly endpoint: Endpoint };
  ModifyVpcEndpoint: Record<never, never>;
  DeleteVpcEndpoints: Record<never, never>;
  CreateTags: Record<never, never>;
  DeleteTags: Record<never, never>;
  /**
   * The new policy (`existed: false`), or, where IAM says that the name is taken in this account
   * (whatever the path and the case), the policy that has it (`existed: true`).
   */
  CreatePolicy: { readonly policy: ManagedPolicy; readonly existed: boolean };
  CreatePolicyVersion: { readonly versionId: string };
  SetDefaultPolicyVersion: Record<never, never>;
  DeletePolicyVersion: Record<never, never>;
  AttachPolicy: Record<never, never>;
  DetachPolicy: Record<never, never>;
  DeletePolicy: Record<never, never>;
  TagPolicy: Record<never, never>;
  UntagPolicy: Record<never, never>;
}

/** The result of one action. */
export type ResultOf<A extends Action> = ActionResults[A['kind']];
