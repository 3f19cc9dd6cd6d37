import type { Filter, SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import type { SecurityGroup } from '../../plan/facts.ts';
import { createKnownFacts } from '../consistency/known-facts.ts';
import type { GroupsRead } from '../merge-owned.ts';
import type { ReadContext } from '../read-context.ts';
import {
  factsOf,
  findKnownGroups,
  findReadableRules,
  type ReadRules,
} from './read-security-groups.ts';
import type { RuleMemory } from './rule-memory.ts';

/**
 * Reads all groups that the filters select, with their rules, again and again: what AWS says as it did at
 * the last read is not parsed, and rules that are known are not asked for.
 */
export function createGroupsWithRulesReader(
  filters: Filter[],
  { calls, clock }: ReadContext,
  ruleMemory: RuleMemory,
): (signal: AbortSignal) => Promise<GroupsRead> {
  const knownGroups = createKnownFacts<SecurityGroup>();

  /** The rules of groups, those that are known included. */
  async function rulesOf(
    groups: readonly SdkGroup[],
    nowMs: number,
    signal: AbortSignal,
  ): Promise<ReadRules> {
    const remembered = groups.flatMap((group) => {
      const known = ruleMemory.rulesOf(group, nowMs);
      return known === undefined ? [] : [[factsOf(group).id, known] as const];
    });
    const known = new Map(remembered);
    const unknown = groups.map((group) => factsOf(group).id).filter((id) => !known.has(id));
    const { rules: found, ...failure } = await findReadableRules(calls, unknown, signal);
    return { rules: new Map([...known, ...found]), ...failure };
  }

  return async (signal) => {
    const begunAt = clock.now();
    // A group's words tell its permissions, and not the ids of its rules.
    const items = await findKnownGroups(calls, filters, signal, (digest) => {
      const group = knownGroups.inWords(digest);
      return group && ruleMemory.areKnown(group.id, begunAt) ? group : undefined;
    });
    const unchanged = items.flatMap((item) => ('known' in item ? item.known.id : []));
    const described = items.flatMap((item) => ('known' in item ? [] : item.parsed));
    const { rules, error } = await rulesOf(described, begunAt, signal);
    const withRules = described.filter(({ GroupId: id = '' }) => rules.has(id));
    ruleMemory.note(withRules, rules, begunAt, unchanged);
    const read = items.map((item) =>
      knownGroups.read(item, (parsed) => {
        const group = factsOf(parsed);
        const ofGroup = rules.get(group.id);
        return ofGroup === undefined ? group : { ...group, rules: ofGroup };
      }),
    );
    knownGroups.keepOnly(read);
    const all = read.map(({ fact }) => fact);
    return { all, begunAt, ...(error === undefined ? {} : { rulesError: error }) };
  };
}
