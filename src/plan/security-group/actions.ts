/** Changes of a security group and its rules, as data. */
import type { Described, Nothing } from '../actions/described.ts';
import type { RuleSource, SecurityGroup, SecurityGroupRule } from '../facts.ts';

/** A rule to add: tcp, one port, one source. */
export interface IngressRule {
  readonly source: RuleSource;
  readonly port: number;
  readonly description?: string;
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

/** A change of a security group and its rules. */
export type SecurityGroupAction =
  | CreateSecurityGroup
  | AuthorizeIngress
  | RevokeIngress
  | RevokeEgress
  | UpdateRuleDescriptions
  | DeleteSecurityGroup;

/** AWS's answer to each of them; the rest of an action's effect follows from the action itself. */
export interface SecurityGroupResults {
  /**
   * The new group (`existed: false`), or, where AWS says that the name is taken in this VPC, the
   * group that has it, with its tags as they are (`existed: true`): whether it is ours is the
   * planner's to say. Without rules.
   */
  CreateSecurityGroup: { readonly group: SecurityGroup; readonly existed: boolean };
  AuthorizeIngress: { readonly rules: readonly SecurityGroupRule[] };
  RevokeIngress: Nothing;
  RevokeEgress: Nothing;
  UpdateRuleDescriptions: Nothing;
  DeleteSecurityGroup: Nothing;
}
