import { getMaxListeners } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ApiClient, createApiClient } from '../../../../src/kubernetes/client/api-client.ts';
import * as apiError from '../../../../src/kubernetes/client/api-error.ts';
import type { AttemptReport } from '../../../../src/kubernetes/client/api-request.ts';
import type { ClusterCredentials } from '../../../../src/kubernetes/credentials/credentials.ts';
import { fixedCredentials } from '../../../../src/kubernetes/credentials/credentials.ts';
import type { KubernetesObject } from '../../../../src/kubernetes/client/object.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { createInstantClock, type InstantClock } from '../../../time/instant-clock.ts';
import {
  type Answer,
  type LoopbackServer,
  reset,
  sendJson,
  sendStatus,
  startLoopbackServer,
} from '../loopback-server.ts';
import { createSelfSignedCertificate } from '../self-signed-certificate.ts';

const widgets = { group: 'example.com', version: 'v1', plural: 'widgets', namespaced: true };
const call = { signal: new AbortController().signal };
const widget = { metadata: { name: 'w', namespace: 'n', resourceVersion: '7' } };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Setup {
  readonly client: ApiClient;
  readonly server: LoopbackServer;
  readonly clock: InstantClock;
  readonly reports: AttemptReport[];
}

async function setUp(
  answer: Answer,
  options: { credentials?: (url: string) => ClusterCredentials } = {},
): Promise<Setup> {
  const server = await startLoopbackServer(answer);
  const clock = createInstantClock();
  const reports: AttemptReport[] = [];
  const client = createApiClient({
    credentials: (options.credentials ?? fixedCredentials)(server.url),
    clock,
    random: () => 0,
    observe: (report) => reports.push(report),
  });
  closing.push(client.close, server.close);
  return { client, server, clock, reports };
}

/** Answers with each of these in turn; the last one stays. */
function inTurn(...answers: readonly Answer[]): Answer {
  let next = 0;
  return (request, response) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    answer?.(request, response);
  };
}

const ok: Answer = (_request, response) => sendJson(response, 200, widget);
const status =
  (code: number, reason: string, headers?: Record<string, string>): Answer =>
  (_request, response) =>
    sendStatus(response, code, reason, headers);
const broken: Answer = (_request, response) => reset(response);

describe('requests', () => {
  test('go to the paths of the resource', async () => {
    const { client, server } = await setUp(ok);
    const namespaced = client.resource(widgets);
    const cluster = client.resource({
      group: '',
      version: 'v1',
      plural: 'nodes',
      namespaced: false,
    });
    await namespaced.get({ name: 'w', namespace: 'n' }, call);
    await namespaced.create(widget, call);
    await namespaced.replaceStatus(widget, call);
    await namespaced.patch({ name: 'w', namespace: 'n' }, { a: null }, call);
    await namespaced.applyStatus(widget, { ...call, fieldManager: 'me' });
    await namespaced.delete({ name: 'w', namespace: 'n' }, { ...call, uid: 'u1' });
    await cluster.get({ name: 'n1' }, call);
    const seen = server.requests.map(({ method, url }) => `${method} ${url.pathname}${url.search}`);
    expect(seen).toEqual([
      'GET /apis/example.com/v1/namespaces/n/widgets/w',
      'POST /apis/example.com/v1/namespaces/n/widgets',
      'PUT /apis/example.com/v1/namespaces/n/widgets/w/status',
      'PATCH /apis/example.com/v1/namespaces/n/widgets/w',
      'PATCH /apis/example.com/v1/namespaces/n/widgets/w/status?fieldManager=me&force=true',
      'DELETE /apis/example.com/v1/namespaces/n/widgets/w',
      'GET /api/v1/nodes/n1',
    ]);
    const types = server.requests.map(({ headers }) => headers['content-type']);
    expect(types.slice(3, 5)).toEqual([
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ]);
    expect(server.requests[5]?.body).toMatchObject({ preconditions: { uid: 'u1' } });
  });

  test('keep a path prefix of the server, as behind a proxy', async () => {
    const server = await startLoopbackServer(ok);
    const client = createApiClient({ credentials: fixedCredentials(`${server.url}/k8s/c1/`) });
    closing.push(client.close, server.close);
    await client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    expect(server.requests[0]?.url.pathname).toMatch(/^\/k8s\/c1\/apis\/example.com/);
  });

  test('without a namespace where one is needed are a programming error', async () => {
    const { client } = await setUp(ok);
    expect(() => client.resource(widgets).get({ name: 'w' }, call)).toThrow('w has no namespace');
  });
});

