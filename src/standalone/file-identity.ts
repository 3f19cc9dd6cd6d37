/** The identity of a file's link: the owner that its resources carry. */
import { createHash } from 'node:crypto';
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { LinkSpecification } from '../api/validation/validate-link.ts';
import type { OwnerIdentity } from '../plan/looks.ts';

/** The sources of identities. */
export interface IdentitySource {
  /** The user's own for files, or the cluster's. */
  readonly clusterId: string;
  /**
   * The cluster's object of that name; undefined: the cluster has none. With it a file is the
   * cluster's own link of its name. Left out where there is no cluster.
   */
  readonly objectOf?: (name: string) => SageMakerPrivateLink | undefined;
}

/**
 * The identity of a link. Without a cluster it follows from the file alone, so that `delete` finds
 * what `apply` made on another day, and from everything that says where a link is: two files of one
 * name in two regions, accounts or VPCs are two links.
 */
export function identityOf(
  { metadata, spec }: LinkSpecification,
  { clusterId, objectOf }: IdentitySource,
): OwnerIdentity {
  const { name } = metadata;
  const place = [spec.region, spec.account ?? '', placeInRegion(spec)];
  const uid =
    objectOf?.(name)?.metadata.uid ?? metadata.uid ?? uidFrom([clusterId, name, ...place]);
  if (objectOf !== undefined) return { clusterId, uid, name };
  // A cluster gives a name to one object at a time; files of one name can be many.
  return { clusterId, uid, name, formerUids: [narrowUid(clusterId, name)] };
}

/** The VPC as the spec names it: what the names stand for at AWS may change, or be gone. */
function placeInRegion({ vpc }: LinkSpecification['spec']): unknown {
  if (vpc.id !== undefined) return vpc.id;
  return Object.entries(vpc.tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A file's UID as it was before the place was a part of it: the same in each region and VPC. */
function narrowUid(clusterId: string, name: string): string {
  return uidFrom([clusterId, name]);
}

/** A UUID of the parts, always the same. */
function uidFrom(parts: readonly unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end))
    .join('-');
}
