/** The Leases of the replicas, as somebody sees them who reads them with kubectl. */
import { group } from '../../src/api/sagemaker-private-link.ts';
import { rendezvous } from '../../src/kubernetes/shards/rendezvous.ts';
import { clusterShard } from '../../src/operator/sharing/places.ts';
import { region } from '../world/foreign.ts';
import type { Collection, StoredObject } from './api-server.ts';

/** The place that all links of a run are in, as a shard; it is its own group, too. */
const place = region;

export interface ShardLeases {
  /** The owner of the place; '' for nobody, undefined where there is no Lease of it. */
  ownerOfPlace(): string | undefined;
  /** The same of the duties that the cluster has once. */
  ownerOfCluster(): string | undefined;
  /** Somebody deletes the Leases of all that a process has. */
  deleteOf(process: string): void;
}

/** Reads and deletes in a collection of Leases. */
export function createShardLeases(leases: Collection): ShardLeases {
  const holderOf = ({ spec }: StoredObject): string =>
    (spec as { readonly holderIdentity?: string } | undefined)?.holderIdentity ?? '';
  const shardOf = ({ metadata }: StoredObject): string | undefined =>
    metadata.annotations?.[`${group}/shard`];

  function ownerOf(shard: string): string | undefined {
    const lease = leases.list().find((one) => shardOf(one) === shard);
    return lease === undefined ? undefined : holderOf(lease);
  }

  return {
    ownerOfPlace: () => ownerOf(place),
    ownerOfCluster: () => ownerOf(clusterShard),
    deleteOf(process) {
      for (const one of leases.list()) {
        if (shardOf(one) === undefined || holderOf(one) !== process) continue;
        leases.delete(`${one.metadata.namespace}/${one.metadata.name}`);
      }
    },
  };
}

/** A name like the others', under which a process gets everything that there is when it joins them. */
export function nameOfHeir(name: string, others: readonly string[]): string {
  for (let attempt = 1; ; attempt += 1) {
    const heir = `${name}-${attempt}`;
    const isHeir = [place, clusterShard].every(
      (group_) => rendezvous(group_, [...others, heir]) === heir,
    );
    if (isHeir) return heir;
  }
}
