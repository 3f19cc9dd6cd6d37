import { type Clock, type Random, systemClock } from '../../runtime/clock.ts';
import { onAbort, untilAborted } from '../../runtime/on-abort.ts';
import { textOfStream } from '../../runtime/text-of-stream.ts';
import type { ApiCalls, CallOptions } from '../api-calls.ts';
import {
  type ApiRequest,
  type AttemptReport,
  connectionErrorOf,
  methodOf,
  type RawResponse,
  send,
  statusErrorOf,
  withTimeLimit,
} from './api-request.ts';
import { ApiConnectionError, ApiStatusError, bodyTooLong, isUnauthorized } from './api-error.ts';
import { type Authentication, createAuthentication } from './authentication.ts';
import type { ClusterCredentials } from '../credentials/credentials.ts';
import { createHttpConnections, type HttpConnections } from './http-connections.ts';
import type { KubernetesObject, ResourceType } from './object.ts';
import type { RateLimit } from '../../runtime/token-bucket.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { type ResourceClient, createResourceClient } from './resource-client.ts';
import { retryDelayMs } from './retry.ts';

/** The Kubernetes API. Every method rejects with `ApiStatusError` or `ApiConnectionError`. */
export interface ApiClient extends ApiCalls {
  /** Typed access to one resource. */
  resource<T extends KubernetesObject>(type: ResourceType): ResourceClient<T>;
  /** Cuts all connections; every call that runs fails. */
  close(): Promise<void>;
}

export interface ApiClientOptions {
  readonly credentials: ClusterCredentials;
  /** @default the clock of this machine */
  readonly clock?: Clock;
  /** @default Math.random */
  readonly random?: Random;
  /** @default 20 requests a second after a burst of 30: controller-runtime's */
  readonly rateLimit?: RateLimit;
  /** Limit of one attempt; a request that hangs is tried again on another connection. @default 12000 */
  readonly attemptTimeoutMs?: number;
  /** @default 'sagemaker-privatelink-operator' */
  readonly userAgent?: string;
  /** Called after each attempt; see `restObserver`. */
  readonly observe?: (report: AttemptReport) => void;
}

interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly limiter: RateLimiter;
  readonly connections: HttpConnections;
  readonly authentication: Authentication;
  readonly server: string;
  readonly host: string;
  readonly attemptTimeoutMs: number;
  readonly userAgent: string;
  readonly observe: (report: AttemptReport) => void;
}

/** Creates a client with one pool of connections. Nothing is sent until the first call. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const clock = options.clock ?? systemClock();
  const parts: Parts = {
    clock,
    random: options.random ?? Math.random,
    limiter: createRateLimiter(options.rateLimit ?? { perSecond: 20, burst: 30 }, clock),
    connections: createHttpConnections(options.credentials, clock),
    authentication: createAuthentication(options.credentials, clock),
    server: options.credentials.server,
    host: new URL(options.credentials.server).host,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 12_000,
    userAgent: options.userAgent ?? 'sagemaker-privatelink-operator',
    observe: options.observe ?? (() => undefined),
  };
  const client: ApiClient = {
    resource: (type) => createResourceClient(client, type),
    request: <R>(request: ApiRequest, call: CallOptions) =>
      retrying(parts, request, call, (limitMs) =>
        withTimeLimit(request, { clock, limitMs, signal: call.signal }, async (signal) => {
          const response = await authenticated(parts, request, call, signal);
          return parseBody<R>(request, await readBody(request, response, call.longestBody));
        }),
      ),
    stream: (request, call) => openStream(parts, request, call),
    close: () => {
      parts.connections.destroy();
      return Promise.resolve();
    },
  };
  return client;
}

async function retrying<R>(
  parts: Parts,
  request: ApiRequest,
  call: CallOptions,
  attempt: (limitMs: number) => Promise<R>,
): Promise<R> {
  const deadline = parts.clock.now() + (call.deadlineMs ?? 30_000);
  const attempts = call.attempts ?? 4;
  for (let failures = 1; ; failures += 1) {
    const remainingMs = Math.max(deadline - parts.clock.now(), 1);
    try {
      return await attempt(Math.min(parts.attemptTimeoutMs, remainingMs));
    } catch (cause) {
      call.signal.throwIfAborted();
      const error = cause instanceof ApiStatusError ? cause : connectionErrorOf(request, cause);
      const delayMs = retryDelayMs(request.verb, error, failures, parts.random);
      if (delayMs === undefined || failures >= attempts) throw error;
      if (parts.clock.now() + delayMs >= deadline) throw error;
      await parts.clock.sleep(delayMs, call.signal);
    }
  }
}

/** Sends once; after a 401, once more with new credentials. Throws for an answer of 400 or more. */
async function authenticated(
  parts: Parts,
  request: ApiRequest,
  call: CallOptions,
  signal: AbortSignal,
): Promise<RawResponse> {
  // An exec plugin that hangs must not hold the call longer than its limit.
  const credentials = await untilAborted(parts.authentication.current(), signal);
  const limiterMs = call.unlimited === true ? 0 : await parts.limiter.take(signal);
  try {
    return await sendOnce(parts, request, credentials, signal, limiterMs);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    const renewed = await untilAborted(parts.authentication.renew(credentials.version), signal);
    if (!renewed) throw error;
    const renewal = await untilAborted(parts.authentication.current(), signal);
    return await sendOnce(parts, request, renewal, signal, 0);
  }
}

