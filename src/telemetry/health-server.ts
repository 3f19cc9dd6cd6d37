import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { scrub } from './redaction.ts';

/** One thing that has to be well. */
export interface HealthCheck {
  /** A short word, such as `watch`. */
  readonly name: string;
  /** The problem in words; undefined when all is well. Must not block. */
  problem(): string | undefined;
}

export interface HealthServerOptions {
  /** @default every address of both families; of IPv4 alone on a host without IPv6 */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /**
   * A failing one makes `/healthz` 503 and the kubelet restart the pod, so it may only be what a
   * restart repairs: never an unreachable API server or AWS.
   */
  readonly live: readonly HealthCheck[];
  /** A failing one makes `/readyz` 503. */
  readonly ready: readonly HealthCheck[];
  readonly registry: Registry;
}

export interface HealthServer {
  readonly port: number;
  /** Stops listening, lets the requests that run finish for `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics`. That `/healthz` answers at all shows that the event
 * loop turns. Rejects when the port is taken.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answer(options, request, response);
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Without a host Node listens on `::` for both families, or on 0.0.0.0 where that is refused.
    const { port, host } = options;
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs = 2_000) => closeGracefully(server, graceMs),
  };
}

async function answer(
  options: HealthServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, 405, 'text/plain', 'method not allowed\n');
    return;
  }
  switch (path) {
    case '/healthz':
    case '/livez':
      sendChecks(response, options.live);
      return;
    case '/readyz':
      sendChecks(response, options.ready);
      return;
    case '/metrics':
      await sendMetrics(response, options.registry);
      return;
    default:
      send(response, 404, 'text/plain', 'not found\n');
  }
}

async function sendMetrics(response: ServerResponse, registry: Registry): Promise<void> {
  try {
    const text = await registry.metrics();
    send(response, 200, registry.contentType, text);
  } catch (error) {
    send(response, 500, 'text/plain', `metrics failed: ${scrub(String(error))}\n`);
  }
}

/** The verdict in the form that kube-apiserver's own health endpoints use. */
function sendChecks(response: ServerResponse, checks: readonly HealthCheck[]): void {
  const findings = checks.map((check) => ({ name: check.name, problem: problemOf(check) }));
  const well = findings.every((finding) => finding.problem === undefined);
  const lines = findings.map(({ name, problem }) =>
    problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${scrub(problem)}`,
  );
  const body = [...lines, well ? 'ok' : 'failed', ''].join('\n');
  send(response, well ? 200 : 503, 'text/plain', body);
}

function problemOf(check: HealthCheck): string | undefined {
  try {
    return check.problem();
  } catch (error) {
    return `the check itself failed: ${String(error)}`;
  }
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

function closeGracefully(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}
