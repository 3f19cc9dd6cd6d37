import type { ManagedPolicy, PolicyVersion, Tags } from '../../plan/facts.ts';
import { isSamePrincipal } from '../../plan/notebook-policy/policy-effects.ts';
import { versionNumber } from '../notebook-policy/read-policy-versions.ts';
import type { RecentPolicyWrite } from './recent-policy-write.ts';

type WriteOf<Kind extends RecentPolicyWrite['kind']> = Extract<
  RecentPolicyWrite,
  { readonly kind: Kind }
>;

/** A policy with our own recent changes put in, and the changes that the read showed by itself. */
export interface MergedPolicy {
  readonly policy: ManagedPolicy | undefined;
  readonly shown: readonly RecentPolicyWrite[];
}

/**
 * Puts changes of our own into a read of one policy that may not show them yet: IAM's reads lag
 * behind its writes. Pure; the changes are all of this policy, in the order in which they were
 * made. What is enforced by a change that IAM does not show yet is marked as settling.
 */
export function mergePolicyWrites(
  read: ManagedPolicy | undefined,
  writes: readonly RecentPolicyWrite[],
): MergedPolicy {
  let policy = read;
  const shown: RecentPolicyWrite[] = [];
  for (const write of writes) {
    // Only the list of versions tells whether one is gone.
    if (write.kind === 'VersionDeleted') continue;
    const merged = mergeOne(policy, write);
    if (merged === policy) shown.push(write);
    policy = merged;
  }
  return { policy, shown };
}

/** The very same policy if it shows the change. */
function mergeOne(
  policy: ManagedPolicy | undefined,
  write: Exclude<RecentPolicyWrite, WriteOf<'VersionDeleted'>>,
): ManagedPolicy | undefined {
  if (write.kind === 'Created') return policy ?? { ...write.policy, settling: true };
  if (write.kind === 'Deleted' || policy === undefined) return undefined;
  switch (write.kind) {
    case 'DefaultSet':
      return withDefault(policy, write);
    case 'AttachmentChanged':
      return withAttachment(policy, write);
    case 'TagsChanged': {
      const tags = changedTags(policy.tags, write);
      return tags === policy.tags ? policy : { ...policy, tags };
    }
    default:
      return write satisfies never;
  }
}

function withDefault(
  policy: ManagedPolicy,
  { versionId, document, isNew }: WriteOf<'DefaultSet'>,
): ManagedPolicy {
  if (policy.defaultVersionId === versionId) return policy;
  // A version with a higher number was made after ours, by somebody else.
  if (isNew && versionNumber(policy.defaultVersionId) > versionNumber(versionId)) return policy;
  return { ...policy, defaultVersionId: versionId, document, settling: true };
}

function withAttachment(
  policy: ManagedPolicy,
  { principal, isAttached }: WriteOf<'AttachmentChanged'>,
): ManagedPolicy {
  const { attachedTo } = policy;
  const others = attachedTo.filter((one) => !isSamePrincipal(one, principal));
  const isShown = others.length < attachedTo.length;
  if (isShown === isAttached) return policy;
  if (isAttached) return { ...policy, attachedTo: [...attachedTo, principal], settling: true };
  return { ...policy, attachedTo: others };
}

function changedTags(tags: Tags, { set, removed }: WriteOf<'TagsChanged'>): Tags {
  const isShown =
    Object.entries(set).every(([key, value]) => tags[key] === value) &&
    removed.every((key) => tags[key] === undefined);
  if (isShown) return tags;
  const kept = Object.entries(tags).filter(([key]) => !removed.includes(key));
  return { ...Object.fromEntries(kept), ...set };
}

/** Puts the same changes into a read of a policy's versions. */
export function mergeVersionWrites(
  read: readonly PolicyVersion[],
  writes: readonly RecentPolicyWrite[],
): readonly PolicyVersion[] {
  let versions = read;
  for (const write of writes) {
    if (write.kind === 'Deleted') versions = [];
    if (write.kind === 'Created' && versions.length === 0) versions = [firstVersion(write.policy)];
    if (write.kind === 'DefaultSet') versions = withDefaultVersion(versions, write);
    if (write.kind === 'VersionDeleted') {
      versions = versions.filter(({ id }) => id !== write.versionId);
    }
  }
  return versions;
}

function firstVersion({ defaultVersionId: id, document }: ManagedPolicy): PolicyVersion {
  return { id, isDefault: true, ...(document === undefined ? {} : { document }) };
}

function withDefaultVersion(
  versions: readonly PolicyVersion[],
  { versionId: id, document, isNew }: WriteOf<'DefaultSet'>,
): readonly PolicyVersion[] {
  const shown = versions.find(({ isDefault }) => isDefault);
  const isLater = shown !== undefined && versionNumber(shown.id) > versionNumber(id);
  if (isNew && isLater) return versions;
  const others = versions
    .filter((one) => one.id !== id)
    .map((one) => ({ ...one, isDefault: false }));
  const merged: readonly PolicyVersion[] = [...others, { id, isDefault: true, document }];
  return merged.toSorted((a, b) => versionNumber(a.id) - versionNumber(b.id));
}
