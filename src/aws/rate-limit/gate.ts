import type { AwsAction } from '../client/operations.ts';
import { abortedBy } from '../client/aborted.ts';
import { CloudError } from '../../plan/cloud.ts';
import type { Claim, Urgency } from '../../plan/urgency.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { TokenBucket } from '../../runtime/token-bucket.ts';
import { turnWords } from './turn-words.ts';
import { waitForTurn } from './wait-for-turn.ts';
import { createWaitingLine, type Ticket } from './waiting-line.ts';

/** How to stand in line for one call. */
export interface AcquireOptions {
  readonly signal: AbortSignal;
  /**
   * Names the change to make. A caller that is sent away keeps its place in the line under this
   * name, so that a hundred changes at 0.3 calls per second all get through in their order.
   */
  readonly place?: string | undefined;
  /** The caller's link and urgency. @default a call for many links, as urgent as a change */
  readonly claim?: Claim | undefined;
  /** True for a call that AWS throttled although the budget let it through: it goes first. */
  readonly again?: boolean;
}

/** The calls of one action and urgency that wait, those of callers that were sent away included. */
export interface Waiting {
  readonly action: AwsAction;
  readonly urgency: Urgency;
  readonly calls: number;
  /** How long the oldest has waited, in milliseconds. */
  readonly longestWaitMs: number;
  /** Until the last has its turn if nobody else comes, in milliseconds. */
  readonly estimateMs: number;
}

/** A bucket with the line in front of it. */
export interface Gate {
  /** See `CallBudget.acquire`. */
  acquire(options: AcquireOptions): Promise<void>;
  /** See `CallBudget.stillWaits`. */
  stillWaits(place: string, urgency: Urgency): CloudError | undefined;
  waiting(): readonly Waiting[];
  throttled(): void;
  accepted(): void;
}

export interface GateOptions {
  readonly action: AwsAction;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
  /** The longest wait of a caller that is present, in milliseconds. */
  readonly maxWaitMs: number;
}

/** How long after its time a place is kept for a caller that does not come back. */
const keepPlaceMs = 120_000;
/** No caller is told to come back sooner than this. */
const shortestReturnMs = 1000;
/** No caller is sent away for longer: the line gets shorter when others give up. */
const longestReturnMs = 300_000;

/** Creates the gate of an action. */
export function createGate(options: GateOptions): Gate {
  return new LineGate(options);
}

class LineGate implements Gate {
  private readonly options: GateOptions;
  private readonly line = createWaitingLine();
  private cancelTimer: (() => void) | undefined;

  constructor(options: GateOptions) {
    this.options = options;
  }

  async acquire({ signal, ...joining }: AcquireOptions): Promise<void> {
    const { action, bucket, clock, maxWaitMs } = this.options;
    if (signal.aborted) throw abortedBy(action);
    const ticket = this.line.join(joining, clock.now());
    if (this.line.next() === undefined && bucket.take(clock.now())) {
      this.line.serve(ticket);
      return;
    }
    if (this.waitMsOf(ticket) > maxWaitMs) throw this.sendAway(ticket);
    await waitForTurn({ action, signal }, (waiter) => {
      ticket.serve = () => waiter.resolve();
      this.serve();
      return () => this.line.leave(ticket);
    });
  }

  stillWaits(place: string, urgency: Urgency): CloudError | undefined {
    const ticket = this.line.away(place, urgency);
    if (ticket === undefined) return undefined;
    return this.waitMsOf(ticket) > this.options.maxWaitMs ? this.sendAway(ticket) : undefined;
  }

  waiting(): readonly Waiting[] {
    const { action, clock } = this.options;
    const found = new Map<Urgency, Waiting>();
    this.line.forget(clock.now());
    for (const [index, { urgency, joinedAtMs }] of this.line.tickets().entries()) {
      const { calls = 0, longestWaitMs = 0 } = found.get(urgency) ?? {};
      found.set(urgency, {
        action,
        urgency,
        calls: calls + 1,
        longestWaitMs: Math.max(longestWaitMs, clock.now() - joinedAtMs),
        estimateMs: this.timeUntilTurn(index),
      });
    }
    return [...found.values()];
  }

  throttled(): void {
    this.options.bucket.slowDown(this.options.clock.now());
  }

  accepted(): void {
    this.options.bucket.speedUp(this.options.clock.now());
  }

  /** Serves who waits, in order, as long as there are tokens. */
  private serve(): void {
    const { bucket, clock } = this.options;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    for (let next = this.line.next(); next !== undefined; next = this.line.next()) {
      if (!bucket.take(clock.now())) {
        const untilNextMs = Math.max(1, bucket.timeUntilMs(1, clock.now()));
        this.cancelTimer = clock.setTimer(() => this.serve(), untilNextMs);
        return;
      }
      this.line.serve(next);
      next.serve?.();
    }
  }

  private waitMsOf(ticket: Ticket): number {
    return this.timeUntilTurn(this.line.ahead(ticket));
  }

  private timeUntilTurn(ahead: number): number {
    const { bucket, clock } = this.options;
    return bucket.timeUntilMs(ahead + 1, clock.now());
  }

  /** Tells a caller when to come back, for which its place is kept if it has a name. */
  private sendAway(ticket: Ticket): CloudError {
    const { action, clock, maxWaitMs } = this.options;
    const ahead = this.line.ahead(ticket);
    const waitMs = this.timeUntilTurn(ahead);
    const soonMs = Math.max(shortestReturnMs, waitMs - Math.floor(maxWaitMs / 2));
    const retryAfterMs = Math.min(longestReturnMs, soonMs);
    ticket.forgetAtMs = clock.now() + retryAfterMs + keepPlaceMs;
    if (ticket.place === undefined) this.line.leave(ticket);
    return new CloudError({
      kind: 'Throttled',
      action,
      code: 'CallBudgetSpent',
      message: turnWords(action, { ahead, waitMs }),
      retryAfterMs,
    });
  }
}
