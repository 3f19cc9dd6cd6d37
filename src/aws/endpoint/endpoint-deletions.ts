import type { UnsuccessfulItem } from '@aws-sdk/client-ec2';
import { CloudError } from '../../plan/cloud.ts';
import type { AwsCalls, CallOptions } from '../client/aws-calls.ts';
import type { Clock } from '../../runtime/clock.ts';
import { itemError } from '../client/to-cloud-error.ts';
import { waitForTurn } from '../rate-limit/wait-for-turn.ts';
import { createDeletionOrders, type DeletionOrder } from './deletion-orders.ts';

const action = 'ec2:DeleteVpcEndpoints';

/** Deletes endpoints for many links by few calls. */
export interface EndpointDeletions {
  /** Resolves when AWS has accepted the deletion of all of them; gone ones count as deleted. */
  delete(endpointIds: readonly string[], options: CallOptions): Promise<void>;
}

/**
 * AWS allows 0.3 of these calls per second but any number of ids in one, so the deletions of all
 * links are gathered, until the moment at which the call budget lets the call go. A call
 * that AWS refuses as a whole is repeated link by link: one link's missing permission is not
 * another's.
 */
export function createEndpointDeletions(options: {
  readonly calls: AwsCalls;
  readonly clock: Clock;
  readonly gatherMs: number;
}): EndpointDeletions {
  const { calls, clock, gatherMs } = options;
  const waiting = createDeletionOrders(clock);
  /** The call that waits for its turn (without orders) or for its answer (with them). */
  let current: { readonly turn: AbortController; orders: readonly DeletionOrder[] } | undefined;

  function gather(): void {
    if (current !== undefined || waiting.list().length === 0) return;
    current = { turn: new AbortController(), orders: [] };
    clock.setTimer(() => void work(), gatherMs);
  }

  async function work(): Promise<void> {
    if (waiting.list().length > 0) await deleteWaiting();
    current = undefined;
    gather();
  }

  function fill(): { VpcEndpointIds: string[] } {
    const orders = waiting.takeBatch();
    if (current !== undefined) current.orders = orders;
    return inputFor(orders);
  }

  /** One call for as many orders as there are when its turn comes. */
  async function deleteWaiting(): Promise<void> {
    if (current === undefined) return;
    const call = current;
    const { signal } = call.turn;
    try {
      const options = { signal, claim: waiting.claim(), place: action };
      const output = await calls.callFilled(action, fill, options);
      settle(call.orders, output.Unsuccessful ?? []);
    } catch (error) {
      if (signal.aborted) return;
      if (call.orders.length > 1 && concernsOneOnly(error)) {
        for (const order of call.orders) await deleteAlone(calls, order);
        return;
      }
      // Without a turn nothing was asked for: all who wait come back for the next one.
      const refused = call.orders.length > 0 ? call.orders : waiting.takeAll();
      for (const order of refused) order.reject(error);
    }
  }

  /** A call outlives each of its orders, and ends when nobody wants it any more. */
  function leave(order: DeletionOrder): void {
    waiting.remove(order);
    const { orders = [], turn } = current ?? {};
    const isWanted = orders.length > 0 ? orders.some(isLive) : waiting.list().length > 0;
    if (!isWanted) turn?.abort();
  }

  return {
    delete: (endpointIds, { signal, claim }) =>
      waitForTurn({ action, signal }, (waiter) => {
        const order = { ...waiter, endpointIds, signal, claim };
        waiting.add(order);
        gather();
        return () => leave(order);
      }),
  };
}

function isLive({ signal }: DeletionOrder): boolean {
  return !signal.aborted;
}

function inputFor(batch: readonly DeletionOrder[]): { VpcEndpointIds: string[] } {
  return { VpcEndpointIds: [...new Set(batch.flatMap(({ endpointIds }) => endpointIds))] };
}

async function deleteAlone(calls: AwsCalls, order: DeletionOrder): Promise<void> {
  const { signal, claim } = order;
  try {
    const output = await calls.call(action, inputFor([order]), { signal, claim, place: action });
    settle([order], output.Unsuccessful ?? []);
  } catch (error) {
    order.reject(error);
  }
}

/** True for refusals that may be due to one of the endpoints in the call. */
function concernsOneOnly(error: unknown): boolean {
  if (!(error instanceof CloudError)) return false;
  return !['Throttled', 'Unavailable', 'Credentials', 'Aborted'].includes(error.kind);
}

/** A call that AWS answers with 200 may have deleted nothing: the list of failures says so. */
function settle(batch: readonly DeletionOrder[], unsuccessful: readonly UnsuccessfulItem[]): void {
  for (const order of batch) {
    const error = firstError(order.endpointIds, unsuccessful);
    if (error === undefined) order.resolve();
    else order.reject(error);
  }
}

function firstError(
  endpointIds: readonly string[],
  unsuccessful: readonly UnsuccessfulItem[],
): CloudError | undefined {
  const failures = unsuccessful
    .filter(({ ResourceId: id }) => id === undefined || endpointIds.includes(id))
    .map(({ ResourceId: id, Error: error }) => {
      return { id, code: error?.Code ?? 'Unknown', message: error?.Message ?? '' };
    })
    .filter((one) => itemError(action, one.code, one.message).kind !== 'NotFound');
  const [first] = failures;
  if (first === undefined) return undefined;
  // A failure that names no endpoint may be any one's.
  const isClear = failures.every(({ id }) => id !== undefined);
  const refused = failures.map(({ id }) => id);
  const doneFor = isClear ? endpointIds.filter((id) => !refused.includes(id)) : [];
  return itemError(action, first.code, first.message, doneFor);
}
