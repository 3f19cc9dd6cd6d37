import type { ResourceWatchOptions } from '../kubernetes/watch/resource-watch.ts';
import type { KubernetesObject } from '../kubernetes/client/object.ts';

/** The ground that every watch of the cluster stands on. */
export type WatchParts = Pick<
  ResourceWatchOptions<KubernetesObject>,
  'clock' | 'random' | 'logger' | 'metrics' | 'timing'
>;
