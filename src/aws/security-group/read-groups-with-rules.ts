import type { Filter, SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import type { SecurityGroup, SecurityGroupRule } from '../../plan/facts.ts';
import { createKeeper } from '../consistency/kept-fact.ts';
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
  const knownGroups = createKnownFacts(createKeeper<SecurityGroup>());

  /** The rules of a group that are known without a read. */
  function knownRules(group: SdkGroup, nowMs: number): readonly SecurityGroupRule[] | undefined {
    if (!ruleMemory.knows(group, nowMs)) return undefined;
    return knownGroups.ofId(factsOf(group).id)?.fact().rules;
  }

  /** The rules of groups, those that are known included. */
  async function rulesOf(
    groups: readonly SdkGroup[],
    nowMs: number,
    signal: AbortSignal,
  ): Promise<RulesOfGroups> {
    const remembered = groups.flatMap((group) => {
      const rules = knownRules(group, nowMs);
      return rules === undefined ? [] : [[factsOf(group).id, rules] as const];
    });
    const known = new Map(remembered);
    const unknown = groups.map((group) => factsOf(group).id).filter((id) => !known.has(id));
    const { rules: found, ...failure } = await findReadableRules(calls, unknown, signal);
    return { rules: new Map([...known, ...found]), known: [...known.keys()], found, ...failure };
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
    const { rules, known, found, error } = await rulesOf(described, begunAt, signal);
    ruleMemory.note({
      groups: described.filter(({ GroupId: id = '' }) => found.has(id)),
      rules: found,
      readAt: begunAt,
      known: [...unchanged, ...known],
    });
    const read = items.map((item) =>
      knownGroups.read(item, (parsed) => {
        const group = factsOf(parsed);
        const ofGroup = rules.get(group.id);
        return ofGroup === undefined ? group : { ...group, rules: ofGroup };
      }),
    );
    knownGroups.keepOnly(read);
    const all = read.map(({ kept }) => kept);
    return { all, begunAt, ...(error === undefined ? {} : { rulesError: error }) };
  };
}

interface RulesOfGroups extends ReadRules {
  /** The groups whose rules were known. */
  readonly known: readonly string[];
  /** The rules that were read. */
  readonly found: ReadRules['rules'];
}
