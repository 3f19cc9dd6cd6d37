/** What AWS does with calls about security groups, their rules and tags. */
import type {
  AuthorizeIngress,
  CreateSecurityGroup,
  RevokeEgress,
  UpdateRuleDescriptions,
} from '../../src/plan/security-group/actions.ts';
import type { CreateTags, DeleteTags } from '../../src/plan/tags/actions.ts';
import type {
  RuleSource,
  SecurityGroup,
  SecurityGroupRule,
  SecurityGroupUses,
  Tags,
} from '../../src/plan/facts.ts';
import { type Author, type AwsWorld, change, holdsResources, newId } from './aws-world.ts';
import { refusal } from './refusal.ts';

/** Makes a group, or finds the one that has the name in this VPC. */
export function createGroup(
  world: AwsWorld,
  call: CreateSecurityGroup,
  by: Author,
): { group: SecurityGroup; existed: boolean } {
  const vpc = world.vpcs.get(call.vpcId);
  if (vpc === undefined) throw refusal('InvalidVpcID.NotFound', `no VPC ${call.vpcId}`);
  const namesake = [...world.groups.values()].find(
    ({ vpcId, name }) => vpcId === vpc.id && name.toLowerCase() === call.name.toLowerCase(),
  );
  if (namesake !== undefined) return { group: withoutRules(namesake), existed: true };
  const everywhere = vpc.ipv6Cidrs.length > 0 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'];
  const group: SecurityGroup = {
    id: newId(world, 'sg'),
    name: call.name,
    vpcId: vpc.id,
    ownerId: world.account,
    tags: call.tags,
    rules: everywhere.map((cidr) => egressRule(world, cidr)),
  };
  change(world, world.groups, { id: group.id, value: group }, { what: 'created', by });
  return { group: withoutRules(group), existed: false };
}

function egressRule(world: AwsWorld, cidr: string): SecurityGroupRule {
  const id = newId(world, 'sgr');
  return {
    id,
    isEgress: true,
    protocol: '-1',
    fromPort: -1,
    toPort: -1,
    source: { cidr },
    tags: {},
  };
}

function withoutRules({ id, name, vpcId, ownerId, tags }: SecurityGroup): SecurityGroup {
  return { id, name, vpcId, ownerId, tags };
}

/** Adds rules; those that are there already are answered with, not added twice. */
export function authorize(
  world: AwsWorld,
  call: AuthorizeIngress,
  by: Author,
): readonly SecurityGroupRule[] {
  const group = groupOf(world, call.groupId);
  const former = group.rules ?? [];
  const result = call.rules.map((rule): SecurityGroupRule => {
    checkSource(world, rule.source);
    const same = former.find(
      (one) =>
        !one.isEgress &&
        one.protocol === 'tcp' &&
        one.fromPort === rule.port &&
        one.toPort === rule.port &&
        JSON.stringify(one.source) === JSON.stringify(rule.source),
    );
    if (same !== undefined) return same;
    return {
      id: newId(world, 'sgr'),
      isEgress: false,
      protocol: 'tcp',
      fromPort: rule.port,
      toPort: rule.port,
      source: rule.source,
      ...(rule.description === undefined ? {} : { description: rule.description }),
      tags: call.tags,
    };
  });
  const rules = [...former, ...result.filter((rule) => !former.includes(rule))];
  const sources = rules.filter(({ isEgress }) => !isEgress).map(({ source }) => source);
  if (Math.max(...ruleWeights(world, sources)) > world.quotas.rulesPerGroup) {
    throw refusal('RulesPerSecurityGroupLimitExceeded', 'The group is full of rules.');
  }
  put(world, { ...group, rules }, 'modified', by);
  return result;
}

/** What sources count toward the quota of rules, for IPv4 and for IPv6. */
export function ruleWeights(
  { prefixLists }: AwsWorld,
  sources: readonly RuleSource[],
): readonly [number, number] {
  let [ipv4, ipv6] = [0, 0];
  for (const source of sources) {
    const list = 'prefixListId' in source ? prefixLists.get(source.prefixListId) : undefined;
    const count = list?.maxEntries ?? 1;
    const is6 = 'cidr' in source ? source.cidr.includes(':') : list?.addressFamily === 'IPv6';
    const isBoth = 'securityGroupId' in source;
    if (isBoth || !is6) ipv4 += count;
    if (isBoth || is6) ipv6 += count;
  }
  return [ipv4, ipv6];
}

function checkSource(world: AwsWorld, source: RuleSource): void {
  if ('securityGroupId' in source) groupOf(world, source.securityGroupId);
  if ('prefixListId' in source && !world.prefixLists.has(source.prefixListId)) {
    throw refusal('InvalidPrefixListID.NotFound', `no prefix list ${source.prefixListId}`);
  }
}

