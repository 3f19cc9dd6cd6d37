import type { ApiRequest, RawResponse } from './client/api-request.ts';

/** How one call of the Kubernetes API is made. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** For the whole call, its retries included. @default 30000 */
  readonly deadlineMs?: number;
  /** 1 means no retry. @default 4 */
  readonly attempts?: number;
  /** In bytes; a longer answer is cut off, and the call fails with the code `BodyTooLong`. */
  readonly longestBody?: number;
  /** Skips the client-side rate limit: for the leader lease, which must not wait behind others. */
  readonly unlimited?: boolean;
}

/** Calls by their paths. Each rejects with `ApiStatusError` or `ApiConnectionError`. */
export interface ApiCalls {
  /** A request; the answer is parsed JSON. */
  request<R>(request: ApiRequest, options: CallOptions): Promise<R>;
  /** Opens a streamed answer. Not retried. The signal also ends the stream. */
  stream(request: ApiRequest, options: CallOptions): Promise<RawResponse['body']>;
}
