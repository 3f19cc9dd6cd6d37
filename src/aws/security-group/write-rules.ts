import { isDeepStrictEqual } from 'node:util';
import type { ActionResults } from '../../plan/actions.ts';
import type {
  AuthorizeIngress,
  IngressRule,
  RevokeEgress,
  RevokeIngress,
  UpdateRuleDescriptions,
} from '../../plan/security-group/actions.ts';
import { CloudError } from '../../plan/cloud.ts';
import type { SecurityGroupRule } from '../../plan/facts.ts';
import { findRules } from './read-security-groups.ts';
import { permissionOf, permissionsOf } from './rule-permissions.ts';
import { ruleFromSdk } from './security-group-from-sdk.ts';
import { tagOnCreate } from '../client/tags.ts';
import { ignoreErrors } from '../client/ignore-errors.ts';
import type { WriteContext } from '../write-context.ts';

/**
 * Adds ingress rules and returns them with their ids. Where AWS says that one exists already, the
 * group is read, only what is missing is added, and all of the wanted rules are returned.
 */
export async function authorizeIngress(
  action: AuthorizeIngress,
  context: WriteContext,
): Promise<ActionResults['AuthorizeIngress']> {
  const { groupId, rules } = action;
  try {
    const added = await authorize(action, rules, context);
    if (added.length === rules.length) return { rules: added };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const existing = await wantedRules(groupId, rules, context);
    const missing = rules.filter((rule) => !existing.some((one) => isSame(one, rule)));
    const added = missing.length === 0 ? [] : await authorize(action, missing, context);
    if (added.length === missing.length) return { rules: [...existing, ...added] };
  }
  // Some servers answer with a part of the rules that they added.
  return { rules: await wantedRules(groupId, rules, context) };
}

async function authorize(
  { groupId, tags }: AuthorizeIngress,
  rules: readonly IngressRule[],
  { calls, options }: WriteContext,
): Promise<readonly SecurityGroupRule[]> {
  const input = {
    GroupId: groupId,
    IpPermissions: permissionsOf(rules),
    ...tagOnCreate('security-group-rule', tags),
  };
  const output = await calls.call('ec2:AuthorizeSecurityGroupIngress', input, options);
  return (output.SecurityGroupRules ?? []).flatMap((rule) => ruleFromSdk(rule) ?? []);
}

async function wantedRules(
  groupId: string,
  wanted: readonly IngressRule[],
  { calls, options }: WriteContext,
): Promise<readonly SecurityGroupRule[]> {
  const rules = (await findRules(calls, [groupId], options.signal)).get(groupId) ?? [];
  return rules.filter((rule) => wanted.some((one) => isSame(rule, one)));
}

/** A rule's identity at AWS: direction, protocol, ports and source; not its description. */
function isSame(rule: SecurityGroupRule, wanted: IngressRule): boolean {
  return (
    !rule.isEgress &&
    rule.protocol === 'tcp' &&
    rule.fromPort === wanted.port &&
    rule.toPort === wanted.port &&
    isDeepStrictEqual(rule.source, wanted.source)
  );
}

function isDuplicate(error: unknown): boolean {
  return error instanceof CloudError && error.code === 'InvalidPermission.Duplicate';
}

/**
 * Revokes ingress rules by id. AWS revokes none when it does not know one of them: then they are
 * revoked one by one, and the unknown ones count as revoked.
 */
export async function revokeIngress(
  { groupId, ruleIds }: RevokeIngress,
  { calls, options }: WriteContext,
): Promise<void> {
  async function revoke(ids: readonly string[]): Promise<void> {
    const input = { GroupId: groupId, SecurityGroupRuleIds: [...ids] };
    await calls.call('ec2:RevokeSecurityGroupIngress', input, options);
  }
  await allOrEach(ruleIds, revoke);
}

/** Revokes egress rules: by id where the id is known, by content where it was not read. */
export async function revokeEgress(
  { groupId, rules }: RevokeEgress,
  { calls, options }: WriteContext,
): Promise<void> {
  const action = 'ec2:RevokeSecurityGroupEgress';
  const known = rules.filter(({ id }) => id !== '').map(({ id }) => id);
  const unread = rules.filter(({ id }) => id === '');
  await allOrEach(known, async (ids) => {
    await calls.call(action, { GroupId: groupId, SecurityGroupRuleIds: [...ids] }, options);
  });
  await allOrEach(unread, async (some) => {
    await calls.call(action, { GroupId: groupId, IpPermissions: some.map(permissionOf) }, options);
  });
}

/** Changes the descriptions of ingress rules. */
export async function updateRuleDescriptions(
  { groupId, descriptions }: UpdateRuleDescriptions,
  { calls, options }: WriteContext,
): Promise<void> {
  const SecurityGroupRuleDescriptions = descriptions.map(({ ruleId, description }) => ({
    SecurityGroupRuleId: ruleId,
    Description: description,
  }));
  const input = { GroupId: groupId, SecurityGroupRuleDescriptions };
  await calls.call('ec2:UpdateSecurityGroupRuleDescriptionsIngress', input, options);
}

/** One call for all; where AWS misses one of them, one call each, and the missing ones are done. */
async function allOrEach<Item>(
  items: readonly Item[],
  change: (some: readonly Item[]) => Promise<void>,
): Promise<void> {
  if (items.length === 0) return;
  if (items.length === 1) return ignoreErrors('NotFound', () => change(items));
  try {
    await change(items);
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'NotFound') throw error;
    for (const item of items) await ignoreErrors('NotFound', () => change([item]));
  }
}
