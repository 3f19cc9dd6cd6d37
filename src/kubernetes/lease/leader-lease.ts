import type { Random } from '../../runtime/clock.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { onAbort } from '../../runtime/on-abort.ts';
import { hedged } from '../client/hedged.ts';
import {
  createLeaseLock,
  type LeaseLock,
  type LeaseLockOptions,
  type LockAttempt,
} from './lease-lock.ts';

export interface LeaderLeaseOptions extends Omit<LeaseLockOptions, 'leaseDurationMs'> {
  readonly random: Random;
  readonly logger: Logger;
  /** Others wait this long after the last renewal that they saw. @default 15000 */
  readonly leaseDurationMs?: number;
  /** We stop acting this long after our last successful renewal began. @default 10000 */
  readonly renewDeadlineMs?: number;
  /** From the beginning of one attempt to the beginning of the next. @default 2000 */
  readonly retryPeriodMs?: number;
  /**
   * Called when leadership begins. The signal aborts before anyone else can lead. A rejection is
   * logged and ends the run: a lease without anybody who works would keep others from working.
   */
  readonly onStarted: (leadership: AbortSignal) => void | Promise<void>;
  /** Called after leadership was lost against our will: the process should exit. */
  readonly onLost: (why: string) => void;
  /** Called with each change, for leader_election_master_status. */
  readonly onStatus?: (isLeader: boolean) => void;
}

/**
 * `released`: given back because the signal aborted. `failed`: given back because the leader's work
 * failed. `lost`: someone else may lead by now.
 */
export type LeaderLeaseEnd = 'released' | 'failed' | 'lost';

/** One candidate for leadership. */
export interface LeaderLease {
  /**
   * Takes part in the election until leadership is lost or the signal aborts. Abort it only when
   * the work has stopped: the lease is given back then, and another may lead at once.
   */
  run(signal: AbortSignal): Promise<LeaderLeaseEnd>;
  isLeader(): boolean;
  /**
   * Whether this process may change the world at this very moment. Ask right before each write: a
   * process that was paused finds out here that its time is over, even before its timers ran.
   */
  mayAct(): boolean;
  /** Tries or renews at once, so that others see what is written with it. */
  hurry(): void;
  /** Of the current term; an aborted one when there is none. */
  readonly leadership: AbortSignal;
}

/** Creates a candidate. Throws for durations that cannot be safe together. */
export function createLeaderLease(options: LeaderLeaseOptions): LeaderLease {
  return new Candidate(options);
}

interface Term {
  readonly controller: AbortController;
  /** Monotonic; moves with each renewal. */
  deadline: number;
  cancelTimer: () => void;
}

class Candidate implements LeaderLease {
  private readonly options: LeaderLeaseOptions;
  private readonly lock: LeaseLock;
  private readonly renewDeadlineMs: number;
  private readonly retryPeriodMs: number;
  /** Aborts when the caller's signal does, or when the leader's work has failed. */
  private readonly stopping = new AbortController();
  private workHasFailed = false;
  private term: Term | undefined;
  private isInHurry = false;
  /** Ends the pause between two attempts. */
  private endPause: () => void = () => undefined;

  constructor(options: LeaderLeaseOptions) {
    const leaseDurationMs = options.leaseDurationMs ?? 15_000;
    this.renewDeadlineMs = options.renewDeadlineMs ?? 10_000;
    this.retryPeriodMs = options.retryPeriodMs ?? 2_000;
    if (leaseDurationMs <= this.renewDeadlineMs || this.renewDeadlineMs <= this.retryPeriodMs) {
      throw new RangeError(
        `leader lease: need duration > renew deadline > retry period, got ${leaseDurationMs}, ` +
          `${this.renewDeadlineMs}, ${this.retryPeriodMs} ms`,
      );
    }
    this.options = options;
    this.lock = createLeaseLock({ ...options, leaseDurationMs });
  }

  get leadership(): AbortSignal {
    return this.term?.controller.signal ?? AbortSignal.abort(new Error('not the leader'));
  }

  isLeader(): boolean {
    return this.term !== undefined && !this.term.controller.signal.aborted;
  }

  hurry(): void {
    this.isInHurry = true;
    this.endPause();
  }

  mayAct(): boolean {
    const { term } = this;
    if (term === undefined || !this.isLeader()) return false;
    if (this.options.clock.now() < term.deadline) return true;
    this.end(term, 'the lease was not renewed in time');
    return false;
  }

  async run(signal: AbortSignal): Promise<LeaderLeaseEnd> {
    this.options.onStatus?.(false);
    const stopListening = onAbort(signal, () => this.stopping.abort(signal.reason));
    if (signal.aborted) this.stopping.abort(signal.reason);
    try {
      while (!this.stopping.signal.aborted) {
        const startedAt = this.options.clock.now();
        this.isInHurry = false;
        await this.attempt();
        const { term } = this;
        if (term?.controller.signal.aborted) return this.lose(term);
        await this.pause(term, startedAt);
        if (term?.controller.signal.aborted) return this.lose(term);
      }
      return await this.giveBack();
    } finally {
      stopListening();
    }
  }

