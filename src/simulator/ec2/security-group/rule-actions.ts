import type { Action, ActionTable, CallContext } from '../../actions.ts';
import { AwsError } from '../../protocol/error.ts';
import {
  type Form,
  missingParameter,
  requiredTextOf,
  structureOf,
  structuresOf,
  textOf,
  textsOf,
} from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { regionOf } from '../context.ts';
import { existing, idKinds } from '../errors.ts';
import { filtered, type FilterFields } from '../filters.ts';
import { defaultVpcGroup, groupPeer } from './group-peers.ts';
import { pageOf } from '../paging.ts';
import {
  cidrPeer,
  descriptionIn,
  type Permission,
  permissionsIn,
  portsOf,
  prefixListPeer,
  sameRule,
} from './permissions.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule } from '../records.ts';
import type { RegionState } from '../region.ts';
import { permissionsXml, revokedRuleXml, ruleXml } from './rule-xml.ts';
import {
  authorize,
  checkRuleQuota,
  directionOf,
  duplicate,
  rulesById,
  rulesByPermission,
  rulesToRevoke,
} from './rules.ts';
import { tagsOnCreate } from '../tag-specifications.ts';

/** Only the parameters of rules for what comes in know a group by its name. */
const egressParameters = [
  'GroupId',
  'IpPermissions.IpProtocol',
  'IpPermissions.FromPort',
  'IpPermissions.ToPort',
  'IpPermissions.IpRanges',
  'IpPermissions.Ipv6Ranges',
  'IpPermissions.PrefixListIds',
  'IpPermissions.Groups',
  'IpProtocol',
  'FromPort',
  'ToPort',
  'CidrIp',
];

function permissionParameters(isEgress: boolean): readonly string[] {
  return isEgress ? egressParameters : [...egressParameters, 'GroupName'];
}

export const ruleActions: ActionTable = {
  AuthorizeSecurityGroupIngress: authorizeAction(false),
  AuthorizeSecurityGroupEgress: authorizeAction(true),
  RevokeSecurityGroupIngress: revokeAction(false),
  RevokeSecurityGroupEgress: revokeAction(true),
  UpdateSecurityGroupRuleDescriptionsIngress: updateDescriptionsAction(false),
  UpdateSecurityGroupRuleDescriptionsEgress: updateDescriptionsAction(true),
  ModifySecurityGroupRules: {
    readOnly: false,
    required: ['GroupId', 'SecurityGroupRule'],
    run: modifyRules,
  },
  DescribeSecurityGroupRules: {
    readOnly: true,
    optional: ['SecurityGroupRuleId', 'Filter', 'MaxResults', 'NextToken'],
    run: describeRules,
  },
};

function groupIn(region: RegionState, form: Form): SecurityGroup {
  const id = textOf(form, 'GroupId');
  if (id !== undefined) return existing(idKinds.group, id, region.groups.get(id));
  const name = textOf(form, 'GroupName');
  if (name !== undefined) return defaultVpcGroup(region, name);
  throw missingParameter('GroupId');
}

function authorizeAction(isEgress: boolean): Action {
  return {
    readOnly: false,
    optional: [...permissionParameters(isEgress), 'TagSpecification'],
    run: (context, form) => {
      const region = regionOf(context);
      const group = groupIn(region, form);
      const tags = tagsOnCreate(form, 'security-group-rule');
      const rules = authorize(region, group, isEgress, permissionsIn(region, group, form), tags);
      const securityGroupRuleSet = itemsOf(rules.map((rule) => ruleXml(region, rule)));
      return { return: true, securityGroupRuleSet };
    },
  };
}

function revokeAction(isEgress: boolean): Action {
  return {
    readOnly: false,
    optional: [...permissionParameters(isEgress), 'SecurityGroupRuleId'],
    run: (context, form) => {
      const region = regionOf(context);
      const group = groupIn(region, form);
      const ids = textsOf(form, 'SecurityGroupRuleId');
      const { rules, unknown } =
        ids.length > 0
          ? { rules: rulesById(region, group, isEgress, ids), unknown: [] }
          : rulesToRevoke(region, group, isEgress, permissionsIn(region, group, form));
      for (const rule of rules) region.rules.delete(rule.id);
      return {
        return: true,
        unknownIpPermissionSet: unknown.length === 0 ? undefined : permissionsXml(region, unknown),
        revokedSecurityGroupRuleSet: itemsOf(rules.map(revokedRuleXml)),
      };
    },
  };
}

