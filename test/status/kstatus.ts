import { conditionOf, conditionsOf, type StatusObject } from './status-object.ts';

/** What kstatus can say about a custom resource that exists. */
export type KstatusStatus = 'Current' | 'InProgress' | 'Failed' | 'Terminating';

/**
 * What `kubectl wait`-like tools, kpt, Flux and cli-utils believe about an object: the algorithm
 * of kstatus (kubernetes-sigs/cli-utils, pkg/kstatus/status) for a kind without rules of its own.
 * The order of the checks, and of the conditions in their list, decides.
 */
export function kstatusOf(object: StatusObject): KstatusStatus {
  const { generation, deletionTimestamp } = object.metadata ?? {};
  if (deletionTimestamp !== undefined && deletionTimestamp !== '') {
    return 'Terminating';
  }
  const observed = object.status?.observedGeneration;
  if (generation !== undefined && observed !== undefined && observed !== generation) {
    return 'InProgress';
  }
  for (const { type, status } of conditionsOf(object)) {
    if (type === 'Reconciling' && status === 'True') {
      return 'InProgress';
    }
    if (type === 'Stalled' && status === 'True') {
      return 'Failed';
    }
  }
  const ready = conditionOf(object, 'Ready');
  // Without any condition it knows, kstatus takes the object for done.
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress';
}
