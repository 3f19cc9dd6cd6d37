/** The API server as one process reaches it: a client whose requests pass the boundary. */
import type { CallOptions } from '../../src/kubernetes/api-calls.ts';
import type { ApiClient } from '../../src/kubernetes/client/api-client.ts';
import { ApiConnectionError, ApiStatusError } from '../../src/kubernetes/client/api-error.ts';
import type { ApiRequest } from '../../src/kubernetes/client/api-request.ts';
import { keyOf } from '../../src/kubernetes/client/object.ts';
import { createResourceClient } from '../../src/kubernetes/client/resource-client.ts';
import type { Boundary, Crossing, Refusal } from '../boundary.ts';
import type { StreamFault } from '../faults.ts';
import { plantedSecrets } from '../planted-secrets.ts';
import type { ProcessLife } from '../process-life.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { type Collection, Refused, type StoredObject } from './api-server.ts';
import { eventLines } from './event-lines.ts';
import { selectionOf } from './selection.ts';

export interface ConnectionOptions {
  readonly life: ProcessLife;
  readonly boundary: Boundary;
  readonly time: VirtualTime;
  /** By plural. */
  readonly collections: Readonly<Record<string, Collection>>;
  /** Answers of discovery by group and version, '' for the groups. @default none is asked for */
  readonly discovery?: (groupVersion: string) => object | undefined;
  /** How the server ends each watch that is open. */
  readonly watches: Set<() => void>;
}

/**
 * Answers are what the wire would carry: copies, and errors of the client's own classes. There is
 * no retry here, so that every fault reaches the operator.
 */
export function createConnection(options: ConnectionOptions): ApiClient {
  const client: ApiClient = {
    resource: (type) => createResourceClient(client, type),
    request: async <R>(request: ApiRequest, call: CallOptions) => {
      call.signal.throwIfAborted();
      return (await cross(options, request)) as R;
    },
    stream: (request, call) => openWatch(options, request, call) as never,
    close: async () => undefined,
  };
  return client;
}

const discoveryForm = /^\/apis(?:\/([^/]+\/[^/]+))?$/;

/** A read of the kinds that the server serves. */
function discover({ life, boundary, discovery }: ConnectionOptions, request: ApiRequest) {
  const [, groupVersion = ''] = discoveryForm.exec(request.path) ?? [];
  return boundary.cross<unknown>(life, {
    to: 'kubernetes',
    name: 'get apis',
    isRead: true,
    timeLimitMs: 12_000,
    async perform() {
      const answer = discovery?.(groupVersion);
      if (answer !== undefined) return answer;
      const { code, status } = new Refused(404, 'NotFound', 'the server has no such group');
      throw statusError(request, code, status);
    },
    refuse: (kind) => refuse(request, kind),
  });
}

/** This server publishes none, as one may: nothing that happens depends on it, so it is not failed either. */
async function publishedSchema(request: ApiRequest): Promise<never> {
  const { code, status } = new Refused(404, 'NotFound', 'the server publishes no schema');
  throw statusError(request, code, status);
}

function cross(options: ConnectionOptions, request: ApiRequest) {
  if (request.path.startsWith('/openapi/')) return publishedSchema(request);
  if (discoveryForm.test(request.path)) return discover(options, request);
  const { life, boundary, collections } = options;
  const target = targetOf(collections, request);
  const crossing: Crossing<unknown> = {
    to: 'kubernetes',
    name: `${request.verb} ${target.plural}${target.part === 'status' ? '/status' : ''}`,
    isRead: ['get', 'list', 'watch'].includes(request.verb),
    timeLimitMs: 12_000,
    async perform(how) {
      await Promise.resolve();
      try {
        const answer = run(request, target, how === 'stale');
        return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        throw statusError(request, error.code, error.status);
      }
    },
    refuse: (kind) => refuse(request, kind),
  };
  return boundary.cross(life, crossing);
}

interface Target {
  readonly collection: Collection;
  readonly plural: string;
  readonly namespace: string | undefined;
  /** The name, or `namespace/name`. */
  readonly key: string;
  readonly part: 'object' | 'status';
}

