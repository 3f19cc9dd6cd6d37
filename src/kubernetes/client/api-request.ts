import type { IncomingMessage } from 'node:http';
import { ApiConnectionError, ApiStatusError, type StatusBody } from './api-error.ts';
import type { RequestCredentials } from '../credentials/credentials.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { HttpConnections } from './http-connections.ts';
import { onAbort } from '../../runtime/on-abort.ts';
import { textOfStream } from '../../runtime/text-of-stream.ts';

/** Kubernetes' word for what a request does; RBAC and metrics use the same. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

export interface ApiRequest {
  readonly verb: Verb;
  /** Absolute path, already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly contentType?: string;
  /** The forms of the answer that are wanted. @default 'application/json' */
  readonly accept?: string;
}

/** One try of one request, for metrics. */
export interface AttemptReport {
  readonly verb: Verb;
  readonly method: string;
  readonly host: string;
  /** HTTP status code, or `<error>` when there was no answer (client-go's label). */
  readonly code: string;
  readonly seconds: number;
  /** How long the client-side rate limit held the request back. */
  readonly limiterSeconds: number;
}

const methods: Readonly<Record<Verb, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
};

export function methodOf(verb: Verb): string {
  return methods[verb];
}

export interface SendOptions {
  readonly server: string;
  readonly connections: HttpConnections;
  readonly credentials: RequestCredentials;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** An answer of the server whose body has not been read. */
export interface RawResponse {
  readonly statusCode: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: IncomingMessage;
}

/** Sends a request once. Throws what Node throws; see `connectionErrorOf`. */
export async function send(request: ApiRequest, options: SendOptions): Promise<RawResponse> {
  const { server, connections, credentials, userAgent, signal } = options;
  const body = await connections.send({
    url: server + request.path + queryOf(request.query),
    method: methodOf(request.verb),
    headers: {
      accept: request.accept ?? 'application/json',
      'user-agent': userAgent,
      ...credentials.headers,
      ...(request.body === undefined
        ? {}
        : { 'content-type': request.contentType ?? 'application/json' }),
    },
    body: request.body === undefined ? undefined : JSON.stringify(request.body),
    tls: credentials.tls,
    signal,
  });
  return { statusCode: body.statusCode ?? 0, headers: body.headers, body };
}

function queryOf(query: ApiRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Turns an answer of 400 or more into an error; its body is read. */
export async function statusErrorOf(
  request: ApiRequest,
  response: RawResponse,
): Promise<ApiStatusError> {
  const text = await textOfStream(response.body);
  return new ApiStatusError({
    verb: request.verb,
    path: request.path,
    code: response.statusCode,
    status: parseStatus(text),
    retryAfterMs: retryAfterOf(response.headers['retry-after']),
  });
}

function parseStatus(text: string): StatusBody {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as StatusBody;
  } catch {
    // A load balancer answers with HTML, and some of the API server's errors are plain text.
  }
  return { message: text.slice(0, 200) };
}

/** The API server sends whole seconds; the other form, a date, would need a true wall clock. */
function retryAfterOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,6}$/.test(header)) return undefined;
  return Number(header) * 1000;
}

/** Names what went wrong with the connection. Never contains headers or bodies. */
export function connectionErrorOf(
  request: Pick<ApiRequest, 'verb' | 'path'>,
  cause: unknown,
): ApiConnectionError {
  if (cause instanceof ApiConnectionError) return cause;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return new ApiConnectionError({
    verb: request.verb,
    path: request.path,
    code: typeof code === 'string' ? code : 'NoAnswer',
    detail: typeof message === 'string' && message !== '' ? message : 'the connection failed',
    cause,
  });
}

/**
 * Runs `work` with a signal that aborts with the caller's, or after `limitMs` with a Timeout. Not
 * AbortSignal.any: in Node 20 that keeps every derived signal alive as long as the caller's.
 */
export async function withTimeLimit<R>(
  request: ApiRequest,
  limit: { readonly clock: Clock; readonly limitMs: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  limit.signal.throwIfAborted();
  const controller = new AbortController();
  const stopListening = onAbort(limit.signal, () => controller.abort(limit.signal.reason));
  const cancel = limit.clock.setTimer(() => {
    const detail = `no answer within ${Math.round(limit.limitMs)} ms`;
    const { verb, path } = request;
    controller.abort(new ApiConnectionError({ verb, path, code: 'Timeout', detail }));
  }, limit.limitMs);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    throw error;
  } finally {
    cancel();
    stopListening();
  }
}
