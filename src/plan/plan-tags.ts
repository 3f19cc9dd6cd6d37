import type { Action } from './actions.ts';
import type { Tags } from './facts.ts';
import type { OwnerIdentity } from './looks.ts';
import { ownershipTagsOf, type ResourceRole } from './ownership.ts';
import { type Stage, settled, stage } from './stage.ts';

/** Which tags a link's resources are to carry. */
export interface TagPolicy {
  /** All of a role's tags: ownership, `Name`, and the user's. */
  wanted(role: ResourceRole): Tags;
  /**
   * Keys of the user's that were put on resources before. Only these are ever removed: a tag that
   * somebody else added (cost allocation, backup, ...) is not ours to take away.
   */
  readonly formerKeys: readonly string[];
}

/** The tag policy of a link. The user's own `Name` wins over ours. */
export function tagPolicyOf(
  owner: OwnerIdentity,
  userTags: Tags,
  formerKeys: readonly string[],
): TagPolicy {
  return {
    wanted: (role) => ({
      Name: `sagemaker-privatelink/${owner.name}`,
      ...userTags,
      ...ownershipTagsOf(owner, role),
    }),
    formerKeys,
  };
}

/** Brings the tags of one resource to what the policy says. */
export function planTags(
  resourceId: string,
  actual: Tags,
  role: ResourceRole,
  policy: TagPolicy,
): Stage {
  const wanted = policy.wanted(role);
  const changed = Object.entries(wanted).filter(([key, value]) => actual[key] !== value);
  const removed = policy.formerKeys.filter((key) => !(key in wanted) && key in actual);
  if (changed.length === 0 && removed.length === 0) return settled;
  const resourceIds = [resourceId];
  const actions: Action[] = [];
  if (changed.length > 0) {
    const reason = `tags ${changed.map(([key]) => key).join(', ')} differ from the spec`;
    actions.push({ kind: 'CreateTags', resourceIds, tags: Object.fromEntries(changed), reason });
  }
  if (removed.length > 0) {
    const reason = `tags ${removed.join(', ')} are no longer in the spec`;
    actions.push({ kind: 'DeleteTags', resourceIds, keys: removed, reason });
  }
  return stage({
    actions,
    differences: [
      ...changed.map(([key, value]) => ({
        resource: resourceId,
        field: `tag ${key}`,
        desired: value,
        actual: actual[key] ?? 'missing',
      })),
      ...removed.map((key) => ({
        resource: resourceId,
        field: `tag ${key}`,
        desired: 'absent',
        actual: actual[key] ?? '',
      })),
    ],
  });
}
