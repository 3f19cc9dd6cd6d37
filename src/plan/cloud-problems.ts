import type { Reason } from '../api/conditions.ts';
import type { CloudError, CloudErrorKind } from './cloud.ts';
import type { Problem, Subject } from './findings.ts';

interface Meaning {
  readonly reason: Reason;
  readonly severity: Problem['severity'];
  /** What to do, appended to AWS's own words. */
  readonly advice: string;
}

/** What each kind of failure means to the user. One row per kind. */
const meanings: Readonly<Record<CloudErrorKind, Meaning>> = {
  NotFound: {
    reason: 'Progressing',
    severity: 'retry',
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
    advice: 'Give the operator an IAM role (IRSA or EKS Pod Identity).',
  },
  InUse: {
    reason: 'ResourceInUse',
    severity: 'retry',
    advice: 'Tried again until nothing uses it.',
  },
  InTransition: { reason: 'Progressing', severity: 'retry', advice: 'Tried again soon.' },
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
  Aborted: { reason: 'Progressing', severity: 'retry', advice: 'Tried again.' },
  Unknown: { reason: 'AWSError', severity: 'retry', advice: 'Tried again.' },
};

/** The problem that a failed call is for the condition it concerns. */
export function problemFromError(error: CloudError, subject: Subject): Problem {
  const { reason, severity, advice } = meanings[error.kind];
  return { subject, reason, severity, message: `${sentence(error.message)} ${advice}` };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
