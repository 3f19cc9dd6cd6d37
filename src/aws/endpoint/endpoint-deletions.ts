import type { UnsuccessfulItem } from '@aws-sdk/client-ec2';
import { CloudError } from '../../plan/cloud.ts';
import type { AwsCalls } from '../client/aws-calls.ts';
import type { Clock } from '../../runtime/clock.ts';
import { itemError } from '../client/to-cloud-error.ts';
import { waitForTurn, type Waiter } from '../rate-limit/wait-for-turn.ts';

const action = 'ec2:DeleteVpcEndpoints';
/** Endpoints per call. AWS publishes no limit; a request of this size is still a small one. */
const idsPerCall = 50;

/** Deletes endpoints for many links by few calls. */
export interface EndpointDeletions {
  /** Resolves when AWS has accepted the deletion of all of them; gone ones count as deleted. */
  delete(endpointIds: readonly string[], signal: AbortSignal): Promise<void>;
}

interface Order extends Waiter {
  readonly endpointIds: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * AWS allows 0.3 of these calls per second but any number of ids in one, so the deletions of all
 * links are gathered. What AWS refuses as a whole is repeated link by link: one link's missing
 * permission is not another's.
 */
export function createEndpointDeletions(options: {
  readonly calls: AwsCalls;
  readonly clock: Clock;
  readonly gatherMs: number;
}): EndpointDeletions {
  const { calls, clock, gatherMs } = options;
  let orders: readonly Order[] = [];
  let isBusy = false;

  function gather(): void {
    if (isBusy || orders.length === 0) return;
    isBusy = true;
    clock.setTimer(() => void work(), gatherMs);
  }

  async function work(): Promise<void> {
    const batch = firstBatch(orders);
    orders = orders.slice(batch.length);
    if (batch.length > 0) await deleteBatch(calls, batch);
    isBusy = false;
    gather();
  }

  return {
    delete: (endpointIds, signal) =>
      waitForTurn({ action, signal }, (waiter) => {
        const order = { ...waiter, endpointIds, signal };
        orders = [...orders, order];
        gather();
        return () => {
          orders = orders.filter((other) => other !== order);
        };
      }),
  };
}

/** As many whole orders as one call takes, and at least one. */
function firstBatch(orders: readonly Order[]): readonly Order[] {
  let size = 0;
  const tooMany = orders.findIndex(({ endpointIds }, index) => {
    size += endpointIds.length;
    return index > 0 && size > idsPerCall;
  });
  return tooMany === -1 ? orders : orders.slice(0, tooMany);
}

async function deleteBatch(calls: AwsCalls, batch: readonly Order[]): Promise<void> {
  const VpcEndpointIds = [...new Set(batch.flatMap(({ endpointIds }) => endpointIds))];
  const [first] = batch;
  // A batch outlives each of its links: their deadlines end their wait, not the others' call.
  const signal = batch.length === 1 && first ? first.signal : new AbortController().signal;
  try {
    const output = await calls.call(action, { VpcEndpointIds }, { signal, place: action });
    settle(batch, output.Unsuccessful ?? []);
  } catch (error) {
    if (batch.length > 1 && concernsOneOnly(error)) {
      for (const order of batch) await deleteBatch(calls, [order]);
      return;
    }
    for (const order of batch) order.reject(error);
  }
}

/** True for refusals that may be due to one of the endpoints in the call. */
function concernsOneOnly(error: unknown): boolean {
  if (!(error instanceof CloudError)) return false;
  return !['Throttled', 'Unavailable', 'Credentials', 'Aborted'].includes(error.kind);
}

/** A call that AWS answers with 200 may have deleted nothing: the list of failures says so. */
function settle(batch: readonly Order[], unsuccessful: readonly UnsuccessfulItem[]): void {
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
  for (const item of unsuccessful) {
    if (item.ResourceId !== undefined && !endpointIds.includes(item.ResourceId)) continue;
    const error = itemError(action, item.Error?.Code ?? 'Unknown', item.Error?.Message ?? '');
    if (error.kind !== 'NotFound') return error;
  }
  return undefined;
}
