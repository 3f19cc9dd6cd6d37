/**
 * The meaning of AWS's error codes: class, reason, actor and advice. The one place where this is
 * decided; `docs/aws-calls.md` is made from it. Sources: the error codes of the EC2 API
 * reference, the API references of IAM and STS, and for what is documented nowhere
 * (`OperationInProgress`, the texts of `InvalidParameter`) reports of other tools.
 */
import type { CloudErrorKind } from '../cloud.ts';
import { credentialErrors } from './credential-errors.ts';
import { denials } from './denials.ts';
import type { ErrorMeaning, ErrorRow } from './error-row.ts';
import { passingErrors } from './passing-errors.ts';
import { quotaErrors } from './quota-errors.ts';
import { refusals } from './refusals.ts';

/** All rows. */
export const errorRows: readonly ErrorRow[] = [
  ...denials,
  ...credentialErrors,
  ...quotaErrors,
  ...refusals,
  ...passingErrors,
];

/** A failed call, as far as it decides what the failure means. */
export interface Failure {
  /** AWS's code, or a short word of the operator's own. */
  readonly code: string;
  /** AWS's text, or what is left of it. */
  readonly text: string;
  /** Known where the call was classified before: only rows of this class count then. */
  readonly kind?: CloudErrorKind;
}

/** The row for a code; one with a text that fits goes before one without. */
export function rowOf({ code, text, kind }: Failure): ErrorRow | undefined {
  const candidates = errorRows.filter(
    (row) =>
      row.codes.includes(code) &&
      (kind === undefined ? row.forCredentials !== true : row.kind === kind),
  );
  return (
    candidates.find((row) => row.text?.test(text) === true) ??
    candidates.find((row) => row.text === undefined)
  );
}

/** True for a code that the table has. */
export function isKnownCode(code: string): boolean {
  return errorRows.some(({ codes }) => codes.includes(code));
}

/** True for a code by which AWS refuses what a call asks for, whenever it is made. */
export function isRefusedForGood(code: string): boolean {
  const kind = rowOf({ code, text: '' })?.kind;
  return kind === 'Invalid' || kind === 'Conflict';
}

/** The meaning of a classified failure; for a code in no row, the meaning of its class. */
export function meaningOf(failure: Failure & { readonly kind: CloudErrorKind }): ErrorMeaning {
  return rowOf(failure) ?? meaningOfKind(failure.kind);
}

/** Classes that have no row of their own to speak for them. */
const ownMeanings: Partial<Readonly<Record<CloudErrorKind, ErrorMeaning>>> = {
  Aborted: {
    kind: 'Aborted',
    reason: 'Progressing',
    severity: 'wait',
    actor: 'Nobody',
    advice: 'Tried again.',
  },
};

const unknown: ErrorMeaning = {
  kind: 'Unknown',
  reason: 'AWSError',
  severity: 'retry',
  actor: 'Nobody',
  advice: 'Tried again.',
};

/** The plainest code of each class. */
const plainCodes: Partial<Readonly<Record<CloudErrorKind, string>>> = {
  NotFound: 'NoSuchEntity',
  Throttled: 'Throttling',
  Denied: 'AccessDenied',
  Credentials: 'NoCredentials',
  InUse: 'DependencyViolation',
  InTransition: 'OperationInProgress',
  Conflict: 'EntityAlreadyExists',
  Quota: 'LimitExceeded',
  Invalid: 'InvalidParameter',
  Unavailable: 'ServiceUnavailable',
};

function meaningOfKind(kind: CloudErrorKind): ErrorMeaning {
  const code = plainCodes[kind];
  const row = code === undefined ? undefined : rowOf({ code, text: '', kind });
  return row ?? ownMeanings[kind] ?? unknown;
}