describe('errors', () => {
  test.each([
    [404, 'NotFound', 'isNotFound'],
    [409, 'Conflict', 'isConflict'],
    [409, 'AlreadyExists', 'isAlreadyExists'],
    [410, 'Expired', 'isGone'],
    [403, 'Forbidden', 'isForbidden'],
    [422, 'Invalid', 'isInvalid'],
  ] as const)('%d %s is %s and nothing else', async (code, reason, predicate) => {
    const { client, server } = await setUp(status(code, reason));
    const error: unknown = await client
      .resource(widgets)
      .replace(widget, call)
      .catch((caught: unknown) => caught);
    const predicates = ['isNotFound', 'isConflict', 'isAlreadyExists', 'isGone'] as const;
    for (const each of [...predicates, 'isForbidden', 'isInvalid'] as const) {
      expect([each, apiError[each](error)]).toEqual([each, each === predicate]);
    }
    expect(server.requests).toHaveLength(1);
    expect(String(error)).toContain(`${code}: it is ${reason}`);
  });

  test('of a load balancer that answers with HTML are understood', async () => {
    const { client } = await setUp((_request, response) => {
      response.writeHead(403, { 'content-type': 'text/html' });
      response.end('<h1>go away</h1>');
    });
    const getting = client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    await expect(getting).rejects.toThrow('403: <h1>go away</h1>');
  });

  test('never contain the token', async () => {
    const { client } = await setUp(
      (request, response) => {
        const message = `bad header Authorization: ${request.headers.authorization}`;
        sendJson(response, 400, { kind: 'Status', code: 400, message });
      },
      {
        credentials: (url) =>
          fixedCredentials(url, { headers: { authorization: 'Bearer s3cr3t-t0ken' }, tls: {} }),
      },
    );
    const error = await client
      .resource(widgets)
      .get({ name: 'w', namespace: 'n' }, call)
      .catch((caught: unknown) => caught as Error);
    expect(String(error)).toContain('bad header');
    expect(String(error)).not.toContain('s3cr3t');
  });
});

describe('F4: retries', () => {
  test('wait as long as a 429 asks, for any verb', async () => {
    const busy = status(429, 'TooManyRequests', { 'retry-after': '3' });
    const { client, clock, server } = await setUp(inTurn(busy, busy, ok));
    await client.resource(widgets).create(widget, call);
    expect(server.requests).toHaveLength(3);
    for (const pauseMs of clock.slept) expect(pauseMs).toBeGreaterThanOrEqual(3_000);
  });

  test('give up at once when a 429 asks for more time than there is', async () => {
    const { client, server } = await setUp(status(429, 'TooManyRequests', { 'retry-after': '60' }));
    const error: unknown = await client
      .resource(widgets)
      .get({ name: 'w', namespace: 'n' }, call)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 429, retryAfterMs: 60_000 });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['a 500', status(500, 'InternalError')],
    ['a 503', status(503, 'ServiceUnavailable')],
    ['a reset', broken],
    ['half an answer', (_request, response) => response.end('{"metadata":')] as [string, Answer],
  ])('after %s repeat a read and a replace, never a create', async (_name, fault) => {
    const reading = await setUp(inTurn(fault, ok));
    await reading.client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    const replacing = await setUp(inTurn(fault, ok));
    await replacing.client.resource(widgets).replace(widget, call);
    const creating = await setUp(inTurn(fault, ok));
    await expect(creating.client.resource(widgets).create(widget, call)).rejects.toThrow();
    expect([reading, replacing, creating].map(({ server }) => server.requests.length)).toEqual([
      2, 2, 1,
    ]);
  });

  test('grow apart and end', async () => {
    const { client, clock, server } = await setUp(status(500, 'InternalError'));
    const getting = client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    await expect(getting).rejects.toMatchObject({ code: 500 });
    expect(server.requests).toHaveLength(4);
    expect(clock.slept).toEqual([200, 400, 800]);
  });

  test('also for a create when the server was not even reached', async () => {
    const clock = createInstantClock();
    const gone = await startLoopbackServer(ok);
    await gone.close();
    const client = createApiClient({ credentials: fixedCredentials(gone.url), clock });
    closing.push(client.close);
    const error: unknown = await client
      .resource(widgets)
      .create(widget, call)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ECONNREFUSED', notSent: true });
    expect(clock.slept).toHaveLength(3);
  });

  test('after a silence use another connection', async () => {
    const silent: Answer = () => undefined;
    const { client, clock, server } = await setUp(inTurn(silent, ok));
    const getting = client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    await seenRequests(server, 1);
    clock.fireTimer(12_000);
    await getting;
    expect(server.connections).toBeGreaterThanOrEqual(2);
  });
});

