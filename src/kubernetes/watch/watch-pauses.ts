import type { Clock, Random } from '../../runtime/clock.ts';
import { type BackoffOptions, backoffMs } from '../client/backoff.ts';
import { isMendedByPeople, retryAfterOf, type WatchProblem } from './watch-problem.ts';

export interface WatchPauseTiming {
  readonly backoff: BackoffOptions;
  /**
   * Pause while the CRD or a permission is missing, once that has lasted for as long: an API server
   * that has just started denies what it has not read its rules for yet, for some seconds.
   */
  readonly resolvedByPeopleMs: number;
}

/** How long a watch pauses before it connects again. */
export class WatchPauses {
  private readonly timing: WatchPauseTiming;
  private readonly clock: Pick<Clock, 'now'>;
  private readonly random: Random;
  /** Connections in a row that were not stable. */
  private failures = 0;
  /** Since when every answer has been a refusal that people have to resolve. */
  private refusedSince: number | undefined;

  constructor(timing: WatchPauseTiming, clock: Pick<Clock, 'now'>, random: Random) {
    this.timing = timing;
    this.clock = clock;
    this.random = random;
  }

  /** The server answered as it should. */
  noteContact(): void {
    this.refusedSince = undefined;
  }

  /** A connection was stable or of use: the backoff begins anew. */
  noteSuccess(): void {
    this.failures = 0;
  }

  /** In ms, after a watch that ended in good order and too early. */
  afterEarlyEnd(): number {
    this.failures += 1;
    return backoffMs(this.timing.backoff, this.failures, this.random);
  }

  /** In ms, after a watch that did its duty. */
  afterFullLife(): number {
    this.failures = 0;
    return this.random() * this.timing.backoff.firstMs;
  }

  /** In ms, after a failed list or watch. */
  afterFailure(problem: WatchProblem, error: unknown): number {
    const leastMs = this.leastAfter(problem);
    return Math.max(this.afterEarlyEnd(), leastMs, retryAfterOf(error));
  }

  /** The backoff begins anew when a server that was away is there again and refuses. */
  private leastAfter(problem: WatchProblem): number {
    if (!isMendedByPeople(problem.kind)) {
      this.refusedSince = undefined;
      return 0;
    }
    if (this.refusedSince === undefined) {
      this.refusedSince = this.clock.now();
      this.failures = 0;
    }
    const { resolvedByPeopleMs } = this.timing;
    const hasLasted = this.clock.now() - this.refusedSince >= resolvedByPeopleMs;
    return hasLasted ? resolvedByPeopleMs * (1 - this.random() / 2) : 0;
  }
}
