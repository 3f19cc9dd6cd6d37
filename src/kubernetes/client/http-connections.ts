import {
  Agent as HttpAgent,
  type AgentOptions,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { Clock } from '../../runtime/clock.ts';
import { onAbort } from '../../runtime/on-abort.ts';
import type { ClusterCredentials, TlsMaterial } from '../credentials/credentials.ts';
import { connectTimeout } from './api-error.ts';

/** One request as it goes over the wire. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | undefined;
  /** A connection is used again for the same material alone. */
  readonly tls: TlsMaterial;
  /** Ends the request, and the answer that is being read. */
  readonly signal: AbortSignal;
}

/**
 * The one pool of connections for all traffic to the API server. The client library opens a new
 * one for each request (kubernetes-client/javascript#2893), which costs five times the CPU.
 */
export interface HttpConnections {
  /** Sends once. The answer's headers are there, its body is not read yet. */
  send(request: HttpRequest): Promise<IncomingMessage>;
  /** Cuts all connections; every request that runs fails. */
  destroy(): void;
}

const connectTimeoutMs = 5_000;

const poolOptions: AgentOptions = {
  // HTTP/1.1: one request at a time per connection, so a watch never delays another request.
  // Each watch holds one; 16 leaves plenty for the rest.
  maxSockets: 16,
  keepAlive: true,
  // TCP keep-alive finds dead peers below the level of HTTP.
  keepAliveMsecs: 30_000,
  // Of an idle connection: below the 60 s after which load balancers drop one, and Go's 90 s. A
  // request may take longer: our own per-call deadline and the watch's limit of silence watch it.
  timeout: 30_000,
};

/** Creates the pool. */
export function createHttpConnections(
  { proxyUrl }: Pick<ClusterCredentials, 'proxyUrl'>,
  clock: Pick<Clock, 'setTimer'>,
): HttpConnections {
  const agents = proxyUrl === undefined ? directAgents() : proxyAgents(proxyUrl);
  const running = new Set<ClientRequest>();
  return {
    send({ url, method, headers, body, tls, signal }) {
      const isSecure = url.startsWith('https:');
      // Of a body that it does not expect, such as that of a DELETE, Node would not tell the end.
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const agent = isSecure ? agents.https : agents.http;
      const options = { method, headers: { ...headers, ...length }, ...tls, agent };
      const request = isSecure ? httpsRequest(url, options) : httpRequest(url, options);
      running.add(request);
      request.once('close', () => running.delete(request));
      request.once('socket', (socket) => limitConnecting(socket, clock));
      const answer = answerTo(request, signal);
      request.end(body);
      return answer;
    },
    destroy() {
      for (const request of running) request.destroy(new Error('the client was closed'));
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpAgent;
}

function directAgents(): Agents {
  return { http: new HttpAgent(poolOptions), https: new HttpsAgent(poolOptions) };
}

function proxyAgents(proxyUrl: string): Agents {
  if (!/^https?:/.test(proxyUrl)) {
    throw new Error(
      `Kubernetes: proxy-url ${proxyUrl} is not supported; use an http or https proxy`,
    );
  }
  return {
    http: new HttpProxyAgent(proxyUrl, poolOptions),
    https: new HttpsProxyAgent(proxyUrl, poolOptions),
  };
}

function answerTo(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const end = (): void => {
      (answer ?? request).destroy(signal.reason as Error);
    };
    if (signal.aborted) end();
    const stopListening = onAbort(signal, end);
    request.once('close', stopListening);
    request.on('error', reject);
    request.once('response', (response) => {
      answer = response;
      // The error of a broken connection is for the reader of the body, who may not be there yet.
      response.on('error', () => undefined);
      resolve(response);
    });
  });
}

/** A connection that is not made in time ends with an error that says that nothing was sent. */
function limitConnecting(socket: Socket, clock: Pick<Clock, 'setTimer'>): void {
  if (!socket.connecting) return;
  const cancel = clock.setTimer(() => {
    const problem = new Error(`no connection within ${connectTimeoutMs} ms`);
    socket.destroy(Object.assign(problem, { code: connectTimeout }));
  }, connectTimeoutMs);
  socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', cancel);
  socket.once('close', cancel);
}
