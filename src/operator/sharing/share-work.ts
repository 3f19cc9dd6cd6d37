/** One process's part in the work, from its start to its end. */
import { group } from '../../api/sagemaker-private-link.ts';
import { type Lease, leaseType } from '../../kubernetes/lease/lease.ts';
import {
  createShardSet,
  type ShardSet,
  type ShardSetOptions,
} from '../../kubernetes/shards/shard-set.ts';
import { onAbort } from '../../runtime/on-abort.ts';
import type { Parts } from '../parts.ts';
import { prepareWork, type Work } from '../work.ts';
import { createLoneSet } from './lone-set.ts';

/** When to drain, and when to end at once. */
export interface Ends {
  readonly shutdown: AbortSignal;
  readonly life: AbortSignal;
}

/**
 * Works on what this process has, until everything is handed over or lost.
 *
 * @returns 0 after an orderly shutdown, 1 when what it had was lost or its work failed: the process
 * should end
 */
export async function shareWork(parts: Parts, { shutdown, life }: Ends): Promise<number> {
  const { logger, queue, sharing } = parts;
  const failure = new AbortController();
  const end = new AbortController();
  const fail = (error: unknown): void => {
    if (failure.signal.aborted || life.aborted) return;
    logger.error({ err: error }, 'the work failed: the process ends');
    failure.abort(error);
  };
  const shared: { work?: Work } = {};
  const set = createSet(parts, {
    onGained: (id) => shared.work?.terms.gain(id),
    drain: (id) => shared.work?.terms.drain(id) ?? Promise.resolve(true),
    onReleased: (id) => shared.work?.terms.release(id),
    onLost(why) {
      logger.error({ why }, 'what this replica had was lost: the process ends');
      shared.work?.terms.cutOff(new Error(why));
    },
  });
  sharing.current = set;
  const leave = AbortSignal.any([shutdown, failure.signal]);
  const stopListening = [
    onAbort(shutdown, () => logger.info({}, 'draining: running passes may end')),
    onAbort(life, () => shared.work?.terms.cutOff(life.reason)),
  ];
  const working = workWith(parts, { set, shared, fail }, { leave, end: end.signal, life });
  try {
    const how = await set.run(leave, life);
    return how === 'lost' || failure.signal.aborted ? 1 : 0;
  } finally {
    for (const stop of stopListening) stop();
    queue.shutDown();
    end.abort(new Error('the work has ended'));
    await working;
  }
}

interface Working {
  readonly set: ShardSet;
  readonly shared: { work?: Work };
  readonly fail: (error: unknown) => void;
}

/** Prepares, takes part, and works. Before it is ready it has nothing. */
async function workWith(
  parts: Parts,
  { set, shared, fail }: Working,
  {
    leave,
    end,
    life,
  }: { readonly leave: AbortSignal; readonly end: AbortSignal; readonly life: AbortSignal },
): Promise<void> {
  try {
    const work = await prepareWork(parts, { signal: AbortSignal.any([leave, end, life]), fail });
    if (work === undefined) return;
    shared.work = work;
    set.becomeReady();
    await work.run(AbortSignal.any([end, life]));
    if (!end.aborted && !life.aborted) fail(new Error('the work ended without being asked to'));
  } catch (error) {
    fail(error);
  }
}

function createSet(
  parts: Parts,
  listeners: Pick<ShardSetOptions, 'onGained' | 'drain' | 'onReleased' | 'onLost'>,
): ShardSet {
  const { config, places, accounts, client, leaseNamespace, instance, metrics } = parts;
  const queues = config.driftEventsQueue.map(({ region }) => region);
  const shards: ShardSetOptions['shards'] = () => places.shards(accounts(), queues);
  if (!config.leaderElect) return createLoneSet({ shards, ...listeners });
  const { clock, random, logger } = parts;
  return createShardSet({
    leases: client.resource<Lease>(leaseType),
    family: { namespace: leaseNamespace, name: config.leaseName, domain: group },
    identity: instance,
    ...parts.leaseTiming,
    clock,
    random,
    logger,
    watchMetrics: metrics.watch,
    shards,
    ...listeners,
  });
}
