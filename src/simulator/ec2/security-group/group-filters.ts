import type { FilterFields } from '../filters.ts';
import type { SecurityGroup, SecurityGroupRule } from '../records.ts';
import type { RegionState } from '../region.ts';

/** The rules of a group. */
type RulesIn = (groupId: string) => readonly SecurityGroupRule[];

type RuleField = (rule: SecurityGroupRule) => string | undefined;

/** Filters of DescribeSecurityGroups. Each of several may be met by another rule, as at AWS. */
export function groupFilters(region: RegionState, rulesIn: RulesIn): FilterFields<SecurityGroup> {
  return {
    'group-id': (group) => [group.id],
    'group-name': (group) => [group.name],
    'owner-id': () => [region.accountId],
    'vpc-id': (group) => [group.vpcId],
    description: (group) => [group.description],
    ...ruleFilters(region, rulesIn, false, 'ip-permission'),
    ...ruleFilters(region, rulesIn, true, 'egress.ip-permission'),
  };
}

function ruleFilters(
  region: RegionState,
  rulesIn: RulesIn,
  isEgress: boolean,
  prefix: string,
): FilterFields<SecurityGroup> {
  const ofGroup =
    (field: RuleField) =>
    ({ id }: SecurityGroup): string[] =>
      rulesIn(id)
        .filter((rule) => rule.isEgress === isEgress)
        .flatMap((rule) => field(rule) ?? []);
  const entries = Object.entries(ruleFields(region)).map(
    ([name, field]) => [`${prefix}.${name}`, ofGroup(field)] as const,
  );
  return Object.fromEntries(entries);
}

function ruleFields(region: RegionState): Readonly<Record<string, RuleField>> {
  const groupId: RuleField = ({ peer }) => (peer.kind === 'group' ? peer.groupId : undefined);
  return {
    cidr: ({ peer }) => (peer.kind === 'ipv4' ? peer.cidr : undefined),
    'ipv6-cidr': ({ peer }) => (peer.kind === 'ipv6' ? peer.cidr : undefined),
    'prefix-list-id': ({ peer }) => (peer.kind === 'prefixList' ? peer.prefixListId : undefined),
    'group-id': groupId,
    'group-name': (rule) => region.groups.get(groupId(rule) ?? '')?.name,
    'user-id': ({ peer }) =>
      peer.kind === 'group' ? (peer.userId ?? region.accountId) : undefined,
    protocol: ({ protocol }) => protocol,
    'from-port': ({ protocol, fromPort }) => (protocol === '-1' ? undefined : String(fromPort)),
    'to-port': ({ protocol, toPort }) => (protocol === '-1' ? undefined : String(toPort)),
  };
}
