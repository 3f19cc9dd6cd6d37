/** A reverse proxy before kube-apiserver that does to its clients what networks and servers do. */
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { Agent, createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServerAddress } from './api-server-request.ts';
import {
  type ApiFault,
  type ArmedApiFault,
  type ChangeLine,
  createFaultList,
  type FaultList,
  type ProxiedRequest,
  verbOf,
} from './api-faults.ts';
import { CONTROL_PLANE_FILES } from './control-plane-files.ts';

/** A running proxy; its address takes the API server's place in a kubeconfig. */
export interface ApiFaultProxy extends ApiServerAddress {
  /** Adds a fault for requests and events from now on. */
  add(fault: ApiFault): ArmedApiFault;
  clear(): void;
  /** Every request that arrived since the last reset, also those that a fault struck. */
  requests(): readonly ProxiedRequest[];
  resetRequests(): void;
  /** Resets all connections, watches included. New ones are welcome. */
  cut(): void;
  /** Resets all connections, and every new one until `heal`. */
  partition(): void;
  heal(): void;
  close(): Promise<void>;
}

interface Parts {
  readonly target: ApiServerAddress;
  readonly agent: Agent;
  readonly faults: FaultList;
  readonly requests: Recorded[];
}

type Recorded = { -readonly [Key in keyof ProxiedRequest]: ProxiedRequest[Key] };

/**
 * Starts a proxy. It ends TLS with the API server's own key, so that a client needs nothing but the
 * other address.
 */
export async function startApiFaultProxy(
  target: ApiServerAddress & { readonly folder: string },
): Promise<ApiFaultProxy> {
  const parts: Parts = {
    target,
    agent: new Agent({ keepAlive: true, ca: target.certificateAuthority }),
    faults: createFaultList(),
    requests: [],
  };
  const server = createServer({
    cert: target.certificateAuthority,
    key: await readFile(join(target.folder, CONTROL_PLANE_FILES.certificateKey), 'utf8'),
  });
  server.on('request', (request, response) => {
    handle(parts, request, response).catch(() => response.destroy());
  });
  const connections = trackConnections(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateAuthority: target.certificateAuthority,
    add: (fault) => parts.faults.add(fault),
    clear: () => parts.faults.clear(),
    requests: () => [...parts.requests],
    resetRequests: () => void parts.requests.splice(0),
    ...connections,
    async close() {
      connections.cut();
      await new Promise((resolve) => server.close(resolve));
      parts.agent.destroy();
    },
  };
}

function trackConnections(server: Server): Pick<ApiFaultProxy, 'cut' | 'partition' | 'heal'> {
  const sockets = new Set<Socket>();
  let isPartitioned = false;
  server.on('connection', (socket: Socket) => {
    if (isPartitioned) {
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    cut,
    partition() {
      isPartitioned = true;
      cut();
    },
    heal() {
      isPartitioned = false;
    },
  };
}

async function handle(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  const path = request.url ?? '/';
  const verb = verbOf(request.method ?? 'GET', path);
  const proxied: Recorded = { verb, path, atMs: performance.now() };
  parts.requests.push(proxied);
  for (const { effect } of parts.faults.striking(proxied)) {
    switch (effect.kind) {
      case 'status':
        proxied.code = effect.code;
        refuse(response, effect.code, effect.reason, effect.headers ?? {});
        return;
      case 'answer':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(effect.body));
        return;
      case 'reset':
        request.socket.destroy();
        return;
      case 'hang':
        return;
      case 'delay':
        await sleep(effect.ms);
        break;
      case 'lostAnswer':
        await answered(parts, request, body);
        request.socket.destroy();
        return;
      case 'trickle':
        await trickle(await answered(parts, request, body), response, effect.pieces, effect.ms);
        return;
      case 'twice':
        await answered(parts, request, body);
        break;
      case 'mute':
        forward(parts, request, body, response, { change: () => [] });
        return;
      default:
        throw new Error(`No such effect: ${JSON.stringify(effect satisfies never)}`);
    }
  }
  const answering = (code: number): void => void (proxied.code = code);
  const change: ChangeLine = (line) => parts.faults.changed(path, line);
  forward(parts, request, body, response, verb === 'watch' ? { answering, change } : { answering });
}

function refuse(
  response: ServerResponse,
  code: number,
  reason: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure' };
  response.end(JSON.stringify({ ...status, message: 'a fault of the plan', reason, code }));
}

interface OnAnswer {
  readonly answering?: (code: number) => void;
  readonly change?: ChangeLine;
}

/** Passes the request on, and the answer back: as it comes, or line by line through `change`. */
function forward(
  { target, agent }: Parts,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  { answering, change }: OnAnswer,
): void {
  const { method, headers, url } = request;
  const upstream = httpsRequest(`${target.url}${url}`, { method, headers, agent }, (answer) => {
    answering?.(answer.statusCode ?? 502);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.on('error', () => response.destroy());
    if (change === undefined) answer.pipe(response);
    else passLines(answer, response, change).catch(() => response.destroy());
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  upstream.end(body);
}

async function passLines(
  answer: IncomingMessage,
  response: ServerResponse,
  change: ChangeLine,
): Promise<void> {
  let begun = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = (begun + String(chunk)).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) {
      for (const each of await change(line)) response.write(each);
    }
  }
  response.end();
}

interface Answer {
  readonly code: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

function answered(
  { target, agent }: Parts,
  { method, headers, url }: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const upstream = httpsRequest(`${target.url}${url}`, { method, headers, agent }, (answer) => {
      const code = answer.statusCode ?? 502;
      buffer(answer).then((read) => resolve({ code, headers: answer.headers, body: read }), reject);
    });
    upstream.on('error', reject);
    upstream.end(body);
  });
}

async function trickle(
  { code, headers, body }: Answer,
  response: ServerResponse,
  pieces: number,
  ms: number,
): Promise<void> {
  response.writeHead(code, headers);
  const size = Math.ceil(body.length / pieces);
  for (let at = 0; at < body.length; at += size) {
    response.write(body.subarray(at, at + size));
    await sleep(ms);
  }
  response.end();
}