async function seenRequests(server: LoopbackServer, count: number): Promise<void> {
  while (server.requests.length < count) await new Promise((resolve) => setImmediate(resolve));
}

describe('a call', () => {
  test('ends with its signal, without an answer', async () => {
    const stopping = new AbortController();
    const { client, server, clock } = await setUp(() => undefined);
    const getting = client
      .resource(widgets)
      .get({ name: 'w', namespace: 'n' }, { signal: stopping.signal });
    await seenRequests(server, 1);
    stopping.abort(new Error('shutting down'));
    await expect(getting).rejects.toThrow('shutting down');
    expect(clock.timers).toEqual([]);
  });

  test('waits for the client-side rate limit, except one that must not', async () => {
    const server = await startLoopbackServer(ok);
    const clock = createInstantClock();
    const credentials = fixedCredentials(server.url);
    const rateLimit = { perSecond: 2, burst: 3 };
    const client = createApiClient({ credentials, clock, rateLimit });
    closing.push(client.close, server.close);
    const get = (options: object) =>
      client.resource(widgets).get({ name: 'w', namespace: 'n' }, { ...call, ...options });
    for (let i = 0; i < 5; i += 1) await get({});
    expect(clock.slept).toEqual([500, 500]);
    await get({ unlimited: true });
    expect(clock.slept).toHaveLength(2);
  });

  test('that runs fails when the client is closed', async () => {
    const { client, server } = await setUp(() => undefined);
    const getting = client
      .resource(widgets)
      .get({ name: 'w', namespace: 'n' }, { ...call, attempts: 1 });
    await seenRequests(server, 1);
    await client.close();
    await expect(getting).rejects.toThrow('the client was closed');
  });

  test('may share its signal with hundreds of others, without a warning from Node', async () => {
    const { client } = await setUp(ok);
    const { signal } = new AbortController();
    await client.resource(widgets).get({ name: 'w', namespace: 'n' }, { signal });
    expect(getMaxListeners(signal)).toBe(1_000);
  });

  test('is reported by verb and code', async () => {
    const { client, reports } = await setUp(inTurn(broken, status(500, 'InternalError'), ok));
    await client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    expect(reports.map(({ verb, method, code }) => [verb, method, code])).toEqual([
      ['get', 'GET', '<error>'],
      ['get', 'GET', '500'],
      ['get', 'GET', '200'],
    ]);
  });
});

test('a stream ends with its signal, and says why', async () => {
  const stopping = new AbortController();
  const { client } = await setUp((_request, response) => {
    response.writeHead(200);
    response.write('begun');
  });
  const request = { verb: 'watch', path: '/it' } as const;
  const body = await client.stream(request, { signal: stopping.signal });
  const chunks = body[Symbol.asyncIterator]();
  expect(String((await chunks.next()).value)).toBe('begun');
  stopping.abort(new Error('shutting down'));
  await expect(chunks.next()).rejects.toThrow('shutting down');
});

