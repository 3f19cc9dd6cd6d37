/** `metadata` of any object, as it is on the wire: times are strings. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly unknown[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** Name of an object within its resource; `namespace` is absent for a cluster-scoped one. */
export interface ObjectRef {
  readonly name: string;
  readonly namespace?: string;
}

/** Which REST collection, such as `{group: 'coordination.k8s.io', version: 'v1', plural: 'leases'}`. */
export interface ResourceType {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** `namespace/name`, or `name` for a cluster-scoped object: client-go's key. */
export function keyOf(ref: ObjectRef | ObjectMeta): string {
  return ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`;
}

/**
 * Orders two resource versions of one resource, or returns undefined when they are not numbers.
 * Kubernetes promises since 1.35 that they are comparable as numbers (KEP-5504), and etcd's
 * revisions always were.
 */
export function compareResourceVersions(
  left: string | undefined,
  right: string | undefined,
): -1 | 0 | 1 | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (!digits.test(left) || !digits.test(right)) return undefined;
  const difference = BigInt(left) - BigInt(right);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

const digits = /^\d+$/;