async function sendOnce(
  parts: Parts,
  request: ApiRequest,
  credentials: Awaited<ReturnType<Authentication['current']>>,
  signal: AbortSignal,
  limiterMs: number,
): Promise<RawResponse> {
  const startedAt = parts.clock.now();
  let code = '<error>';
  try {
    const { server, userAgent, connections } = parts;
    const response = await send(request, { server, userAgent, connections, credentials, signal });
    code = String(response.statusCode);
    if (response.statusCode >= 400) throw await statusErrorOf(request, response);
    return response;
  } finally {
    parts.observe({
      verb: request.verb,
      method: methodOf(request.verb),
      host: parts.host,
      code,
      seconds: (parts.clock.now() - startedAt) / 1000,
      limiterSeconds: limiterMs / 1000,
    });
  }
}

/**
 * The time limit holds until the headers are there; from then on the caller watches over the
 * stream, and only the caller's signal ends it.
 */
async function openStream(
  parts: Parts,
  request: ApiRequest,
  call: CallOptions,
): Promise<RawResponse['body']> {
  const streaming = new AbortController();
  const letGo = onAbort(call.signal, () => streaming.abort(call.signal.reason));
  const limitMs = call.deadlineMs ?? parts.attemptTimeoutMs;
  const limit = { clock: parts.clock, limitMs, signal: call.signal };
  try {
    const response = await withTimeLimit(request, limit, (opening) => {
      onAbort(opening, () => streaming.abort(opening.reason));
      return authenticated(parts, request, call, streaming.signal);
    });
    response.body.once('close', letGo);
    return response.body;
  } catch (error) {
    letGo();
    call.signal.throwIfAborted();
    throw error instanceof ApiStatusError ? error : connectionErrorOf(request, error);
  }
}

async function readBody(
  request: ApiRequest,
  { body }: RawResponse,
  longest = Number.POSITIVE_INFINITY,
): Promise<string> {
  const text = await textOfStream(body, longest);
  if (text !== undefined) return text;
  const { verb, path } = request;
  const detail = `the answer is longer than ${longest} bytes`;
  throw new ApiConnectionError({ verb, path, code: bodyTooLong, detail });
}

function parseBody<R>(request: ApiRequest, text: string): R {
  try {
    return JSON.parse(text) as R;
  } catch {
    const { verb, path } = request;
    const detail = `the answer is not JSON: ${JSON.stringify(text.slice(0, 100))}`;
    throw new ApiConnectionError({ verb, path, code: 'BadBody', detail });
  }
}
