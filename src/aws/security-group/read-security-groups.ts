import type { Filter, SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import type { CloudError } from '../../plan/cloud.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../plan/facts.ts';
import { mapInTurns } from '../../runtime/map-in-turns.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import { isAnswer } from '../client/aborted.ts';
import { createItemSieve, isParsed, type SiftedItem } from '../client/items/item-sieve.ts';
import { incompleteAnswer } from '../client/incomplete-answer.ts';
import { chunk, collectPages, filterValuesPerCall } from '../client/paginate.ts';
import { ruleFromSdk, securityGroupFromSdk } from './security-group-from-sdk.ts';
import type { KeptFact } from '../consistency/kept-fact.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'ec2:DescribeSecurityGroups';

/** All groups that the filters select, as AWS describes them. */
export async function findSdkGroups(
  calls: AwsCalls,
  filters: Filter[],
  signal: AbortSignal,
): Promise<readonly SdkGroup[]> {
  return collectPages(action, async (NextToken) => {
    const page = await calls.call(action, pageInput(filters, NextToken), { signal });
    return { items: page.SecurityGroups, nextToken: page.NextToken };
  });
}

/** Groups of which some may be known, or as they are described. */
export interface KnownGroups<Described> {
  /** A group that is as it was, by the digest of AWS's words for it. */
  knownBy(digest: string): KeptFact<SecurityGroup> | undefined;
  /** See `ItemSieveOptions`. */
  onUncut(): void;
  /** The part of AWS's description that is needed: that of ten thousand groups is long. */
  describe(group: SdkGroup): Described;
}

/** Groups that are gone through in a turn of the event loop, with their rules: some 5 ms. */
export const groupsPerTurn = 100;

/** All groups that the filters select: those that are known are not parsed. */
export async function findKnownGroups<Described>(
  calls: AwsCalls,
  filters: Filter[],
  signal: AbortSignal,
  { describe, ...known }: KnownGroups<Described>,
): Promise<readonly SiftedItem<KeptFact<SecurityGroup>, Described>[]> {
  return collectPages(action, async (NextToken) => {
    const sieve = createItemSieve({
      action,
      list: 'securityGroupInfo',
      member: 'SecurityGroups',
      ...known,
    });
    const page = await calls.call(action, pageInput(filters, NextToken), { signal, sieve });
    const items = sieve.items(page.SecurityGroups ?? []);
    const options = { perTurn: groupsPerTurn, signal, takesLong: isParsed };
    const described = await mapInTurns(items, options, (item) =>
      'known' in item ? item : { ...item, parsed: describe(item.parsed) },
    );
    return { items: described, nextToken: page.NextToken };
  });
}

/** All groups that the filters select, without rules. */
export async function findSecurityGroups(
  calls: AwsCalls,
  filters: Filter[],
  signal: AbortSignal,
): Promise<readonly SecurityGroup[]> {
  const groups = await findSdkGroups(calls, filters, signal);
  return groups.map(factsOf);
}

function pageInput(Filters: Filter[], NextToken: string | undefined) {
  return { Filters, MaxResults: 1000, NextToken };
}

/** A group without rules. Throws for one that AWS did not describe. */
export function factsOf(group: SdkGroup): SecurityGroup {
  const read = securityGroupFromSdk(group);
  if (read !== undefined) return read;
  throw incompleteAnswer(action, 'with a security group without its id or VPC');
}

/** The rules of groups, by group id. No call when there are no groups. */
export async function findRules(
  calls: AwsCalls,
  groupIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly SecurityGroupRule[]>> {
  const rules = new Map<string, SecurityGroupRule[]>();
  for (const part of chunk(groupIds, filterValuesPerCall)) {
    const Filters = [{ Name: 'group-id', Values: [...part] }];
    const found = await collectPages('ec2:DescribeSecurityGroupRules', async (NextToken) => {
      const input = { Filters, MaxResults: 1000, NextToken };
      const page = await calls.call('ec2:DescribeSecurityGroupRules', input, { signal });
      return { items: page.SecurityGroupRules, nextToken: page.NextToken };
    });
    for (const sdkRule of found) {
      const rule = ruleFromSdk(sdkRule);
      const groupId = sdkRule.GroupId;
      if (rule === undefined || groupId === undefined) continue;
      rules.set(groupId, [...(rules.get(groupId) ?? []), rule]);
    }
  }
  return rules;
}

/** The rules of groups, as far as they could be read. */
export interface ReadRules {
  /** By group id: an entry for each group whose rules were read, empty if it has none. */
  readonly rules: ReadonlyMap<string, readonly SecurityGroupRule[]>;
  /** Why those of the other groups could not be read. */
  readonly error?: CloudError;
}

/** The same, where a call that fails is not the end of what the others read. */
export async function findReadableRules(
  calls: AwsCalls,
  groupIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadRules> {
  const rules = new Map<string, readonly SecurityGroupRule[]>();
  for (const part of chunk(groupIds, filterValuesPerCall)) {
    try {
      const found = await findRules(calls, part, signal);
      for (const id of part) rules.set(id, found.get(id) ?? []);
    } catch (error) {
      if (!isAnswer(error)) throw error;
      return { rules, error };
    }
  }
  return { rules };
}

/** Answers `SecurityGroups`: by id, all that are asked for at a time in one call. */
export function createSecurityGroupsReader({ calls, clock, gatherMs }: ReadContext) {
  const read = createSharedRead<SecurityGroup>({
    action,
    clock,
    gatherMs,
    async load(ids, signal) {
      const found = new Map<string, SecurityGroup>();
      for (const part of chunk(ids, filterValuesPerCall)) {
        const filters = [{ Name: 'group-id', Values: [...part] }];
        for (const group of await findSecurityGroups(calls, filters, signal)) {
          found.set(group.id, group);
        }
      }
      return found;
    },
  });

  return async (ids: readonly string[], options: AskOptions): Promise<readonly SecurityGroup[]> => [
    ...(await read.ask(ids, options)).values(),
  ];
}

/** Answers `SecurityGroupsByName`: for plans, so seldom that no call is shared. */
export async function readNamedGroups(
  { calls }: ReadContext,
  { vpcId, name }: { readonly vpcId: string; readonly name: string },
  { signal }: AskOptions,
): Promise<readonly SecurityGroup[]> {
  const groups = await findSecurityGroups(calls, nameFilters(vpcId, name), signal);
  const ids = groups.map(({ id }) => id);
  const rules = await findRules(calls, ids, signal);
  return groups.map((group) => ({ ...group, rules: rules.get(group.id) ?? [] }));
}

/** Selects the group that has a name in a VPC. */
export function nameFilters(vpcId: string, name: string): Filter[] {
  return [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: [name] },
  ];
}
