/** The part of Kubernetes' ObjectMeta that the operator reads. */
export interface ObjectMeta {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  /** RFC 3339; present while the object is being deleted. */
  readonly deletionTimestamp?: string;
  readonly creationTimestamp?: string;
  readonly finalizers?: readonly string[];
  /** In memory alone, see `keptLink`: of the finalizers only the operator's own is kept. */
  readonly areFinalizersCut?: true;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}
