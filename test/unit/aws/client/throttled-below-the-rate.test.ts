/** AWS throttles calls below the rates that it publishes: others use the account, or the organization has its own limit. */
import { expect, test } from '@jest/globals';
import { createAwsCalls } from '../../../../src/aws/client/aws-calls.ts';
import { createCallBudget } from '../../../../src/aws/rate-limit/call-budget.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import { createTokenBucket, type RateLimit } from '../../../../src/runtime/token-bucket.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';
import { ec2Error, scriptedTransport } from '../scripted-transport.ts';

const create = 'ec2:CreateVpcEndpoint';
const throttled = ec2Error('RequestLimitExceeded', 'Request limit exceeded.', 503);

/** An AWS with a bucket of its own, whatever the operator thinks of it. */
function awsThatTakes(limit: RateLimit) {
  const clock = createVirtualClock(0);
  let bucket = createTokenBucket(limit, 0);
  const counts = { taken: 0, refused: 0 };
  const transport = scriptedTransport({
    [create]: () => {
      const isTaken = bucket.take(clock.now());
      counts[isTaken ? 'taken' : 'refused'] += 1;
      if (!isTaken) throw throttled;
      return {};
    },
  });
  const calls = createAwsCalls({ transport, clock, budget: createCallBudget({ clock }) });
  const { signal } = new AbortController();

  async function persist(place: string): Promise<void> {
    const claim = { link: place, urgency: 'Repair' } as const;
    for (;;) {
      try {
        await calls.call(create, { VpcId: 'vpc-1' }, { signal, place, claim });
        return;
      } catch (error) {
        if (!(error instanceof CloudError) || error.kind !== 'Throttled') throw error;
        // The queue's backoff, where AWS refused without a place in the line.
        const { retryAfterMs = 5_000 } = error;
        await new Promise<void>((resolve) => void clock.setTimer(resolve, retryAfterMs));
      }
    }
  }

  return {
    clock,
    counts,
    persist: (count: number, prefix: string) => {
      for (let index = 0; index < count; index += 1) void persist(`${prefix}-${index}`);
    },
    now: (next: RateLimit) => {
      bucket = createTokenBucket(next, clock.now());
    },
  };
}

test('where AWS takes a third of what it publishes, all calls get through and few are refused', async () => {
  const { clock, counts, persist } = awsThatTakes({ burst: 1, perSecond: 0.1 });
  persist(60, 'link');
  // 590 s are the least; half of the rate that nobody knows is found.
  await clock.advance(1_200_000);
  expect(counts.taken).toBe(60);
  expect(counts.refused).toBeLessThanOrEqual(counts.taken / 2);
});

test('while AWS refuses everything, calls become rare, and afterwards they come back to the full rate', async () => {
  const { clock, counts, persist, now } = awsThatTakes({ burst: 1, perSecond: 1e-6 });
  persist(40, 'link');
  await clock.advance(600_000);
  const { refused } = counts;
  // An eighth of 0.3 calls a second is 22 in ten minutes; the published rate would be 180.
  expect(refused).toBeLessThanOrEqual(40);
  now({ burst: 4, perSecond: 0.3 });
  await clock.advance(900_000);
  expect(counts.taken).toBe(40);
  persist(30, 'later');
  await clock.advance(100_000);
  expect(counts.taken).toBeGreaterThanOrEqual(40 + 28);
});
