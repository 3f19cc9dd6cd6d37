import type { Reason } from '../api/conditions.ts';
import type { CloudError, CloudErrorKind } from './cloud.ts';
import type { Problem, Subject, Wait } from './findings.ts';

interface Meaning {
  readonly reason: Reason;
  /** `wait`: it ends by itself, so it is looked at again soon and at a steady pace. */
  readonly severity: Problem['severity'] | 'wait';
  /** What to do, appended to AWS's own words. */
  readonly advice: string;
}

/** What each kind of failure means to the user. One row per kind. */
const meanings: Readonly<Record<CloudErrorKind, Meaning>> = {
  NotFound: {
    reason: 'Progressing',
    severity: 'wait',
    advice: 'AWS does not know it yet or any more; it is looked up again.',
  },
  Throttled: { reason: 'Throttled', severity: 'retry', advice: 'Tried again more slowly.' },
  Denied: {
    reason: 'AccessDenied',
    severity: 'stalled',
    advice: 'Grant the action to the operator (deploy/iam has the policy).',
  },
  Credentials: {
    reason: 'CredentialsInvalid',
    severity: 'stalled',
    advice:
      'Give the operator an IAM role (IRSA or EKS Pod Identity); for a named account, a role there that trusts it.',
  },
  InUse: {
    reason: 'ResourceInUse',
    severity: 'wait',
    advice: 'Tried again until nothing uses it.',
  },
  InTransition: { reason: 'Progressing', severity: 'wait', advice: 'Tried again soon.' },
  Conflict: {
    reason: 'PrivateDNSConflict',
    severity: 'stalled',
    advice: 'Remove the other one, or set privateDNS: false for this endpoint.',
  },
  Quota: {
    reason: 'QuotaExceeded',
    severity: 'stalled',
    advice: 'Ask AWS for a higher quota, or remove what is not needed.',
  },
  Invalid: { reason: 'RefusedByAWS', severity: 'stalled', advice: 'Change the spec or the VPC.' },
  Unavailable: { reason: 'AWSUnreachable', severity: 'retry', advice: 'Tried again.' },
  Aborted: { reason: 'Progressing', severity: 'wait', advice: 'Tried again.' },
  Unknown: { reason: 'AWSError', severity: 'retry', advice: 'Tried again.' },
};

/** Codes that mean more than their kind: the account that a link names is not to be had. */
const meaningsByCode: Readonly<Record<string, Meaning>> = {
  UnknownAccount: {
    reason: 'UnknownAccount',
    severity: 'stalled',
    advice: 'Nothing is looked at or changed until then.',
  },
  AccountChanged: {
    reason: 'AccountChanged',
    severity: 'stalled',
    advice: 'Nothing is looked at or changed until then.',
  },
  WrongAccount: {
    reason: 'WrongAccount',
    severity: 'stalled',
    advice: "Correct the operator's account map.",
  },
};

/** What a failed call is for the condition it concerns: a problem, or something to wait for. */
export function findingFromError(
  error: CloudError,
  subject: Subject,
): { readonly problem: Problem } | { readonly wait: Wait } {
  const byCode = Object.hasOwn(meaningsByCode, error.code) ? meaningsByCode[error.code] : undefined;
  const { reason, severity, advice } = byCode ?? meanings[error.kind];
  const message = `${sentence(error.message)} ${advice}`;
  if (severity === 'wait') return { wait: { subject, reason, message } };
  const { retryAfterMs } = error;
  const pace = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { problem: { subject, reason, severity, message, ...pace } };
}

/**
 * The problem of a link whose account is refused before AWS is asked anything.
 * @param going for a link that is being deleted: what it has stays, and so must its finalizer
 */
export function accountRefusal(
  error: CloudError,
  going?: { readonly account: string | undefined; readonly finalizer: string },
): Problem | undefined {
  const found = findingFromError(error, 'NetworkResolved');
  if (!Object.hasOwn(meaningsByCode, error.code) || !('problem' in found)) return undefined;
  if (going === undefined) return found.problem;
  const where = going.account === undefined ? 'AWS' : `AWS account ${going.account}`;
  const message = `${sentence(error.message)} What this link has in ${where} can't be deleted, so its finalizer stays. If nothing is there any more, remove the finalizer ${going.finalizer} by hand.`;
  return { ...found.problem, message };
}

/** The findings of several failed calls. */
export function findingsFromErrors(
  failures: readonly { readonly error: CloudError; readonly subject: Subject }[],
): { readonly problems: readonly Problem[]; readonly waits: readonly Wait[] } {
  const findings = failures.map(({ error, subject }) => findingFromError(error, subject));
  return {
    problems: findings.flatMap((one) => ('problem' in one ? [one.problem] : [])),
    waits: findings.flatMap((one) => ('wait' in one ? [one.wait] : [])),
  };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
