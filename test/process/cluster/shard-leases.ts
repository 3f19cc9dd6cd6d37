/** Who works on what, by the Leases that the replicas of a cluster have. */
import { group } from '../../../src/api/sagemaker-private-link.ts';
import { rendezvous } from '../../../src/kubernetes/shards/rendezvous.ts';
import type { OperatorCluster } from './operator-cluster.ts';

/** The Lease of a place, of the cluster's duties, or of a replica. */
export interface ShardLease {
  /** Of a place or of the cluster's duties; undefined for a replica. */
  readonly shard: string | undefined;
  /** The name of a replica; undefined for anything else. */
  readonly replica: string | undefined;
  readonly isReady: boolean;
  /** Empty when it was given back. */
  readonly holder: string;
  readonly acquireTime: string;
  readonly renewTime: string;
}

interface LeaseList {
  readonly items: readonly {
    readonly metadata: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly spec: {
      readonly holderIdentity?: string;
      readonly acquireTime?: string;
      readonly renewTime?: string;
    };
  }[];
}

/** Every Lease that says what it is for. */
export async function shardLeases({ server }: OperatorCluster): Promise<readonly ShardLease[]> {
  const { status, body } = await server.request({
    path: '/apis/coordination.k8s.io/v1/namespaces/sagemaker-privatelink-system/leases',
  });
  if (status === 404) return [];
  if (status !== 200) throw new Error(`GET leases: ${status}`);
  return (body as LeaseList).items.map(({ metadata: { labels = {}, annotations = {} }, spec }) => ({
    shard: annotations[`${group}/shard`],
    replica: annotations[`${group}/replica`],
    isReady: labels[`${group}/state`] === 'ready',
    holder: spec.holderIdentity ?? '',
    acquireTime: spec.acquireTime ?? '',
    renewTime: spec.renewTime ?? '',
  }));
}

/** Who has a place or the cluster's duties; empty for nobody. */
export async function holderOf(cluster: OperatorCluster, shard: string): Promise<string> {
  const lease = (await shardLeases(cluster)).find((one) => one.shard === shard);
  return lease?.holder ?? '';
}

/** Throws unless so many replicas are there, and each thing is with whom it belongs to. */
export async function areSettled(cluster: OperatorCluster, replicas: number): Promise<void> {
  const leases = await shardLeases(cluster);
  const ready = leases.flatMap(({ replica, isReady, holder }) =>
    replica !== undefined && isReady && holder !== '' ? [replica] : [],
  );
  if (ready.length !== replicas) throw new Error(`${ready.length} replicas are ready`);
  for (const { shard, holder } of leases) {
    if (shard !== undefined && holder !== rendezvous(shard, ready))
      throw new Error(`${shard} is still with ${holder || 'nobody'}`);
  }
}
