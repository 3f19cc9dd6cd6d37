import { CloudError } from '../../plan/cloud.ts';
import type { Clock } from '../../runtime/clock.ts';
import { abortedBy } from '../client/aborted.ts';
import { type CallLimits, defaultLimitOf, shareOf } from './call-limits.ts';
import { getOrMake } from '../get-or-make.ts';
import type { AwsAction } from '../client/operations.ts';
import { createTokenBucket } from '../../runtime/token-bucket.ts';
import { waitForTurn } from './wait-for-turn.ts';
import { createWaitingLine, type Ticket, type WaitingLine } from './waiting-line.ts';

/** How to stand in line for one call. */
export interface AcquireOptions {
  readonly signal: AbortSignal;
  /**
   * Names the change to make. A caller that is sent away keeps its place in the line under this
   * name, so that a hundred changes at 0.3 calls per second all get through in their order.
   */
  readonly place?: string;
  /** True for a call that AWS throttled although the budget let it through: it goes first. */
  readonly again?: boolean;
}

/** The calls that one account and region has left, per action. */
export interface CallBudget {
  /**
   * Resolves when the call may be made. Throws a `Throttled` error with `retryAfterMs` when the
   * turn is further away than `maxWaitMs`: no worker is held for long.
   */
  acquire(action: AwsAction, options: AcquireOptions): Promise<void>;
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
/** How long after its time a place is kept for a caller that does not come back. */
const keepPlaceMs = 120_000;
/** No caller is told to come back sooner than this. */
const shortestReturnMs = 1000;

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
    throttled: (action) => gateOf(action).throttled(),
    accepted: (action) => gateOf(action).accepted(),
  };
}

interface Gate {
  acquire(options: AcquireOptions): Promise<void>;
  throttled(): void;
  accepted(): void;
}

interface GateOptions {
  readonly action: AwsAction;
  readonly bucket: ReturnType<typeof createTokenBucket>;
  readonly clock: Clock;
  readonly maxWaitMs: number;
}

function createGate({ action, bucket, clock, maxWaitMs }: GateOptions): Gate {
  const line: WaitingLine = createWaitingLine();
  let cancelTimer: (() => void) | undefined;

  /** Serves who waits, in order, as long as there are tokens. */
  function serve(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    for (let first = line.firstPresent(); first !== undefined; first = line.firstPresent()) {
      if (!bucket.take(clock.now())) {
        cancelTimer = clock.setTimer(serve, Math.max(1, bucket.timeUntilMs(1, clock.now())));
        return;
      }
      line.leave(first);
      first.serve?.();
    }
  }

  function sendAway(ticket: Ticket, waitMs: number): CloudError {
    const retryAfterMs = Math.max(shortestReturnMs, waitMs - Math.floor(maxWaitMs / 2));
    ticket.forgetAtMs = clock.now() + retryAfterMs + keepPlaceMs;
    if (ticket.place === undefined) line.leave(ticket);
    return new CloudError({
      kind: 'Throttled',
      action,
      code: 'CallBudgetSpent',
      message: `${action} waits for its turn: AWS allows only so many of these calls a second`,
      retryAfterMs,
    });
  }

  async function acquire({ signal, place, again }: AcquireOptions): Promise<void> {
    if (signal.aborted) throw abortedBy(action);
    const ticket = again === true ? line.joinFirst(place) : line.join(place, clock.now());
    if (line.firstPresent() === undefined && bucket.take(clock.now())) {
      line.leave(ticket);
      return;
    }
    const waitMs = bucket.timeUntilMs(line.ahead(ticket) + 1, clock.now());
    if (waitMs > maxWaitMs) throw sendAway(ticket, waitMs);
    await waitForTurn({ action, signal }, (waiter) => {
      ticket.serve = () => waiter.resolve();
      serve();
      return () => line.leave(ticket);
    });
  }

  return {
    acquire,
    throttled: () => bucket.slowDown(clock.now()),
    accepted: () => bucket.speedUp(clock.now()),
  };
}
