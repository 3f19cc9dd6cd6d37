import { CloudError, type CloudErrorKind } from '../../plan/cloud.ts';
import { abortedBy } from './aborted.ts';
import { CredentialsFailure } from '../accounts/credentials-failure.ts';
import { describeDenial, stableText } from './error-text.ts';
import { codeOfName, kindOfCode } from './error-table.ts';

/** The fields that an SDK exception may carry; all optional, because anything can be thrown. */
interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  /** AWS's code on the wire; for network errors of Node, its error code. */
  readonly Code?: unknown;
  readonly code?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

/**
 * Turns whatever the SDK threw into a `CloudError` with a message that stays the same from one
 * attempt to the next.
 * @param action IAM's name of the call, such as `ec2:CreateVpcEndpoint`.
 * @param signal The call's own signal: a call that fails after it fired was cut off by us.
 */
export function toCloudError(action: string, error: unknown, signal?: AbortSignal): CloudError {
  if (error instanceof CloudError) return error;
  if (signal?.aborted === true) return abortedBy(action);
  if (error instanceof CredentialsFailure) return credentialsError(action, error);
  const thrown: Thrown = typeof error === 'object' && error !== null ? error : {};
  const status = thrown.$metadata?.httpStatusCode;
  const httpStatus = typeof status === 'number' ? status : undefined;
  const isAnswer = thrown.$fault !== undefined && httpStatus !== undefined;
  // AWS always says a code: a page of a proxy, which may be well-formed, has none.
  if (isAnswer && wireCode(thrown) !== 'Unknown') return answeredError(action, thrown, httpStatus);
  return noAnswerError(action, thrown, httpStatus);
}

/**
 * The error of one item in the `Unsuccessful` list of an answer that is a success as a whole.
 *
 * @param doneFor ids of the items that are not in the list @default none
 */
export function itemError(
  action: string,
  code: string,
  message: string,
  doneFor: readonly string[] = [],
): CloudError {
  return refusal(action, code, message, undefined, doneFor);
}

function answeredError(action: string, thrown: Thrown, httpStatus: number): CloudError {
  return refusal(action, wireCode(thrown), textOf(thrown.message), httpStatus);
}

function refusal(
  action: string,
  code: string,
  message: string,
  httpStatus: number | undefined,
  doneFor: readonly string[] = [],
): CloudError {
  const kind = kindOfCode(code, message, httpStatus);
  const text = stableText(message);
  return new CloudError({
    kind,
    action,
    code,
    text,
    message: describe({ kind, action, code, text }),
    doneFor,
  });
}

/** EC2's codes are the names of the SDK's errors; IAM's and STS's get a suffix and a `Code`. */
function wireCode(thrown: Thrown): string {
  if (typeof thrown.Code === 'string' && thrown.Code !== '') return thrown.Code;
  const name = typeof thrown.name === 'string' ? thrown.name : '';
  return name === '' || name === 'Error' ? 'Unknown' : codeOfName(name);
}

function noAnswerError(action: string, thrown: Thrown, httpStatus: number | undefined): CloudError {
  const code = noAnswerCode(thrown, httpStatus);
  if (code === undefined) {
    const message = `${action} failed: ${stableText(textOf(thrown.message))}`;
    return new CloudError({ kind: 'Unknown', action, code: 'Unknown', message });
  }
  return new CloudError({
    kind: 'Unavailable',
    action,
    code: 'NoAnswer',
    message: `${action} got no answer (${code})`,
  });
}

/** Codes of Node's network and TLS errors. */
const networkCode = /\b(E[A-Z]{2,}_?[A-Z]*|[A-Z_]*(CERT|SSL|TLS)[A-Z_]*)\b/;

/** In words, why there was no answer of AWS; undefined when the error is of another sort. */
function noAnswerCode(thrown: Thrown, httpStatus: number | undefined): string | undefined {
  if (httpStatus === 407) return 'HTTP 407: the proxy asks for credentials, see HTTPS_PROXY';
  if (httpStatus !== undefined) return `an HTTP ${httpStatus} that is not AWS's`;
  if (thrown.code === 'ERR_INVALID_URL')
    return 'its address is no URL of http or https, see AWS_ENDPOINT_URL';
  const code = networkCode.exec(textOf(thrown.code))?.[0];
  if (code !== undefined) return code;
  if (thrown.name === 'TimeoutError') return 'time-out';
  // The SDK wraps errors that are not of its own realm and keeps nothing but their text.
  const text = textOf(thrown.message);
  if (!text.startsWith('AWS SDK error wrapper')) return undefined;
  return (
    networkCode.exec(text)?.[0] ?? (text.includes('socket hang up') ? 'ECONNRESET' : undefined)
  );
}

function credentialsError(action: string, failure: CredentialsFailure): CloudError {
  const cause = toCloudError(failure.step, failure.cause);
  const passing: readonly CloudErrorKind[] = ['Unavailable', 'Throttled'];
  const kind = passing.includes(cause.kind) ? cause.kind : 'Credentials';
  const why = cause.code === 'Unknown' ? stableText(failure.message) : cause.message;
  return new CloudError({
    kind,
    action,
    code: cause.code === 'Unknown' ? 'NoCredentials' : cause.code,
    message: `${action} has no AWS credentials to call with: ${why}`,
    ...(cause.text === undefined ? {} : { text: cause.text }),
    ...(cause.retryAfterMs === undefined ? {} : { retryAfterMs: cause.retryAfterMs }),
  });
}

function describe(error: {
  readonly kind: CloudErrorKind;
  readonly action: string;
  readonly code: string;
  readonly text: string;
}): string {
  const { kind, action, code, text } = error;
  if (kind === 'Denied') return describeDenial(action, text);
  return text === '' ? `${action} failed: ${code}` : `${action} failed: ${code}: ${text}`;
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : '';
}
