import type { Action, ResultOf } from './actions.ts';
import type { CloudError } from './cloud-error.ts';
import type { OwnHoldings } from './facts.ts';
import type { AnswerTo, Look, OwnerIdentity } from './looks.ts';
import type { Claim, Urgency } from './urgency.ts';

export { CloudError, type CloudErrorKind } from './cloud-error.ts';

/** How fresh an answer has to be and when to give up. */
export interface LookOptions {
  /**
   * Oldest acceptable time at which the read that answers was begun, in milliseconds of the
   * cloud's `now()`. An answer that was begun later, for another link, is good enough.
   */
  readonly since: number;
  readonly signal: AbortSignal;
}

/** How a change is made. */
export interface ApplyOptions {
  readonly signal: AbortSignal;
  /** Where the call stands among those that wait. @default as urgent as a user's change */
  readonly claim?: Claim | undefined;
}

/** The world that is asked, or that is changed: each has a port of its own. */
export type Target = 'AWS';

/** The way to one world, for the looks and actions that are for it. */
export interface Port {
  /** Answers one question. Throws `CloudError`. */
  look<L extends Look>(look: L, options: LookOptions): Promise<AnswerTo<L>>;
  /** Makes one change. Throws `CloudError`. Repeating an action that took effect does no harm. */
  apply<A extends Action>(action: A, options: ApplyOptions): Promise<ResultOf<A>>;
}

/** The ways that a pass has. */
export type Ports = { readonly [T in Target]: Port };

/** A look at all that links own that is to come. Times of the cloud's `now()`. */
export interface ExpectedSweep {
  /** Oldest acceptable time at which the read that answers was begun. */
  readonly from: number;
  /** When it will be asked for. */
  readonly until: number;
}

/** How a wait for AWS ended: it shows something new, or it could not be asked. */
export type PendingEnd = 'changed' | 'unknown';

/**
 * One AWS account and region, as the reconciler sees it: the port between the pure core and the AWS
 * layer. The tests' model implements it too.
 */
export interface Cloud extends Port {
  /** ARN of the role that is taken on for the account; absent where the own identity works. */
  readonly role?: string;
  /**
   * Calls back once: when AWS shows something new of endpoints that it works on, or could not be
   * asked (`unknown`). Returns how to stop. Absent where nobody looks but passes.
   */
  whenChanged?(endpointIds: readonly string[], onEnd: (end: PendingEnd) => void): () => void;
  /**
   * The error that a change would get now whose call was held back for the call budget, without a
   * call: its new place in the line, which is kept on. Undefined if its turn is near, or unknown.
   *
   * @param urgency of the caller now: a place gets better with it, and never worse
   */
  stillWaits?(action: Action, former: CloudError, urgency: Urgency): CloudError | undefined;
  /**
   * Says that these will be asked soon: the next reads of their kinds take them along, where a read can
   * answer many. A hint: nothing is asked because of it.
   */
  expect?(looks: readonly Look[]): void;
  /**
   * Says that all that links own will be asked for at a time, and from when on the read that answers may
   * have begun; times of `now()`. A hint: a read that comes before may take the question along.
   */
  expectSweep?(expected: ExpectedSweep): void;
  /**
   * The resources that a link owns by a read that was made in any case, without a call: the last one, if
   * it began at `since` or later. Undefined if it did not.
   */
  knownHoldings?(owner: OwnerIdentity, since: number): OwnHoldings | undefined;
  /** A monotonic clock in milliseconds, the one `LookOptions.since` is measured by. */
  now(): number;
}
