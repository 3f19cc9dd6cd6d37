import type { WorkQueue } from '../kubernetes/queue/work-queue.ts';

/** Several queues that end together. */
export type WorkQueues = Pick<WorkQueue, 'shutDown' | 'drain'>;

/** Ends all of them at once. */
export function joinedQueues(queues: readonly WorkQueues[]): WorkQueues {
  return {
    shutDown() {
      for (const queue of queues) queue.shutDown();
    },
    async drain() {
      await Promise.all(queues.map((queue) => queue.drain()));
    },
  };
}
