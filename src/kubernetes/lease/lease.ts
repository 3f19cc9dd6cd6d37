import type { KubernetesObject, ResourceType } from '../client/object.ts';

export const leaseType: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  namespaced: true,
};

/** Of an object that is made. */
export const leaseApiVersion = 'coordination.k8s.io/v1';

/** `coordination.k8s.io/v1` `Lease`. Times are `MicroTime` strings. */
export interface Lease extends KubernetesObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}