describe('lists', () => {
  const pages = (total: number): Answer => {
    return ({ url }, response) => {
      const limit = Number(url.searchParams.get('limit') ?? total);
      const from = Number(url.searchParams.get('continue') ?? 0);
      const items = Array.from({ length: total }, (_, i) => ({ metadata: { name: `w${i}` } }));
      const next = from + limit < total ? { continue: String(from + limit) } : {};
      const metadata = { resourceVersion: '9', ...next };
      sendJson(response, 200, { items: items.slice(from, from + limit), metadata });
    };
  };

  test('are read page by page', async () => {
    const { client, server } = await setUp(pages(1_201));
    const list = await client.resource(widgets).list(call);
    expect(list.items).toHaveLength(1_201);
    expect(list.resourceVersion).toBe('9');
    expect(server.requests.map(({ url }) => url.searchParams.get('continue'))).toEqual([
      null,
      '250',
      '500',
      '750',
      '1000',
    ]);
  });

  test('of large objects are read in pages that are never longer than 8 MB', async () => {
    const objects = Array.from({ length: 60 }, (_, index) => ({
      metadata: { name: `w${index}` },
      // Small ones first: they say nothing about those that follow.
      padding: 'x'.repeat(index < 20 ? 10 : 1_400_000),
    }));
    const limits: number[] = [];
    let longest = 0;
    const { client } = await setUp(({ url }, response) => {
      const [limit, from] = [url.searchParams.get('limit'), url.searchParams.get('continue')];
      limits.push(Number(limit));
      const end = Number(from) + Number(limit);
      const metadata = { resourceVersion: '5', ...(end < 60 ? { continue: String(end) } : {}) };
      sendJson(response, 200, { items: objects.slice(Number(from), end), metadata });
    });
    const resource = client.resource<KubernetesObject & { padding?: string }>(widgets);
    const keep = ({ metadata, padding = '' }: KubernetesObject & { padding?: string }) => {
      longest = Math.max(longest, padding.length);
      return { metadata };
    };
    const { items } = await resource.list({ ...call, keep });
    expect(items).toEqual(objects.map(({ metadata }) => ({ metadata })));
    expect(longest).toBe(1_400_000);
    // Pages that were too long were cut off, not read to their end, and few were asked for in vain.
    expect(limits.length).toBeLessThan(60);
  });

  test('are read at once when the continue token has expired', async () => {
    const { client, server } = await setUp((request, response) => {
      if (request.url.searchParams.has('continue')) sendStatus(response, 410, 'Expired');
      else pages(1_201)(request, response);
    });
    const list = await client.resource(widgets).list(call);
    expect(new Set(list.items.map((item) => item.metadata.name)).size).toBe(1_201);
    expect(server.requests).toHaveLength(3);
  });

  test('do not go on for ever when the server repeats a token', async () => {
    const { client } = await setUp((_request, response) => {
      const metadata = { resourceVersion: '9', continue: 'same' };
      sendJson(response, 200, { items: [], metadata });
    });
    await expect(client.resource(widgets).list(call)).rejects.toThrow('repeats its continue token');
  });
});

