/** Links that wait for the end of AWS's work on their endpoints, and for nothing else. */
import type { WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import type { Cloud } from '../../plan/cloud.ts';
import { workEnded } from './link-reasons.ts';

/** The watches of one process, at most one for each link. */
export interface WorkWatch {
  /** Has the next pass of a link begin when AWS is done. False if nobody watches that. */
  begin(key: string, endpointIds: readonly string[], cloud: Cloud | undefined): boolean;
  /** Ends the watch of a link, if there is one. */
  end(key: string): void;
  /** Ends every watch. */
  endAll(): void;
}

/** Creates a watch of nothing. */
export function createWorkWatch(queue: Pick<WorkQueue, 'add'>): WorkWatch {
  const stops = new Map<string, () => void>();

  function end(key: string): void {
    stops.get(key)?.();
    stops.delete(key);
  }

  return {
    begin(key, endpointIds, cloud) {
      end(key);
      if (cloud?.whenChanged === undefined) return false;
      const stop = cloud.whenChanged(endpointIds, (outcome) => {
        const reason = outcome === 'changed' ? workEnded : 'Poll';
        queue.add(key, { priority: 'normal', isOnTime: outcome === 'changed', reason });
      });
      stops.set(key, stop);
      return true;
    },
    end,
    endAll() {
      for (const key of stops.keys()) end(key);
    },
  };
}
