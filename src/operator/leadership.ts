import {
  createLeaderLease,
  type LeaderLease,
  type LeaderLeaseOptions,
} from '../kubernetes/lease/leader-lease.ts';
import type { WorkQueue } from '../kubernetes/queue/work-queue.ts';

export interface LeadershipOptions extends Omit<LeaderLeaseOptions, 'onStarted' | 'onLost'> {
  readonly queue: Pick<WorkQueue, 'shutDown'>;
  /**
   * The work of a leader: it goes on until `leadership` aborts, or in good order when the shutdown begins. When
   * it ends otherwise, the lease is given back and the process should end.
   */
  readonly work: (leadership: AbortSignal) => Promise<void>;
}

/** One process's part in the election, from its start to its end. */
export interface Leadership {
  /** Whether this process may change the world at this very moment. */
  mayAct(): boolean;
  /**
   * Stands for election and works while it leads. When `shutdown` aborts the lease is kept until
   * the last pass has ended: only then may another lead.
   *
   * @returns 0 after an orderly shutdown, 1 when leadership was lost or its work failed: the process
   * should end
   */
  run(shutdown: AbortSignal): Promise<number>;
}

/** Creates a candidate. Throws `RangeError` for durations that cannot be safe together. */
export function createLeadership({ queue, work, ...options }: LeadershipOptions): Leadership {
  const { logger, identity } = options;
  let working: Promise<void> = Promise.resolve();
  let isShuttingDown = false;
  const lease: LeaderLease = createLeaderLease({
    ...options,
    onStarted: (leadership) => {
      logger.info({ instance: identity }, 'leading');
      working = work(leadership).then(() => {
        const isExpected = isShuttingDown || leadership.aborted;
        if (!isExpected) throw new Error('the work of the leader ended without being asked to');
      });
      return working;
    },
    onLost: (why) => logger.error({ why }, 'leadership lost: the process ends'),
  });

  return {
    mayAct: () => lease.mayAct(),
    async run(shutdown) {
      const election = new AbortController();
      const giveBack = (): void => {
        isShuttingDown = true;
        void working.catch(() => undefined).then(() => election.abort(new Error('drained')));
      };
      shutdown.addEventListener('abort', giveBack, { once: true });
      if (shutdown.aborted) giveBack();
      const end = await lease.run(election.signal);
      if (end === 'released') return 0;
      queue.shutDown();
      await working.catch(() => undefined);
      return 1;
    },
  };
}
