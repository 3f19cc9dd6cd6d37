/** The parts that read queues of drift events. */
import { LRUCache } from 'lru-cache';
import type { CloudDirectory } from '../aws/accounts/cloud-directory.ts';
import { createEventQueue } from '../aws/drift-events/event-queue.ts';
import { createEarlyLooks } from '../reconcile/hints/early-looks.ts';
import { createLinkIndex } from '../reconcile/hints/link-index.ts';
import { readHints } from '../reconcile/hints/read-hints.ts';
import type { OperatorConfig } from './operator-config.ts';
import type { Parts } from './parts.ts';

/** AWS's ids of the changes that this process made: events about them are no news. */
export interface OwnRequests {
  note(requestId: string | undefined): void;
  has(requestId: string): boolean;
}

/** Changes that are remembered: more than the call rates of many regions allow while an event is on its way. */
const mostRequests = 10_000;

/** Creates the memory; nothing is kept in it where no queue is read. */
export function createOwnRequests({
  driftEventsQueue,
}: Pick<OperatorConfig, 'driftEventsQueue'>): OwnRequests {
  if (driftEventsQueue.length === 0) return { note: () => undefined, has: () => false };
  const requests = new LRUCache<string, true>({ max: mostRequests });
  return {
    note(requestId) {
      if (requestId !== undefined) requests.set(requestId, true);
    },
    has: (requestId) => requests.has(requestId),
  };
}

interface EventParts {
  readonly clouds: Pick<CloudDirectory, 'ownCalls'>;
  readonly ownRequests: OwnRequests;
}

/** Reads the queues of the flags until the signal aborts; without any it does nothing. */
export async function readDriftEvents(
  { config, watch, queue, mayAct, clock, random, logger, metrics }: Parts,
  { clouds, ownRequests }: EventParts,
  signal: AbortSignal,
): Promise<void> {
  if (config.driftEventsQueue.length === 0) return;
  const index = createLinkIndex();
  const unsubscribe = watch.subscribe((change) => index.note(change));
  const looks = createEarlyLooks({ queue, clock });
  const isOwnRequest = (requestId: string): boolean => ownRequests.has(requestId);
  const common = { index, looks, isOwnRequest, clock, random, logger, metrics: metrics.hints };
  const readers = config.driftEventsQueue.map((address) =>
    readHints(
      {
        ...common,
        queue: createEventQueue(address, clouds.ownCalls(address.region)),
        mayAct: () => mayAct({ region: address.region }),
      },
      signal,
    ),
  );
  await Promise.all(readers);
  unsubscribe();
}
