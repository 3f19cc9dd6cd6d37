/** Rules of groups that are as they were when their rules were read. */
import type { IpPermission, SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import type { SecurityGroupRule } from '../../plan/facts.ts';

/**
 * A group is described with its permissions, but without the ids of its rules: those take a call for each
 * 200 groups. A sweep of a thousand groups that are as they were asks for none of them.
 */
export interface RuleMemory {
  /** The rules of a group; undefined if they have to be read. */
  rulesOf(group: SdkGroup, nowMs: number): readonly SecurityGroupRule[] | undefined;
  /** Whether the rules of a group whose permissions are as they were need not be read. */
  areKnown(groupId: string, nowMs: number): boolean;
  /**
   * Notes all groups of a read, with their rules. Of rules that are not those of the permissions, because
   * they were changed in between, nothing is kept.
   *
   * @param unchanged the ids of more groups, whose permissions are as they were
   */
  note(
    groups: readonly SdkGroup[],
    rules: RulesById,
    readAt: number,
    unchanged?: readonly string[],
  ): void;
  /**
   * After a change of a group, of a rule or of its tags: a rule that somebody makes anew as it was has
   * another id, and tags are in no permission. Reads that were begun before `nowMs` are not kept either.
   *
   * @param id of a group or a rule; of another resource it changes nothing
   */
  forget(id: string, nowMs: number): void;
  /** After a change that AWS refused: rules with the same permissions may have other ids. */
  forgetAll(nowMs: number): void;
}

type RulesById = ReadonlyMap<string, readonly SecurityGroupRule[]>;

interface Known {
  readonly permissions: string;
  readonly rules: readonly SecurityGroupRule[];
  readonly readAt: number;
}

/**
 * Tags of rules, and a rule that was made anew as it was, are not in the permissions. Nothing is decided by
 * tags of rules. A change by an id that is no more is followed by a read of the group (`forget`), so the
 * age decides how often that happens, and a thousand groups take five calls each time.
 */
const maxAgeMs = 60 * 60_000;

/** Creates a memory of nothing. */
export function createRuleMemory(): RuleMemory {
  let known = new Map<string, Known>();
  /** By group: reads that began until then say nothing of it. Reads begin one after the other. */
  const doubtful = new Map<string, number>();
  let allDoubtfulAt = -Infinity;

  function knownOf(groupId: string, nowMs: number): Known | undefined {
    const one = known.get(groupId);
    return one === undefined || nowMs - one.readAt >= maxAgeMs ? undefined : one;
  }

  return {
    rulesOf(group, nowMs) {
      const one = knownOf(group.GroupId ?? '', nowMs);
      return one?.permissions === permissionsOf(group) ? one.rules : undefined;
    },
    areKnown: (groupId, nowMs) => knownOf(groupId, nowMs) !== undefined,
    note(groups, rulesById, readAt, unchanged = []) {
      const former = known;
      known = new Map();
      if (readAt <= allDoubtfulAt) return;
      for (const [id, at] of doubtful) if (readAt > at) doubtful.delete(id);
      for (const id of unchanged) {
        const before = former.get(id);
        if (before !== undefined && !doubtful.has(id)) known.set(id, before);
      }
      for (const group of groups) {
        const { GroupId: id = '' } = group;
        if (doubtful.has(id)) continue;
        const rules = rulesById.get(id) ?? [];
        const permissions = permissionsOf(group);
        const before = former.get(id);
        // Rules that were not read now are as old as they were.
        if (before?.rules === rules) known.set(id, before);
        else if (permissionsIn(rules) === permissions)
          known.set(id, { permissions, rules, readAt });
      }
    },
    forget(id, nowMs) {
      const groupId = groupOf(known, id);
      if (groupId === undefined) return;
      known.delete(groupId);
      doubtful.set(groupId, nowMs);
    },
    forgetAll(nowMs) {
      known = new Map();
      allDoubtfulAt = nowMs;
    },
  };
}

/** The group that an id is about; undefined for a resource of another kind, and for an unknown rule. */
function groupOf(known: ReadonlyMap<string, Known>, id: string): string | undefined {
  if (id.startsWith('sg-')) return id;
  if (!id.startsWith('sgr-')) return undefined;
  return [...known].find(([, { rules }]) => rules.some((rule) => rule.id === id))?.[0];
}

/** The permissions of a group as one text, whatever their order. */
function permissionsOf({ IpPermissions = [], IpPermissionsEgress = [] }: SdkGroup): string {
  return joined([
    ...IpPermissions.flatMap((one) => textsOf(one, false)),
    ...IpPermissionsEgress.flatMap((one) => textsOf(one, true)),
  ]);
}

function textsOf(permission: IpPermission, isEgress: boolean): readonly string[] {
  const { IpProtocol = '-1', FromPort = -1, ToPort = -1 } = permission;
  const sources = [
    ...(permission.IpRanges ?? []).map((one) => [one.CidrIp, one.Description]),
    ...(permission.Ipv6Ranges ?? []).map((one) => [one.CidrIpv6, one.Description]),
    ...(permission.PrefixListIds ?? []).map((one) => [one.PrefixListId, one.Description]),
    ...(permission.UserIdGroupPairs ?? []).map((one) => [one.GroupId, one.Description]),
  ];
  return sources.map(([source = '', description = '']) =>
    JSON.stringify([isEgress, IpProtocol, FromPort, ToPort, source, description]),
  );
}

/** The same text for the rules of a group. */
function permissionsIn(rules: readonly SecurityGroupRule[]): string {
  return joined(
    rules.map(({ isEgress, protocol, fromPort, toPort, source, description = '' }) =>
      JSON.stringify([isEgress, protocol, fromPort, toPort, Object.values(source)[0], description]),
    ),
  );
}

function joined(texts: readonly string[]): string {
  return texts.toSorted().join('\n');
}