  private async attempt(): Promise<void> {
    // Others would take a renewal for a sign of life of one whose time is over.
    if (this.term !== undefined && !this.mayAct()) return;
    const waking = this.wakingSignal();
    try {
      const result = await this.tryHold(waking.signal);
      if (result.kind === 'held') this.hold(result.since);
      else if (this.term !== undefined) this.end(this.term, `${result.holder} has the lease`);
    } catch (error) {
      if (waking.signal.aborted) return;
      this.options.logger.warn({ err: error }, 'the Lease could not be read or written');
    } finally {
      waking.stopListening();
    }
  }

  /**
   * Waits for the answer as long as it is of use. A connection that is dead without anybody having
   * noticed would take all of this time, so a second try on another one starts halfway.
   */
  private tryHold(signal: AbortSignal): Promise<LockAttempt> {
    const { clock } = this.options;
    const endsAt = this.term?.deadline ?? clock.now() + this.renewDeadlineMs;
    return hedged(
      (trySignal) =>
        this.lock.tryHold({
          signal: trySignal,
          deadlineMs: Math.max(endsAt - clock.now(), 1),
          attempts: 1,
          unlimited: true,
        }),
      { clock, afterMs: (endsAt - clock.now()) / 2, signal },
    );
  }

  private hold(since: number): void {
    const deadline = since + this.renewDeadlineMs;
    const { term } = this;
    if (term === undefined) {
      this.begin(deadline);
      return;
    }
    // An answer that came after the deadline changes nothing: the work was told to stop.
    if (!this.mayAct()) return;
    term.deadline = deadline;
    term.cancelTimer();
    term.cancelTimer = this.deadlineTimer(term);
  }

  private begin(deadline: number): void {
    if (this.options.clock.now() >= deadline) return;
    const term: Term = {
      controller: new AbortController(),
      deadline,
      cancelTimer: () => undefined,
    };
    term.cancelTimer = this.deadlineTimer(term);
    this.term = term;
    const { name: lease, identity } = this.options;
    this.options.logger.info({ lease, identity }, 'the Lease is held');
    this.options.onStatus?.(true);
    void this.start(term);
  }

  private async start(term: Term): Promise<void> {
    try {
      await this.options.onStarted(term.controller.signal);
    } catch (error) {
      if (term.controller.signal.aborted) return;
      this.options.logger.error({ err: error }, 'work of the leader failed');
      this.workHasFailed = true;
      this.stopping.abort(error);
    }
  }

  private deadlineTimer(term: Term): () => void {
    const { clock } = this.options;
    const delayMs = term.deadline - clock.now();
    return clock.setTimer(() => this.end(term, 'the lease was not renewed in time'), delayMs);
  }

  private end(term: Term, why: string): void {
    if (term.controller.signal.aborted) return;
    term.cancelTimer();
    term.controller.abort(new Error(`leadership ended: ${why}`));
    this.options.onStatus?.(false);
  }

  private lose(term: Term): LeaderLeaseEnd {
    const why = (term.controller.signal.reason as Error).message;
    this.options.onLost(why);
    return 'lost';
  }

  private async giveBack(): Promise<LeaderLeaseEnd> {
    const { term } = this;
    if (term !== undefined) {
      if (!this.mayAct()) return this.lose(term);
      this.end(term, this.workHasFailed ? 'its work failed' : 'shutting down');
    }
    try {
      const { signal } = new AbortController();
      const deadlineMs = this.renewDeadlineMs / 2;
      await this.lock.release({ signal, deadlineMs, attempts: 2, unlimited: true });
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the Lease could not be released; it will expire');
    }
    return this.workHasFailed ? 'failed' : 'released';
  }

  /**
   * Waits for the next attempt, or for the end of the term or of the run. Renewals start at a fixed
   * rate: the time that an answer took is part of the pause, or slow answers would eat up the lease.
   */
  private async pause(term: Term | undefined, startedAt: number): Promise<void> {
    if (this.isInHurry) return;
    const { clock, random } = this.options;
    // Candidates spread out, so that they do not all write when a lease expires.
    const pauseMs =
      term === undefined
        ? this.retryPeriodMs * (1 + random() / 5)
        : startedAt + this.retryPeriodMs - clock.now();
    const waking = this.wakingSignal();
    this.endPause = waking.wake;
    try {
      if (pauseMs > 0 && !waking.signal.aborted) await clock.sleep(pauseMs, waking.signal);
    } catch {
      // Woken up: the caller looks why.
    } finally {
      waking.stopListening();
    }
  }

  /** Aborts with the run or with the term, whichever ends first. */
  private wakingSignal(): {
    readonly signal: AbortSignal;
    readonly wake: () => void;
    readonly stopListening: () => void;
  } {
    const waking = new AbortController();
    const { term, stopping } = this;
    const sources = [stopping.signal, ...(term === undefined ? [] : [term.controller.signal])];
    const stops = sources.map((source) => onAbort(source, () => waking.abort(source.reason)));
    for (const source of sources) if (source.aborted) waking.abort(source.reason);
    return {
      signal: waking.signal,
      wake: () => waking.abort(new Error('woken up')),
      stopListening: () => {
        for (const stop of stops) stop();
      },
    };
  }
}
