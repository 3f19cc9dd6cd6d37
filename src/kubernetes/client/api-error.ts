import { scrub } from '../../telemetry/redaction.ts';

/** The body of a failed request, `meta/v1` `Status`. */
export interface StatusBody {
  readonly kind?: string;
  readonly status?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly metadata?: { readonly continue?: string };
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { reason?: string; message?: string; field?: string }[];
  };
}

/** The API server answered, and said no. */
export class ApiStatusError extends Error {
  /** HTTP status code. */
  readonly code: number;
  /** `Status.reason`, such as `Conflict`; '' when the body was no `Status`. */
  readonly reason: string;
  readonly status: StatusBody;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(fields: {
    verb: string;
    path: string;
    code: number;
    status: StatusBody;
    retryAfterMs?: number | undefined;
  }) {
    const text = fields.status.message ?? fields.status.reason ?? 'no message';
    super(scrub(`Kubernetes API: ${fields.verb} ${fields.path}: ${fields.code}: ${text}`));
    this.name = 'ApiStatusError';
    this.code = fields.code;
    this.reason = fields.status.reason ?? '';
    this.status = fields.status;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** No answer from the API server, or none in time: the request may or may not have taken effect. */
export class ApiConnectionError extends Error {
  /** Code of the system or of Node, such as `ECONNRESET`; `Timeout` for our own deadlines. */
  readonly code: string;
  /** True when the request certainly did not reach the server. */
  readonly notSent: boolean;

  constructor(fields: {
    verb: string;
    path: string;
    code: string;
    detail: string;
    cause?: unknown;
  }) {
    super(
      scrub(`Kubernetes API: ${fields.verb} ${fields.path}: ${fields.code}: ${fields.detail}`),
      fields.cause === undefined ? {} : { cause: fields.cause },
    );
    this.name = 'ApiConnectionError';
    this.code = fields.code;
    this.notSent = codesBeforeSending.has(fields.code);
  }
}

/** Code of an `ApiConnectionError`: the answer was longer than the caller would read. */
export const bodyTooLong = 'BodyTooLong';

export function isBodyTooLong(error: unknown): error is ApiConnectionError {
  return error instanceof ApiConnectionError && error.code === bodyTooLong;
}

/** Code of an `ApiConnectionError`: the connection took too long to make. */
export const connectTimeout = 'ConnectTimeout';

const codesBeforeSending: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  connectTimeout,
]);

function hasCode(error: unknown, code: number): error is ApiStatusError {
  return error instanceof ApiStatusError && error.code === code;
}

/** 404: the object is not there, or the resource (its CRD) is not; see `isResourceMissing`. */
export function isNotFound(error: unknown): error is ApiStatusError {
  return hasCode(error, 404);
}

/** A 404 for a whole collection means that the kind is not installed. */
export function isResourceMissing(error: unknown): error is ApiStatusError {
  return isNotFound(error) && error.status.details?.name === undefined;
}

/** 409 because of another write; 409 `AlreadyExists` is not meant. */
export function isConflict(error: unknown): error is ApiStatusError {
  return hasCode(error, 409) && error.reason !== 'AlreadyExists';
}

export function isAlreadyExists(error: unknown): error is ApiStatusError {
  return hasCode(error, 409) && error.reason === 'AlreadyExists';
}

/** 410: a resource version or a continue token is too old. */
export function isGone(error: unknown): error is ApiStatusError {
  return hasCode(error, 410);
}

export function isForbidden(error: unknown): error is ApiStatusError {
  return hasCode(error, 403);
}

export function isUnauthorized(error: unknown): error is ApiStatusError {
  return hasCode(error, 401);
}

/** 422: the object does not satisfy its schema or its CEL rules, or an immutable field changed. */
export function isInvalid(error: unknown): error is ApiStatusError {
  return hasCode(error, 422);
}

export function isTooManyRequests(error: unknown): error is ApiStatusError {
  return hasCode(error, 429);
}

/**
 * The server does not know the resource version yet, for example after a restore of etcd from an
 * older backup: only a new list helps.
 */
export function isResourceVersionTooLarge(error: unknown): error is ApiStatusError {
  if (!(error instanceof ApiStatusError)) return false;
  const causes = error.status.details?.causes ?? [];
  return causes.some((cause) => cause.reason === 'ResourceVersionTooLarge');
}