const pathForm =
  /^(?:\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(\/status)?$/;

function targetOf(collections: ConnectionOptions['collections'], { path }: ApiRequest): Target {
  const [, namespace, plural = '', name = '', status] = pathForm.exec(path) ?? [];
  const collection = collections[plural];
  if (collection === undefined) throw new Error(`the API server has no ${path}`);
  const part = status === undefined ? 'object' : 'status';
  const key = keyOf({
    name: decodeURIComponent(name),
    ...(namespace === undefined ? {} : { namespace }),
  });
  return { collection, plural, namespace, key, part };
}

function run(request: ApiRequest, target: Target, stale: boolean): unknown {
  const { verb, body } = request;
  const { collection, key, part, namespace } = target;
  switch (verb) {
    case 'get':
      return stale ? collection.getBefore(key) : collection.get(key);
    case 'list': {
      const now = { items: collection.list(), resourceVersion: collection.resourceVersion };
      const { items, resourceVersion } = stale ? collection.listBefore() : now;
      const { takes, shows } = selectionOf(request, namespace);
      return { items: items.filter(takes).map(shows), metadata: { resourceVersion } };
    }
    case 'create':
      return collection.create(body as object);
    case 'update':
      return collection.replace(key, body as StoredObject, part);
    case 'patch':
      return patch(request, target);
    case 'delete': {
      const { preconditions } = body as {
        preconditions?: { uid?: string; resourceVersion?: string };
      };
      collection.delete(key, preconditions);
      return {};
    }
    default:
      throw new Error(`the operator does not ${verb}`);
  }
}

function patch({ body, contentType, query = {} }: ApiRequest, target: Target): StoredObject {
  const { collection, key, part } = target;
  if (contentType !== 'application/apply-patch+yaml') {
    return collection.patch(key, body as object, part);
  }
  const { fieldManager: manager = '', force } = query;
  return collection.apply(key, body as object, { manager, force: force === 'true' });
}

function statusError(request: ApiRequest, code: number, status: Refused['status']): ApiStatusError {
  const { verb, path } = request;
  return new ApiStatusError({ verb, path, code, status });
}

function refuse(request: ApiRequest, kind: Refusal): never {
  const { verb, path } = request;
  const detail = `the connection broke: ${plantedSecrets.bearer}`;
  const refused = (code: number, reason: string): never => {
    const message = `${reason}: ${plantedSecrets.bearer}`;
    throw statusError(request, code, { code, reason, message, details: { name: 'one' } });
  };
  switch (kind) {
    case 'lost':
    case 'garbled':
      throw new ApiConnectionError({ verb, path, code: 'ECONNRESET', detail });
    case 'timeout':
    case 'timeout-after':
      throw new ApiConnectionError({ verb, path, code: 'Timeout', detail });
    case 'throttle':
      return refused(429, 'TooManyRequests');
    case 'deny':
      return refused(403, 'Forbidden');
    case 'conflict':
      return refused(409, 'Conflict');
    case 'error':
    case 'error-after':
      return refused(500, 'InternalError');
    default:
      return kind satisfies never;
  }
}

/** A watch from a resource version: what happened since, and then what happens. */
async function openWatch(
  options: ConnectionOptions,
  request: ApiRequest,
  { signal }: CallOptions,
): Promise<AsyncIterable<Uint8Array>> {
  const { life, boundary, time, collections, watches: open } = options;
  const { collection, plural, namespace } = targetOf(collections, request);
  const selection = selectionOf(request, namespace);
  const since = request.query?.['resourceVersion'] ?? '0';
  const timeoutMs = Number(request.query?.['timeoutSeconds'] ?? '300') * 1000;
  const fault = await boundary.cross<StreamFault | undefined>(life, {
    to: 'kubernetes',
    name: `watch ${plural}`,
    isRead: true,
    timeLimitMs: 12_000,
    perform: async (how) => (how === 'stale' ? undefined : how),
    refuse: (kind) => refuse(request, kind),
  });
  const broken = (): never => refuse(request, 'lost');
  return eventLines({
    collection,
    selection,
    since,
    life,
    time,
    timeoutMs,
    open,
    signal,
    fault,
    broken,
  });
}
