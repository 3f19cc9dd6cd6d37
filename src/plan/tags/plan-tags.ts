import type { Action } from '../actions.ts';
import type { Tags } from '../facts.ts';
import type { Difference, Subject } from '../findings.ts';
import type { OwnerIdentity } from '../looks.ts';
import { ownershipTagsOf, type ResourceRole } from '../ownership/ownership.ts';
import { type Stage, settled, stage } from '../stage.ts';

/** Which tags a link's resources are to carry. */
export interface TagPolicy {
  /** All of a role's tags: ownership, `Name`, and the user's. */
  wanted(role: ResourceRole): Tags;
  /**
   * Keys of the user's that were put on resources before. Only these are ever removed: a tag that
   * somebody else added (cost allocation, backup, ...) is not ours to take away.
   */
  readonly formerKeys: readonly string[];
  /** Keys of ours that are a default only: a value that is there already stays. */
  readonly defaultKeys: readonly string[];
}

/** The tag policy of a link. The user's own `Name` wins over ours, and so does one that is there. */
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
    defaultKeys: 'Name' in userTags ? [] : ['Name'],
  };
}

/** The changes that give a resource the tags of the policy. */
export interface TagChanges {
  /** Undefined: none. */
  readonly set?: Tags;
  /** Undefined: none. */
  readonly remove?: readonly string[];
  readonly reasons: { readonly set: string; readonly remove: string };
  readonly differences: readonly Difference[];
}

/** Compares the tags of one resource with the policy's. */
export function tagChanges(
  resource: string,
  actual: Tags,
  role: ResourceRole,
  policy: TagPolicy,
): TagChanges {
  const wanted = policy.wanted(role);
  const staysAsItIs = (key: string): boolean =>
    policy.defaultKeys.includes(key) && key in actual && !policy.formerKeys.includes(key);
  const changed = Object.entries(wanted).filter(
    ([key, value]) => actual[key] !== value && !staysAsItIs(key),
  );
  const removed = policy.formerKeys.filter((key) => !(key in wanted) && key in actual);
  const keys = changed.map(([key]) => key).join(', ');
  return {
    ...(changed.length === 0 ? {} : { set: Object.fromEntries(changed) }),
    ...(removed.length === 0 ? {} : { remove: removed }),
    reasons: {
      set: `tags ${keys} differ from the spec`,
      remove: `tags ${removed.join(', ')} are no longer in the spec`,
    },
    differences: [
      ...changed.map(([key, value]) => ({
        resource,
        field: `tag ${key}`,
        desired: value,
        actual: actual[key] ?? 'missing',
      })),
      ...removed.map((key) => ({
        resource,
        field: `tag ${key}`,
        desired: 'absent',
        actual: actual[key] ?? '',
      })),
    ],
  };
}

const subjects = {
  'security-group': 'SecurityGroupReady',
  endpoint: 'EndpointsAvailable',
} as const satisfies Partial<Record<ResourceRole, Subject>>;

/** Brings the tags of one resource of EC2 to what the policy says. */
export function planTags(
  resourceId: string,
  actual: Tags,
  role: keyof typeof subjects,
  policy: TagPolicy,
): Stage {
  const { set, remove, reasons, differences } = tagChanges(resourceId, actual, role, policy);
  if (differences.length === 0) return settled;
  const resourceIds = [resourceId];
  const subject = subjects[role];
  const actions: Action[] = [];
  if (set !== undefined) {
    actions.push({ kind: 'CreateTags', subject, resourceIds, tags: set, reason: reasons.set });
  }
  if (remove !== undefined) {
    actions.push({
      kind: 'DeleteTags',
      subject,
      resourceIds,
      keys: remove,
      reason: reasons.remove,
    });
  }
  return stage({ actions, differences });
}
