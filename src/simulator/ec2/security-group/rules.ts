import { AwsError } from '../../protocol/error.ts';
import { type Permission, peerText, sameRule } from './permissions.ts';
import type { RulePeer, SecurityGroup, SecurityGroupRule, Tags } from '../records.ts';
import type { RegionState } from '../region.ts';
import { rulesOf } from './security-groups.ts';

/** AWS's default quota, counted separately for each direction and for IPv4 and IPv6. */
const maxRulesPerDirection = 60;

/** Adds rules, or none of them when one is a duplicate or the quota would be exceeded. */
export function authorize(
  region: RegionState,
  group: SecurityGroup,
  isEgress: boolean,
  permissions: readonly Permission[],
  tags: Tags,
): SecurityGroupRule[] {
  const present = directionOf(region, group.id, isEgress);
  for (const [index, permission] of permissions.entries()) {
    const isTwice = permissions.slice(0, index).some((other) => sameRule(other, permission));
    if (isTwice) throw repeated();
    if (present.some((rule) => sameRule(rule, permission))) throw duplicate(permission);
  }
  checkRuleQuota(region, [...present, ...permissions]);
  return permissions.map((permission) => {
    const id = region.ids.resource('sgr');
    const rule = { ...permission, id, groupId: group.id, isEgress, tags };
    region.rules.put(id, rule);
    return rule;
  });
}

export function directionOf(
  region: RegionState,
  groupId: string,
  isEgress: boolean,
): SecurityGroupRule[] {
  return rulesOf(region, groupId).filter((rule) => rule.isEgress === isEgress);
}

/** Twice in one request; a rule that is there already is another error. */
function repeated(): AwsError {
  const message = 'The same permission must not appear multiple times';
  return new AwsError('InvalidParameterValue', message);
}

export function duplicate({ protocol, fromPort, toPort, peer }: Permission): AwsError {
  const shown = protocol === '-1' ? 'ALL' : protocol.toUpperCase();
  const ports = protocol === '-1' ? '' : `, from port: ${fromPort}, to port: ${toPort}`;
  return new AwsError(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${peerText(peer)}, ${shown}${ports}, ALLOW" already exists`,
  );
}

/** A reference to a group counts for both IP versions; a prefix list counts as its size. */
export function checkRuleQuota(region: RegionState, rules: readonly Permission[]): void {
  for (const version of ['IPv4', 'IPv6'] as const) {
    const count = rules.reduce((sum, rule) => sum + weightOf(region, rule.peer, version), 0);
    if (count <= maxRulesPerDirection) continue;
    throw new AwsError(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
  }
}

function weightOf(region: RegionState, peer: RulePeer, version: 'IPv4' | 'IPv6'): number {
  switch (peer.kind) {
    case 'ipv4':
      return version === 'IPv4' ? 1 : 0;
    case 'ipv6':
      return version === 'IPv6' ? 1 : 0;
    case 'group':
      return 1;
    case 'prefixList': {
      const list = region.prefixLists.get(peer.prefixListId);
      return list?.addressFamily === version ? list.weight : 0;
    }
  }
}

/** The rules of these ids in the group and direction; throws when one is not there. */
export function rulesById(
  region: RegionState,
  group: SecurityGroup,
  isEgress: boolean,
  ids: readonly string[],
): SecurityGroupRule[] {
  const rules = directionOf(region, group.id, isEgress);
  return ids.map((id) => {
    const rule = rules.find((candidate) => candidate.id === id);
    if (rule !== undefined) return rule;
    throw new AwsError(
      'InvalidSecurityGroupRuleId.NotFound',
      `The security group rule ID '${id}' does not exist`,
    );
  });
}

/** The rules that permissions describe; throws when one is not there, before anything is done. */
export function rulesByPermission(
  region: RegionState,
  group: SecurityGroup,
  isEgress: boolean,
  permissions: readonly Permission[],
): SecurityGroupRule[] {
  const rules = directionOf(region, group.id, isEgress);
  return permissions.map((permission) => {
    const rule = rules.find((candidate) => sameRule(candidate, permission));
    if (rule !== undefined) return rule;
    throw new AwsError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  });
}

/** The rules that a revocation takes away, and those that it asked for in vain. */
interface Revocation {
  readonly rules: SecurityGroupRule[];
  /** In the form of rules, so that an answer can show them. */
  readonly unknown: readonly SecurityGroupRule[];
}

/** In the default VPC a rule that is not there is no error: it is listed (EC2 API reference). */
export function rulesToRevoke(
  region: RegionState,
  group: SecurityGroup,
  isEgress: boolean,
  permissions: readonly Permission[],
): Revocation {
  if (region.vpcs.get(group.vpcId)?.isDefault !== true) {
    return { rules: rulesByPermission(region, group, isEgress, permissions), unknown: [] };
  }
  const present = directionOf(region, group.id, isEgress);
  const isAsked = (rule: SecurityGroupRule): boolean => permissions.some((p) => sameRule(p, rule));
  const isThere = (p: Permission): boolean => present.some((rule) => sameRule(p, rule));
  return {
    rules: present.filter(isAsked),
    unknown: permissions
      .filter((permission) => !isThere(permission))
      .map((permission) => ({ ...permission, id: '', groupId: group.id, isEgress, tags: {} })),
  };
}
