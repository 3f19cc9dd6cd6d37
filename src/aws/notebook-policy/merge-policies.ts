/** Reads of IAM with our own changes that it does not show yet: IAM's reads lag behind its writes. */
import { type ChangeOf, isShown, withChange } from '../../plan/actions/changes.ts';
import type { ManagedPolicy, PolicyVersion } from '../../plan/facts.ts';
import { changesOfFact, type RecentWrite } from '../consistency/recent-write.ts';
import type { RecentWrites } from '../consistency/recent-writes.ts';

/** Puts recent writes into reads of IAM. */
export interface PolicyMerges {
  mergePolicy(arn: string, read: ManagedPolicy | undefined): ManagedPolicy | undefined;
  mergeVersions(arn: string, read: readonly PolicyVersion[]): readonly PolicyVersion[];
  /** Adds the names of policies just made: a name that is missed is a policy that is never found. */
  mergeNames(path: string, read: readonly string[]): readonly string[];
}

export function createPolicyMerges(recentWrites: RecentWrites): PolicyMerges {
  return {
    mergePolicy(arn, read) {
      let policy = read;
      const shown: RecentWrite[] = [];
      for (const write of recentWrites.unseenOf(arn)) {
        for (const change of changesOfFact(write, 'ManagedPolicy')) {
          if (isShown(change, policy)) shown.push(write);
          else policy = withChange(change, policy);
        }
      }
      recentWrites.noteShown(shown);
      return policy;
    },
    mergeVersions: (arn, read) =>
      recentWrites
        .unseenOf(arn)
        .flatMap((write) => changesOfFact(write, 'PolicyVersions'))
        .reduce<readonly PolicyVersion[]>(
          (versions, change) => withChange(change, versions) ?? [],
          read,
        ),
    mergeNames(path, read) {
      // Lists of names lag further than reads of the policy itself.
      const made = recentWrites
        .ofPolicies()
        .flatMap((write) => changesOfFact(write, 'ManagedPolicy'))
        .flatMap((change) => madePolicy(change) ?? []);
      const names = made
        .filter(({ arn }) => arn.includes(`:policy${path}`))
        .map(({ name }) => name);
      return [...new Set([...read, ...names])];
    },
  };
}

/** The policy that a change makes; undefined if it changes one that is there. */
function madePolicy({ after }: ChangeOf<'ManagedPolicy'>): ManagedPolicy | undefined {
  return after(undefined);
}
