/** A call to AWS that failed. */

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
