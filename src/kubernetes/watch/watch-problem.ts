import {
  ApiConnectionError,
  ApiStatusError,
  isForbidden,
  isGone,
  isNotFound,
  isResourceVersionTooLarge,
  isTooManyRequests,
  isUnauthorized,
} from '../client/api-error.ts';

/** Kinds of failures, by what they mean for the watch. */
export const watchProblemKinds = [
  /** The kind is not installed in the cluster: its CRD is missing. */
  'NotInstalled',
  /** RBAC refuses. */
  'Forbidden',
  /** The credentials are refused. */
  'Unauthorized',
  /** The place in the history that the watch wanted is gone: a full list is due. Normal. */
  'Expired',
  /** The server asks to slow down. */
  'Throttled',
  /** The server answered with some other error. */
  'Refused',
  /** No answer, a broken connection, or silence. */
  'Unreachable',
] as const;

export type WatchProblemKind = (typeof watchProblemKinds)[number];

/** Why the watch does not work at the moment. */
export interface WatchProblem {
  readonly kind: WatchProblemKind;
  /** The problem and its remedy. */
  readonly message: string;
}

/** Classifies a failure of a list or a watch of `resource` (such as `leases`). */
export function watchProblemOf(resource: string, error: unknown): WatchProblem {
  const kind = kindOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  return { kind, message: `${adviceOf(kind, resource)}: ${detail}` };
}

function kindOf(error: unknown): WatchProblemKind {
  if (!(error instanceof ApiStatusError)) return 'Unreachable';
  if (isGone(error) || isResourceVersionTooLarge(error)) return 'Expired';
  if (isNotFound(error)) return 'NotInstalled';
  if (isForbidden(error)) return 'Forbidden';
  if (isUnauthorized(error)) return 'Unauthorized';
  if (isTooManyRequests(error)) return 'Throttled';
  return 'Refused';
}

function adviceOf(kind: WatchProblemKind, resource: string): string {
  switch (kind) {
    case 'NotInstalled':
      return `the resource ${resource} is not installed; apply its CustomResourceDefinition`;
    case 'Forbidden':
      return `not allowed to list and watch ${resource}; bind the operator's ClusterRole`;
    case 'Unauthorized':
      return 'the API server does not accept the credentials; check the service account token';
    case 'Expired':
      return `the history of ${resource} has moved on; listing again`;
    case 'Throttled':
      return 'the API server asks to slow down';
    case 'Refused':
      return `the API server cannot serve ${resource} now`;
    case 'Unreachable':
      return 'no connection to the API server';
    default:
      return kind satisfies never;
  }
}

/** The code of an `ApiConnectionError` for a watch that said nothing for too long. */
export const silent = 'Silent';

/** Whether a watch ended because it said nothing: nobody knows what it would have had to say. */
export function isSilence(error: unknown): boolean {
  return error instanceof ApiConnectionError && error.code === silent;
}

/** Whether soon is pointless: only a person, or a rollout in progress, can resolve it. */
export function isMendedByPeople(kind: WatchProblemKind): boolean {
  return kind === 'NotInstalled' || kind === 'Forbidden' || kind === 'Unauthorized';
}

/** Above this a `Retry-After` is a mistake, and obeying it would look like a watch that is stuck. */
const longestRetryAfterMs = 120_000;

/** How long the server asked to wait. */
export function retryAfterOf(error: unknown): number {
  const waitMs = error instanceof ApiStatusError ? error.retryAfterMs : undefined;
  return Math.min(waitMs ?? 0, longestRetryAfterMs);
}
