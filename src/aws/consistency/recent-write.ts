import type { Action, ActionResults, ModifyVpcEndpoint } from '../../plan/actions.ts';
import { defaultEgress } from '../../plan/security-group/default-egress.ts';
import type { PolicyAction } from '../../plan/notebook-policy/policy-effects.ts';
import type { Endpoint, SecurityGroup, SecurityGroupRule, Tags } from '../../plan/facts.ts';

/** A change that this process made, in the form in which reads are compared with it. */
export type RecentWrite =
  | { readonly kind: 'EndpointCreated'; readonly endpoint: Endpoint }
  | { readonly kind: 'EndpointModified'; readonly change: ModifyVpcEndpoint }
  | { readonly kind: 'EndpointDeleted'; readonly endpointId: string }
  /** With the rules that AWS gives a new group. */
  | { readonly kind: 'GroupCreated'; readonly group: SecurityGroup }
  | { readonly kind: 'GroupDeleted'; readonly groupId: string }
  | {
      readonly kind: 'RulesAdded';
      readonly groupId: string;
      readonly rules: readonly SecurityGroupRule[];
    }
  | {
      readonly kind: 'RulesRemoved';
      readonly groupId: string;
      readonly ruleIds: readonly string[];
      /** Rules that were revoked by content. */
      readonly contents: readonly SecurityGroupRule[];
    }
  | {
      readonly kind: 'RulesDescribed';
      readonly groupId: string;
      readonly descriptions: ReadonlyMap<string, string>;
    }
  | {
      readonly kind: 'TagsChanged';
      readonly resourceIds: readonly string[];
      readonly set: Tags;
      readonly removed: readonly string[];
    };

/** Actions on what is in EC2. */
export type Ec2Action = Exclude<Action, PolicyAction>;

/** What reads should show after an action that succeeded. */
export function recentWritesOf(
  action: Ec2Action,
  result: ActionResults[keyof ActionResults],
): readonly RecentWrite[] {
  switch (action.kind) {
    case 'CreateSecurityGroup': {
      const { group, existed } = result as ActionResults['CreateSecurityGroup'];
      const rules = defaultEgress(action.vpcHasIpv6);
      return existed ? [] : [{ kind: 'GroupCreated', group: { ...group, rules } }];
    }
    case 'AuthorizeIngress': {
      const { rules } = result as ActionResults['AuthorizeIngress'];
      return [{ kind: 'RulesAdded', groupId: action.groupId, rules }];
    }
    case 'RevokeIngress': {
      const { groupId, ruleIds } = action;
      return [{ kind: 'RulesRemoved', groupId, ruleIds, contents: [] }];
    }
    case 'RevokeEgress': {
      const { groupId, rules } = action;
      const ruleIds = rules.map(({ id }) => id).filter((id) => id !== '');
      const contents = rules.filter(({ id }) => id === '');
      return [{ kind: 'RulesRemoved', groupId, ruleIds, contents }];
    }
    case 'UpdateRuleDescriptions': {
      const descriptions = new Map(
        action.descriptions.map(({ ruleId, description }) => [ruleId, description]),
      );
      return [{ kind: 'RulesDescribed', groupId: action.groupId, descriptions }];
    }
    case 'DeleteSecurityGroup':
      return [{ kind: 'GroupDeleted', groupId: action.groupId }];
    case 'CreateVpcEndpoint': {
      const { endpoint } = result as ActionResults['CreateVpcEndpoint'];
      return [{ kind: 'EndpointCreated', endpoint }];
    }
    case 'ModifyVpcEndpoint':
      return [{ kind: 'EndpointModified', change: action }];
    case 'DeleteVpcEndpoints':
      return action.endpointIds.map((endpointId) => ({ kind: 'EndpointDeleted', endpointId }));
    case 'CreateTags': {
      const { resourceIds, tags } = action;
      return [{ kind: 'TagsChanged', resourceIds, set: tags, removed: [] }];
    }
    case 'DeleteTags': {
      const { resourceIds, keys } = action;
      return [{ kind: 'TagsChanged', resourceIds, set: {}, removed: keys }];
    }
    default:
      return action satisfies never;
  }
}
