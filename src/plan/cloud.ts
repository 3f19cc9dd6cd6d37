import type { Action, ResultOf } from './actions.ts';
import type { AnswerTo, Look } from './looks.ts';
import type { Claim, Urgency } from './urgency.ts';

/** The meaning of a failed call for the operator. Decided in one table, by AWS's error code. */
export type CloudErrorKind =
  /** The thing is not there (any more). */
  | 'NotFound'
  /** AWS asks to slow down; nothing happened. */
  | 'Throttled'
  /** IAM or an organization's policy refuses the call. */
  | 'Denied'
  /** No credentials, or ones that AWS does not accept. */
  | 'Credentials'
  /** Something else still uses the thing. */
  | 'InUse'
  /** A change of the same thing is in flight; ask again soon. */
  | 'InTransition'
  /** A name or a private DNS name is taken by something else. */
  | 'Conflict'
  /** A quota of the account is used up. */
  | 'Quota'
  /** AWS refuses the parameters; only a change of the spec or of the VPC helps. */
  | 'Invalid'
  /** No answer, or a 5xx: the call may or may not have taken effect. */
  | 'Unavailable'
  /** The call was cut off by our own shutdown or deadline. */
  | 'Aborted'
  /** Any code that the table does not know. */
  | 'Unknown';

/** A failed call to AWS. Its message is stable: no request id, no timestamp, no secret. */
export class CloudError extends Error {
  readonly kind: CloudErrorKind;
  /** IAM's name of the call, such as `ec2:CreateVpcEndpoint`. */
  readonly action: string;
  /** AWS's error code as on the wire, or a short word of ours (`NoAnswer`). */
  readonly code: string;
  /**
   * AWS's own words as far as they are stable; undefined where the message has all there is. With
   * the code they choose the row of the table of errors.
   */
  readonly text: string | undefined;
  /** With `Throttled`: when to repeat the call at the earliest, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;
  /** Ids of resources for which the call took effect, although AWS refused it for others. */
  readonly doneFor: readonly string[];

  constructor(fields: {
    kind: CloudErrorKind;
    action: string;
    code: string;
    message: string;
    text?: string;
    retryAfterMs?: number;
    doneFor?: readonly string[];
  }) {
    super(fields.message);
    this.name = 'CloudError';
    this.kind = fields.kind;
    this.action = fields.action;
    this.code = fields.code;
    this.text = fields.text;
    this.retryAfterMs = fields.retryAfterMs;
    this.doneFor = fields.doneFor ?? [];
  }
}

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
  /** A monotonic clock in milliseconds, the one `LookOptions.since` is measured by. */
  now(): number;
}