describe('F4: credentials', () => {
  const tokens =
    (server: { token: string; reloads: number }) =>
    (url: string): ClusterCredentials => ({
      server: url,
      current: () =>
        Promise.resolve({ headers: { authorization: `Bearer ${server.token}` }, tls: {} }),
      reload: () => {
        server.reloads += 1;
        server.token = 'new';
        return Promise.resolve();
      },
    });
  const wants =
    (token: string): Answer =>
    (request, response) => {
      if (request.headers.authorization === `Bearer ${token}`) sendJson(response, 200, widget);
      else sendStatus(response, 401, 'Unauthorized');
    };

  test('that are refused are read again, once for all requests in flight', async () => {
    const source = { token: 'old', reloads: 0 };
    const { client } = await setUp(wants('new'), { credentials: tokens(source) });
    const get = () => client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    await Promise.all([get(), get(), get(), get(), get()]);
    expect(source.reloads).toBe(1);
  });

  test('that stay bad make no storm', async () => {
    const source = { token: 'old', reloads: 0 };
    const { client, server, clock } = await setUp(wants('other'), { credentials: tokens(source) });
    for (let i = 0; i < 10; i += 1) {
      const getting = client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
      await expect(getting).rejects.toMatchObject({ code: 401 });
    }
    expect([source.reloads, server.requests.length]).toEqual([1, 11]);
    clock.jump(5_000);
    await client
      .resource(widgets)
      .get({ name: 'w', namespace: 'n' }, call)
      .catch(() => undefined);
    expect(source.reloads).toBe(2);
  });

  test('that cannot be had in time do not hold the call', async () => {
    const { client, clock } = await setUp(ok, {
      credentials: (url) => ({
        server: url,
        current: () => new Promise(() => undefined),
        reload: () => Promise.resolve(),
      }),
    });
    const getting = client
      .resource(widgets)
      .get({ name: 'w', namespace: 'n' }, { ...call, attempts: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    clock.fireTimer(1);
    await expect(getting).rejects.toMatchObject({ code: 'Timeout' });
  });
});

describe('over TLS', () => {
  test('many requests share few connections', async () => {
    const tls = createSelfSignedCertificate('api');
    const server = await startLoopbackServer(ok, tls);
    const credentials = fixedCredentials(server.url, { headers: {}, tls: { ca: tls.cert } });
    const rateLimit = { perSecond: 1e6, burst: 1e6 };
    const client = createApiClient({ credentials, rateLimit });
    closing.push(client.close, server.close);
    const get = () => client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    for (let i = 0; i < 30; i += 1) await get();
    expect(server.connections).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 200 }, get));
    expect(server.connections).toBeLessThanOrEqual(16);
  });

  test('a server with another certificate is not trusted, and not asked again', async () => {
    const server = await startLoopbackServer(ok, createSelfSignedCertificate('impostor'));
    const tls = { ca: createSelfSignedCertificate('api').cert };
    const credentials = fixedCredentials(server.url, { headers: {}, tls });
    const client = createApiClient({ credentials, clock: systemClock() });
    closing.push(client.close, server.close);
    const getting = client.resource(widgets).get({ name: 'w', namespace: 'n' }, call);
    await expect(getting).rejects.toThrow(apiError.ApiConnectionError);
    expect(server.requests).toHaveLength(0);
  });

  test('a connection that is not made in time has sent nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    const { port } = await new Promise<AddressInfo>((resolve) =>
      silent.once('listening', () => resolve(silent.address() as AddressInfo)),
    );
    const clock = createInstantClock();
    const credentials = fixedCredentials(`https://127.0.0.1:${port}`);
    // The limit of the whole attempt is another timer.
    const client = createApiClient({ credentials, clock, attemptTimeoutMs: 4_000 });
    closing.push(client.close, async () => void silent.close());
    const creating = client.resource(widgets).create(widget, { ...call, attempts: 1 });
    await new Promise((resolve) => silent.once('connection', resolve));
    clock.fireTimer(5_000);
    await expect(creating).rejects.toMatchObject({ code: 'ConnectTimeout', notSent: true });
  });

  test('a new client certificate is used from the next request on', async () => {
    const tls = createSelfSignedCertificate('api');
    const server = await startLoopbackServer(ok, tls);
    let material = { ca: tls.cert, ...createSelfSignedCertificate('first') };
    const client = createApiClient({
      credentials: {
        server: server.url,
        current: () => Promise.resolve({ headers: {}, tls: material }),
        reload: () => Promise.resolve(),
      },
    });
    closing.push(client.close, server.close);
    const get = () =>
      client.resource<KubernetesObject>(widgets).get({ name: 'w', namespace: 'n' }, call);
    await get();
    await get();
    const before = server.connections;
    material = { ca: tls.cert, ...createSelfSignedCertificate('second') };
    await get();
    expect(server.connections).toBeGreaterThan(before);
  });
});
