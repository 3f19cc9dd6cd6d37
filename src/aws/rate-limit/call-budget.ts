import type { CloudError } from '../../plan/cloud.ts';
import type { Urgency } from '../../plan/urgency.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type CallLimits, defaultLimitOf, shareOf } from './call-limits.ts';
import { getOrMake } from '../get-or-make.ts';
import type { AwsAction } from '../client/operations.ts';
import { createTokenBucket } from '../../runtime/token-bucket.ts';
import { type AcquireOptions, createGate, type Gate, type Waiting } from './gate.ts';

/** The calls that one account and region has left, per action. */
export interface CallBudget {
  /**
   * Resolves when the call may be made. Throws a `Throttled` error with `retryAfterMs` when the
   * turn is further away than `maxWaitMs`: no worker is held for long.
   */
  acquire(action: AwsAction, options: AcquireOptions): Promise<void>;
  /**
   * The error that a caller that was sent away would get now, without a call: its place and when to
   * come back, for which the place is kept. Undefined if its turn is near or it has no place.
   *
   * @param urgency of the caller now: its place gets better with it, and never worse
   */
  stillWaits(action: AwsAction, place: string, urgency: Urgency): CloudError | undefined;
  /** The calls that wait, for metrics. */
  waiting(): readonly Waiting[];
  /** AWS refused a call with a throttling error: slow down. */
  throttled(action: AwsAction): void;
  /** AWS took a call. */
  accepted(action: AwsAction): void;
}

export interface CallBudgetOptions {
  readonly clock: Clock;
  /** Replaces AWS's published figures for some actions. */
  readonly limits?: CallLimits;
  /** The part of the published figures that is used, above 0 and at most 1. @default 1 */
  readonly share?: number;
  /** The longest wait for a turn, in milliseconds. @default 10000 */
  readonly maxWaitMs?: number;
}

const defaultMaxWaitMs = 10_000;

/** A token bucket and a fair line in front of every action of one account and region. */
export function createCallBudget(options: CallBudgetOptions): CallBudget {
  const { clock, limits = {}, share = 1, maxWaitMs = defaultMaxWaitMs } = options;
  const gates = new Map<AwsAction, Gate>();

  function gateOf(action: AwsAction): Gate {
    return getOrMake(gates, action, () => {
      const limit = limits[action] ?? shareOf(defaultLimitOf(action), share);
      const bucket = createTokenBucket(limit, clock.now());
      return createGate({ action, bucket, clock, maxWaitMs });
    });
  }

  return {
    acquire: (action, acquireOptions) => gateOf(action).acquire(acquireOptions),
    stillWaits: (action, place, urgency) => gates.get(action)?.stillWaits(place, urgency),
    waiting: () => [...gates.values()].flatMap((gate) => gate.waiting()),
    throttled: (action) => gateOf(action).throttled(),
    accepted: (action) => gateOf(action).accepted(),
  };
}