/** Takes rules away by id; unknown ones are gone already. */
export function revoke(
  world: AwsWorld,
  { groupId, ruleIds }: { readonly groupId: string; readonly ruleIds: readonly string[] },
  by: Author,
): void {
  const group = groupOf(world, groupId);
  const rules = (group.rules ?? []).filter(({ id }) => !ruleIds.includes(id));
  put(world, { ...group, rules }, 'modified', by);
}

/** Takes egress rules away, those without an id by their content. */
export function revokeEgress(world: AwsWorld, call: RevokeEgress, by: Author): void {
  const content = ({ protocol, fromPort, toPort, source }: SecurityGroupRule): string =>
    JSON.stringify([protocol, fromPort, toPort, source]);
  const unread = call.rules.filter(({ id }) => id === '').map(content);
  const ruleIds = (groupOf(world, call.groupId).rules ?? [])
    .filter((rule) => rule.isEgress && unread.includes(content(rule)))
    .map(({ id }) => id);
  const known = call.rules.map(({ id }) => id);
  revoke(world, { groupId: call.groupId, ruleIds: [...ruleIds, ...known] }, by);
}

/** Gives rules other descriptions. */
export function describeRules(world: AwsWorld, call: UpdateRuleDescriptions, by: Author): void {
  const group = groupOf(world, call.groupId);
  for (const { ruleId } of call.descriptions) {
    if (!group.rules?.some(({ id }) => id === ruleId)) {
      throw refusal('InvalidSecurityGroupRuleId.NotFound', `no rule ${ruleId}`);
    }
  }
  const rules = (group.rules ?? []).map((rule) => {
    const found = call.descriptions.find(({ ruleId }) => ruleId === rule.id);
    return found === undefined ? rule : { ...rule, description: found.description };
  });
  put(world, { ...group, rules }, 'modified', by);
}

/** Deletes a group that nothing uses; an unknown one counts as deleted. */
export function deleteGroup(world: AwsWorld, groupId: string, by: Author): void {
  if (!world.groups.has(groupId)) return;
  const { interfaces, referringGroupIds } = usesOf(world, groupId);
  if (interfaces.length + referringGroupIds.length > 0) {
    throw refusal('DependencyViolation', `resource ${groupId} has a dependent object`);
  }
  change(world, world.groups, { id: groupId, value: undefined }, { what: 'deleted', by });
}

/** What keeps AWS from deleting a group. */
export function usesOf(world: AwsWorld, groupId: string): SecurityGroupUses {
  const users = [...world.endpoints.values()].filter(
    (one) => holdsResources(one) && one.securityGroupIds.includes(groupId),
  );
  const referring = [...world.groups.values()].filter(
    ({ id, rules }) => id !== groupId && rules?.some((rule) => refersTo(rule, groupId)),
  );
  return {
    groupId,
    interfaces: users.map(({ id, state, tags }) => ({
      id: `eni-of-${id}`,
      endpoint: { id, state, tags },
    })),
    referringGroupIds: referring.map(({ id }) => id),
  };
}

function refersTo({ source }: SecurityGroupRule, groupId: string): boolean {
  return 'securityGroupId' in source && source.securityGroupId === groupId;
}

/** Puts tags on resources: on all of them or, if one is unknown, on none. */
export function createTags(world: AwsWorld, call: CreateTags, by: Author): void {
  for (const id of call.resourceIds) {
    if (!(world.endpoints.has(id) || world.groups.has(id))) throw refusal('InvalidID', `no ${id}`);
  }
  retag(world, call.resourceIds, (tags) => ({ ...tags, ...call.tags }), by);
}

/** Takes tags off resources; unknown ones have none. */
export function deleteTags(world: AwsWorld, call: DeleteTags, by: Author): void {
  const kept = ([key]: [string, string]): boolean => !call.keys.includes(key);
  const cut = (tags: Tags): Tags => Object.fromEntries(Object.entries(tags).filter(kept));
  retag(world, call.resourceIds, cut, by);
}

function retag(
  world: AwsWorld,
  ids: readonly string[],
  next: (tags: Tags) => Tags,
  by: Author,
): void {
  for (const id of ids) {
    const endpoint = world.endpoints.get(id);
    const group = world.groups.get(id);
    const how = { what: 'tags', by } as const;
    if (endpoint !== undefined) {
      const value = { ...endpoint, tags: next(endpoint.tags) };
      if (Object.keys(value.tags).length > 50) throw refusal('TagLimitExceeded', 'at most 50 tags');
      change(world, world.endpoints, { id, value }, how);
    }
    if (group !== undefined) {
      change(world, world.groups, { id, value: { ...group, tags: next(group.tags) } }, how);
    }
  }
}

function groupOf(world: AwsWorld, id: string): SecurityGroup {
  const group = world.groups.get(id);
  if (group === undefined) throw refusal('InvalidGroup.NotFound', `no security group ${id}`);
  return group;
}

function put(world: AwsWorld, value: SecurityGroup, what: 'modified', by: Author): void {
  change(world, world.groups, { id: value.id, value }, { what, by });
}
