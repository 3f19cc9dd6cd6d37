import type { ActionResults } from '../../plan/actions.ts';
import type { ManagedPolicy, PolicyVersion } from '../../plan/facts.ts';
import type { PolicyAction } from '../../plan/notebook-policy/policy-effects.ts';
import type { Clock } from '../../runtime/clock.ts';
import { mergePolicyWrites, mergeVersionWrites } from './merge-policy-writes.ts';
import { isOvertaken, type RecentPolicyWrite, recentPolicyWriteOf } from './recent-policy-write.ts';

/**
 * What this process changed at IAM lately, so that reads which do not show it yet are not taken
 * for someone else's doing. A change counts until a read shows it, and at most for the settle
 * window: then IAM's answer stands.
 */
export interface RecentPolicyWrites {
  record(action: PolicyAction, result: ActionResults[keyof ActionResults]): void;
  /** A change may or may not have taken effect: what it may have overtaken is not claimed. */
  doubt(action: PolicyAction): void;
  mergePolicy(arn: string, read: ManagedPolicy | undefined): ManagedPolicy | undefined;
  mergeVersions(arn: string, read: readonly PolicyVersion[]): readonly PolicyVersion[];
  /** Adds the names of policies just made: a name that is missed is a policy that is never found. */
  mergeNames(path: string, read: readonly string[]): readonly string[];
}

interface Entry {
  readonly write: RecentPolicyWrite;
  readonly madeAt: number;
  /** Whether a read of the policy showed it. Lists of names and versions may lag further. */
  readonly isShown: boolean;
}

/** @param settleMs How long a change may stay invisible, in milliseconds. */
export function createRecentPolicyWrites(clock: Clock, settleMs: number): RecentPolicyWrites {
  let entries: readonly Entry[] = [];

  function current(): readonly Entry[] {
    const oldest = clock.now() - settleMs;
    entries = entries.filter(({ madeAt }) => madeAt > oldest);
    return entries;
  }

  function unshown(arn: string): readonly RecentPolicyWrite[] {
    const open = current().filter(({ write, isShown }) => write.arn === arn && !isShown);
    return open.map(({ write }) => write);
  }

  function doubt(action: PolicyAction): void {
    entries = entries.filter(({ write }) => !isOvertaken(write, action));
  }

  return {
    record(action, result) {
      const write = recentPolicyWriteOf(action, result);
      if (write === undefined) return;
      doubt(action);
      entries = [...entries, { write, madeAt: clock.now(), isShown: false }];
    },
    doubt,
    mergePolicy(arn, read) {
      const { policy, shown } = mergePolicyWrites(read, unshown(arn));
      entries = entries.map((entry) =>
        shown.includes(entry.write) ? { ...entry, isShown: true } : entry,
      );
      return policy;
    },
    mergeVersions: (arn, read) => mergeVersionWrites(read, unshown(arn)),
    mergeNames(path, read) {
      const made = current().flatMap(({ write }) =>
        write.kind === 'Created' ? [write.policy] : [],
      );
      const names = made
        .filter(({ arn }) => arn.includes(`:policy${path}`))
        .map(({ name }) => name);
      return [...new Set([...read, ...names])];
    },
  };
}
