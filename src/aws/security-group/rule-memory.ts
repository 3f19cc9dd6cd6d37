/** Rules of groups that are as they were when their rules were read. */
import type { IpPermission, SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import type { SecurityGroupRule } from '../../plan/facts.ts';
import { digestOf } from '../../runtime/digest.ts';

/**
 * A group is described with its permissions, but without the ids of its rules: those take a call for each
 * 200 groups. A sweep of a thousand groups that are as they were asks for none of them.
 */
export interface RuleMemory {
  /**
   * Whether the rules of a group are those that were read last: it has the permissions that they make.
   *
   * @param permissions see `permissionsOf`
   */
  knows(groupId: string, permissions: string, nowMs: number): boolean;
  /** Whether they are for a group whose permissions are as they were. */
  areKnown(groupId: string, nowMs: number): boolean;
  /**
   * Notes all groups of a read. Of rules that are not those of the permissions, because they were changed
   * in between, nothing is kept.
   */
  note(read: GroupsWithRules): void;
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

/** The groups of a read. */
export interface GroupsWithRules {
  /** By the id of a group whose rules were read now: its permissions, and those that the rules make. */
  readonly read: ReadonlyMap<string, ReadPermissions>;
  readonly readAt: number;
  /** The ids of the others, whose rules were known. */
  readonly known: readonly string[];
}

/** Permissions of a group as digests, see `permissionsOf` and `permissionsIn`. */
export interface ReadPermissions {
  readonly described: string;
  readonly ofRules: string;
}

interface Known {
  /** The digest of the permissions: the rules are with the group's other facts. */
  readonly permissions: string;
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
  let memory = new Map<string, Known>();
  /** By group: reads that began until then say nothing of it. Reads begin one after the other. */
  const doubtful = new Map<string, number>();
  let allDoubtfulAt = -Infinity;

  function knownOf(groupId: string, nowMs: number): Known | undefined {
    const one = memory.get(groupId);
    return one === undefined || nowMs - one.readAt >= maxAgeMs ? undefined : one;
  }

  function forgetAll(nowMs: number): void {
    memory = new Map();
    allDoubtfulAt = nowMs;
  }

  return {
    knows: (groupId, permissions, nowMs) => knownOf(groupId, nowMs)?.permissions === permissions,
    areKnown: (groupId, nowMs) => knownOf(groupId, nowMs) !== undefined,
    note({ read, readAt, known }) {
      const former = memory;
      memory = new Map();
      if (readAt <= allDoubtfulAt) return;
      for (const [id, at] of doubtful) if (readAt > at) doubtful.delete(id);
      for (const id of known) {
        // Rules that were not read now are as old as they were.
        const before = former.get(id);
        if (before !== undefined && !doubtful.has(id)) memory.set(id, before);
      }
      for (const [id, { described: permissions, ofRules }] of read) {
        if (ofRules === permissions && !doubtful.has(id)) memory.set(id, { permissions, readAt });
      }
    },
    forget(id, nowMs) {
      // Nothing changes a rule by its id alone: a search for its group would be for nobody.
      if (id.startsWith('sgr-')) forgetAll(nowMs);
      if (!id.startsWith('sg-')) return;
      memory.delete(id);
      doubtful.set(id, nowMs);
    },
    forgetAll,
  };
}

/** A digest of a group's permissions, whatever their order. */
export function permissionsOf({ IpPermissions = [], IpPermissionsEgress = [] }: SdkGroup): string {
  return digestIn([
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

/** The same digest of the rules of a group. */
export function permissionsIn(rules: readonly SecurityGroupRule[]): string {
  return digestIn(
    rules.map(({ isEgress, protocol, fromPort, toPort, source, description = '' }) =>
      JSON.stringify([isEgress, protocol, fromPort, toPort, Object.values(source)[0], description]),
    ),
  );
}

function digestIn(texts: readonly string[]): string {
  return digestOf(texts.toSorted());
}
