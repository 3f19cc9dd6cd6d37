/** Changes that the actions on a security group make. */
import { isDeepStrictEqual } from 'node:util';
import type { ChangeOf } from '../../actions/changes.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../facts.ts';
import type {
  CreateSecurityGroup,
  RevokeEgress,
  SecurityGroupResults,
  UpdateRuleDescriptions,
} from '../actions.ts';
import { defaultEgress } from './default-egress.ts';

type GroupChange = ChangeOf<'SecurityGroup'>;

/** A new group, with the rules that AWS gives it; one that was there comes as it is. */
export function groupCreated(
  { vpcHasIpv6 }: CreateSecurityGroup,
  { group, existed }: SecurityGroupResults['CreateSecurityGroup'],
): GroupChange {
  const known = existed ? group : { ...group, rules: defaultEgress(vpcHasIpv6) };
  return {
    of: 'SecurityGroup',
    id: group.id,
    after: () => known,
    isShownBy: (read) => read !== undefined,
    wasThere: existed,
  };
}

export function groupDeleted(id: string): GroupChange {
  return { of: 'SecurityGroup', id, after: () => undefined, isFinal: true };
}

export function rulesAdded(id: string, added: readonly SecurityGroupRule[]): GroupChange {
  return rulesChanged(id, (former) => [
    ...former,
    ...added.filter((one) => !former.some((rule) => rule.id === one.id)),
  ]);
}

export function rulesRevoked(id: string, ruleIds: readonly string[]): GroupChange {
  return rulesChanged(id, (former) => former.filter((rule) => !ruleIds.includes(rule.id)));
}

/** A rule that was revoked by its content is the one with that content, whatever its id is. */
export function egressRevoked({ groupId, rules }: RevokeEgress): GroupChange {
  const isRevoked = (rule: SecurityGroupRule): boolean =>
    rules.some((one) => (one.id === '' ? hasSameContent(rule, one) : rule.id === one.id));
  return rulesChanged(groupId, (former) => former.filter((rule) => !isRevoked(rule)));
}

export function rulesDescribed({ groupId, descriptions }: UpdateRuleDescriptions): GroupChange {
  const byId = new Map(descriptions.map(({ ruleId, description }) => [ruleId, description]));
  return rulesChanged(groupId, (former) =>
    former.map((rule) => {
      const description = byId.get(rule.id);
      return description === undefined ? rule : { ...rule, description };
    }),
  );
}

/** Of a group whose rules were not read nothing can be said. */
function rulesChanged(
  id: string,
  change: (former: readonly SecurityGroupRule[]) => readonly SecurityGroupRule[],
): GroupChange {
  const after = (group: SecurityGroup | undefined): SecurityGroup | undefined =>
    group?.rules === undefined ? group : { ...group, rules: change(group.rules) };
  return { of: 'SecurityGroup', id, after };
}

function hasSameContent(rule: SecurityGroupRule, other: SecurityGroupRule): boolean {
  return (
    rule.isEgress === other.isEgress &&
    rule.protocol === other.protocol &&
    rule.fromPort === other.fromPort &&
    rule.toPort === other.toPort &&
    isDeepStrictEqual(rule.source, other.source)
  );
}
