import type { Filter, SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import type { SecurityGroup, SecurityGroupRule } from '../../plan/facts.ts';
import { mapInTurns } from '../../runtime/map-in-turns.ts';
import { isParsed } from '../client/items/item-sieve.ts';
import { createKeeper } from '../consistency/kept-fact.ts';
import { createKnownFacts, type KnownFacts } from '../consistency/known-facts.ts';
import type { GroupsRead } from '../merge-owned.ts';
import type { ReadContext } from '../read-context.ts';
import {
  factsOf,
  findKnownGroups,
  findReadableRules,
  groupsPerTurn as perTurn,
  type KnownGroups,
  type ReadRules,
} from './read-security-groups.ts';
import {
  permissionsIn,
  permissionsOf,
  type ReadPermissions,
  type RuleMemory,
} from './rule-memory.ts';

/**
 * Reads all groups that the filters select, with their rules, again and again: what AWS says as it did at
 * the last read is not parsed, and rules that are known are not asked for. One read at a time: the event
 * loop turns during a read, and what is known changes at its end, all at once.
 */
export function createGroupsWithRulesReader(
  filters: Filter[],
  { calls, clock }: ReadContext,
  ruleMemory: RuleMemory,
): (signal: AbortSignal) => Promise<GroupsRead> {
  const knownGroups = createKnownFacts(createKeeper<SecurityGroup>());

  /** The rules of a group that are known without a read. */
  function knownRules(
    { group, permissions }: DescribedGroup,
    nowMs: number,
  ): readonly SecurityGroupRule[] | undefined {
    if (!ruleMemory.knows(group.id, permissions, nowMs)) return undefined;
    return knownGroups.ofId(group.id)?.fact().rules;
  }

  /** The rules of groups, those that are known included. */
  async function rulesOf(
    described: readonly DescribedGroup[],
    nowMs: number,
    signal: AbortSignal,
  ): Promise<RulesOfGroups> {
    const remembered = await mapInTurns(described, { perTurn, signal }, (one) => {
      const rules = knownRules(one, nowMs);
      return rules === undefined ? [] : [[one.group.id, rules] as const];
    });
    const known = new Map(remembered.flat());
    const unknown = described.map(({ group }) => group.id).filter((id) => !known.has(id));
    const { rules: found, ...failure } = await findReadableRules(calls, unknown, signal);
    return { rules: new Map([...known, ...found]), known: [...known.keys()], found, ...failure };
  }

  return async (signal) => {
    const begunAt = clock.now();
    const items = await findKnownGroups(
      calls,
      filters,
      signal,
      asKnown(knownGroups, ruleMemory, begunAt),
    );
    const unchanged = items.flatMap((item) => ('known' in item ? item.known.id : []));
    const described = items.flatMap((item) => ('known' in item ? [] : item.parsed));
    const { rules, known, found, error } = await rulesOf(described, begunAt, signal);
    const readNow = new Map<string, ReadPermissions>();
    const options = { perTurn, signal, takesLong: isParsed };
    const read = await mapInTurns(items, options, (item) => {
      if ('parsed' in item) {
        const { group, permissions } = item.parsed;
        const ofRules = found.get(group.id);
        if (ofRules !== undefined) {
          readNow.set(group.id, { described: permissions, ofRules: permissionsIn(ofRules) });
        }
      }
      return knownGroups.read(item, ({ group }) => {
        const ofGroup = rules.get(group.id);
        return ofGroup === undefined ? group : { ...group, rules: ofGroup };
      });
    });
    // Both in one turn: the memory says of which groups the rules are the known ones.
    ruleMemory.note({ read: readNow, readAt: begunAt, known: [...unchanged, ...known] });
    knownGroups.keepOnly(read);
    const all = read.map(({ kept }) => kept);
    return { all, begunAt, ...(error === undefined ? {} : { rulesError: error }) };
  };
}

function asKnown(
  groups: KnownFacts<SecurityGroup>,
  ruleMemory: RuleMemory,
  nowMs: number,
): KnownGroups<DescribedGroup> {
  return {
    // A group's words tell its permissions, and not the ids of its rules.
    knownBy(digest) {
      const group = groups.inWords(digest);
      return group && ruleMemory.areKnown(group.id, nowMs) ? group : undefined;
    },
    onUncut: () => groups.forgetWords(),
    describe,
  };
}

/** A group as AWS describes it, without its rules. */
interface DescribedGroup {
  readonly group: SecurityGroup;
  /** The digest of its permissions. */
  readonly permissions: string;
}

function describe(group: SdkGroup): DescribedGroup {
  return { group: factsOf(group), permissions: permissionsOf(group) };
}

interface RulesOfGroups extends ReadRules {
  /** The groups whose rules were known. */
  readonly known: readonly string[];
  /** The rules that were read. */
  readonly found: ReadRules['rules'];
}