function updateDescriptionsAction(isEgress: boolean): Action {
  return {
    readOnly: false,
    optional: ['GroupId', 'GroupName', 'IpPermissions', 'SecurityGroupRuleDescription'],
    run: (context, form) => {
      const region = regionOf(context);
      const group = groupIn(region, form);
      const byId = structuresOf(form, 'SecurityGroupRuleDescription');
      for (const described of byId) {
        const id = requiredTextOf(described, 'SecurityGroupRuleId');
        const [rule] = rulesById(region, group, isEgress, [id]);
        if (rule === undefined) continue;
        region.rules.change(id, { description: descriptionIn(described, rule.peer) });
      }
      if (byId.length > 0) return { return: true };
      const permissions = permissionsIn(region, group, form);
      const rules = rulesByPermission(region, group, isEgress, permissions);
      for (const [index, rule] of rules.entries()) {
        region.rules.change(rule.id, { description: permissions[index]?.description });
      }
      return { return: true };
    },
  };
}

/** Replaces rules in place; all of them or, when one is wrong, none. */
function modifyRules(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const group = groupIn(region, form);
  const changed = structuresOf(form, 'SecurityGroupRule').map((update) => {
    const id = requiredTextOf(update, 'SecurityGroupRuleId');
    const rule = region.rules.get(id);
    const before = existing(idKinds.rule, id, rule?.groupId === group.id ? rule : undefined);
    const wanted = structureOf(update, 'SecurityGroupRule');
    if (wanted === undefined) throw missingParameter('SecurityGroupRule');
    return { ...before, ...requestedRule(region, group, before, wanted) };
  });
  for (const isEgress of [false, true]) checkTogether(region, group, isEgress, changed);
  for (const rule of changed) region.rules.put(rule.id, rule);
  return { return: true };
}

function checkTogether(
  region: RegionState,
  group: SecurityGroup,
  isEgress: boolean,
  changed: readonly SecurityGroupRule[],
): void {
  const rules = directionOf(region, group.id, isEgress).map(
    (rule) => changed.find(({ id }) => id === rule.id) ?? rule,
  );
  for (const rule of rules) {
    const twin = rules.find((other) => other.id !== rule.id && sameRule(other, rule));
    if (twin !== undefined) throw duplicate(rule);
  }
  checkRuleQuota(region, rules);
}

function requestedRule(
  region: RegionState,
  group: SecurityGroup,
  before: SecurityGroupRule,
  form: Form,
): Permission {
  const peer = requestedPeer(region, group, form);
  if (peer.kind !== before.peer.kind) {
    const message = `You may not specify ${peerKinds[peer.kind]} for an existing ${ruleKinds[before.peer.kind]} rule`;
    throw new AwsError('InvalidParameterValue', message);
  }
  return { ...portsOf(form), peer, description: descriptionIn(form, peer) };
}

/** AWS's words for what a rule cannot become once it is of another kind. */
const peerKinds = {
  ipv4: 'an IPv4 CIDR',
  ipv6: 'an IPv6 CIDR',
  prefixList: 'a prefix list id',
  group: 'a referenced group id',
} as const;

const ruleKinds = {
  ipv4: 'IPv4 CIDR',
  ipv6: 'IPv6 CIDR',
  prefixList: 'prefix list id',
  group: 'referenced group id',
} as const;

function requestedPeer(region: RegionState, { vpcId }: SecurityGroup, form: Form): RulePeer {
  const ipv4 = textOf(form, 'CidrIpv4');
  if (ipv4 !== undefined) return cidrPeer(ipv4, 4);
  const ipv6 = textOf(form, 'CidrIpv6');
  if (ipv6 !== undefined) return cidrPeer(ipv6, 6);
  const prefixListId = textOf(form, 'PrefixListId');
  if (prefixListId !== undefined) return prefixListPeer(region, prefixListId);
  return groupPeer(region, vpcId, { GroupId: requiredTextOf(form, 'ReferencedGroupId') });
}

const filterFields: FilterFields<SecurityGroupRule> = {
  'group-id': (rule) => [rule.groupId],
  'security-group-rule-id': (rule) => [rule.id],
};

function describeRules(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { view } = context;
  const ids = textsOf(form, 'SecurityGroupRuleId');
  const rules =
    ids.length === 0
      ? region.rules.list(view)
      : ids.map((id) => existing(idKinds.rule, id, region.rules.get(id, view)));
  const { rows, nextToken } = pageOf(filtered(rules, form, filterFields), form, {
    ids: 'SecurityGroupRuleId',
  });
  return { securityGroupRuleSet: itemsOf(rows.map((rule) => ruleXml(region, rule))), nextToken };
}
