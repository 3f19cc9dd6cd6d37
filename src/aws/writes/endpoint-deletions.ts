import type { UnsuccessfulItem } from '@aws-sdk/client-ec2';
import { CloudError } from '../../plan/cloud.ts';
import { abortedBy } from '../aborted.ts';
import type { AwsCalls } from '../aws-calls.ts';
import type { Clock } from '../clock.ts';
import { itemError } from '../to-cloud-error.ts';

const action = 'ec2:DeleteVpcEndpoints';
/** Endpoints per call. AWS publishes no limit; a request of this size is still a small one. */
const idsPerCall = 50;

/** Deletes endpoints for many links by few calls. */
export interface EndpointDeletions {
  /** Resolves when AWS has accepted the deletion of all of them; gone ones count as deleted. */
  delete(endpointIds: readonly string[], signal: AbortSignal): Promise<void>;
}

interface Order {
  readonly endpointIds: readonly string[];
  readonly signal: AbortSignal;
  resolve(): void;
  reject(error: unknown): void;
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
  let orders: Order[] = [];
  let isBusy = false;

  function gather(): void {
    if (isBusy || orders.length === 0) return;
    isBusy = true;
    clock.after(gatherMs, () => void work());
  }

  async function work(): Promise<void> {
    const batch = takeBatch();
    if (batch.length > 0) await deleteBatch(batch);
    isBusy = false;
    gather();
  }

  function takeBatch(): readonly Order[] {
    const batch: Order[] = [];
    let size = 0;
    for (const order of orders) {
      size += order.endpointIds.length;
      if (batch.length > 0 && size > idsPerCall) break;
      batch.push(order);
    }
    orders = orders.slice(batch.length);
    return batch;
  }

  async function deleteBatch(batch: readonly Order[]): Promise<void> {
    const ids = [...new Set(batch.flatMap(({ endpointIds }) => endpointIds))];
    const [first] = batch;
    // A batch outlives each of its links: their deadlines end their wait, not the others' call.
    const signal = batch.length === 1 && first ? first.signal : new AbortController().signal;
    try {
      const output = await calls.call(action, { VpcEndpointIds: ids }, { signal, place: action });
      settle(batch, output.Unsuccessful ?? []);
    } catch (error) {
      if (batch.length === 1 || !concernsOneOnly(error)) {
        for (const order of batch) order.reject(error);
        return;
      }
      for (const order of batch) await deleteBatch([order]);
    }
  }

  return {
    delete: (endpointIds, signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal.aborted) return reject(abortedBy(action));
        const onAbort = () => {
          orders = orders.filter((other) => other !== order);
          reject(abortedBy(action));
        };
        const order: Order = {
          endpointIds,
          signal,
          resolve() {
            signal.removeEventListener('abort', onAbort);
            resolve();
          },
          reject(error) {
            signal.removeEventListener('abort', onAbort);
            reject(error);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        orders.push(order);
        gather();
      }),
  };
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
