import type { Tags } from './facts.ts';
import type { OwnerIdentity } from './looks.ts';

/**
 * Keys of the tags that say whose a resource is. They are the identity (a status is only a
 * cache): a resource is a link's own if and only if it carries the cluster's id and the link's UID.
 */
export const ownershipTags = {
  cluster: 'sagemaker.privatelink.dev/cluster',
  uid: 'sagemaker.privatelink.dev/uid',
  /** The link's name, for people who read tags. Never compared. */
  name: 'sagemaker.privatelink.dev/name',
  /** What the resource is to the link: a value of {@link ResourceRole}. */
  role: 'sagemaker.privatelink.dev/role',
} as const;

/** True if the tags say that the resource belongs to this very link. */
export function isOwnedBy(tags: Tags, owner: OwnerIdentity): boolean {
  return tags[ownershipTags.cluster] === owner.clusterId && tags[ownershipTags.uid] === owner.uid;
}
