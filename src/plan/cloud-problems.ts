import { meaningOf } from './aws-errors/error-table.ts';
import { filledAdvice } from './aws-errors/filled-advice.ts';
import { type QuotaPlace, quotaWords } from './aws-errors/service-quotas.ts';
import type { CloudError } from './cloud.ts';
import type { Problem, Subject, Wait } from './findings.ts';

/** A failed call, with the condition it concerns and where it was made. */
export interface FailedCall extends QuotaPlace {
  readonly error: CloudError;
  readonly subject: Subject;
  /** Whether the link is being deleted. @default false */
  readonly deleting?: boolean;
}

/** A failed call as a finding of the condition that it concerns: a problem or a wait. */
export function findingFromError({
  error,
  subject,
  deleting = false,
  ...place
}: FailedCall): { readonly problem: Problem } | { readonly wait: Wait } {
  const { code, kind, text = error.message } = error;
  const { reason, severity, quota, ...meaning } = meaningOf({ code, kind, text });
  const advised = (deleting ? meaning.adviceOnDeletion : undefined) ?? meaning.advice;
  const advice = filledAdvice(advised, text);
  const about = quota === undefined ? '' : ` ${quotaWords(quota, place)}`;
  const message = `${sentence(error.message)}${about} ${advice}`;
  if (severity === 'wait') return { wait: { subject, reason, message } };
  const { retryAfterMs } = error;
  const pace = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { problem: { subject, reason, severity, message, ...pace } };
}

/** Codes of links whose account is not to be had: AWS is not asked anything for them. */
const accountCodes: readonly string[] = ['UnknownAccount', 'AccountChanged', 'WrongAccount'];

/**
 * The problem of a link whose account is refused before AWS is asked anything.
 * @param going for a link that is being deleted: what it has stays, and so must its finalizer
 */
export function accountRefusal(
  error: CloudError,
  going?: { readonly account: string | undefined; readonly finalizer: string },
): Problem | undefined {
  const found = findingFromError({ error, subject: 'NetworkResolved' });
  if (!accountCodes.includes(error.code) || !('problem' in found)) return undefined;
  if (going === undefined) return found.problem;
  const where = going.account === undefined ? 'AWS' : `AWS account ${going.account}`;
  const message = `${sentence(error.message)} What this link has in ${where} can't be deleted, so its finalizer stays. If nothing is there any more, remove the finalizer ${going.finalizer} by hand.`;
  return { ...found.problem, message };
}

/** The findings of several failed calls. */
export function findingsFromErrors(failures: readonly FailedCall[]): {
  readonly problems: readonly Problem[];
  readonly waits: readonly Wait[];
} {
  const findings = failures.map(findingFromError);
  return {
    problems: findings.flatMap((one) => ('problem' in one ? [one.problem] : [])),
    waits: findings.flatMap((one) => ('wait' in one ? [one.wait] : [])),
  };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
