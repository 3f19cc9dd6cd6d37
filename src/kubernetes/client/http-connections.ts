import { createHash } from 'node:crypto';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { ClusterCredentials, TlsMaterial } from '../credentials/credentials.ts';

/**
 * The one pool of connections for all traffic to the API server. The client library opens a new
 * one for each request (kubernetes-client/javascript#2893), which costs five times the CPU.
 */
export interface HttpConnections {
  /** The pool for this TLS material: the same one until a certificate changes. */
  dispatcherFor(tls: TlsMaterial): Dispatcher;
  /** Cuts all connections. */
  destroy(): Promise<void>;
}

const poolOptions = {
  // HTTP/1.1: one request at a time per connection, so a watch never delays another request.
  // Each watch holds one; 16 leaves plenty for the rest.
  connections: 16,
  pipelining: 1,
  allowH2: false,
  // Below the 60 s after which load balancers drop an idle connection, and Go's 90 s.
  keepAliveTimeout: 30_000,
  keepAliveMaxTimeout: 30_000,
  // Both are watched by our own per-call deadline and by the watch's inactivity limit.
  headersTimeout: 0,
  bodyTimeout: 0,
} as const;

/** Creates the pool. `maxConnections` is for tests. */
export function createHttpConnections(
  credentials: Pick<ClusterCredentials, 'proxyUrl'>,
): HttpConnections {
  let current: { readonly fingerprint: string; readonly dispatcher: Dispatcher } | undefined;
  const retired = new Set<Dispatcher>();
  const retire = (dispatcher: Dispatcher): void => {
    retired.add(dispatcher);
    // Running requests and watches finish on the old certificate.
    dispatcher.close().then(
      () => retired.delete(dispatcher),
      () => retired.delete(dispatcher),
    );
  };
  return {
    dispatcherFor(tls) {
      const fingerprint = fingerprintOf(tls);
      if (current?.fingerprint === fingerprint) return current.dispatcher;
      if (current !== undefined) retire(current.dispatcher);
      current = { fingerprint, dispatcher: createDispatcher(tls, credentials.proxyUrl) };
      return current.dispatcher;
    },
    async destroy() {
      const all = [...retired, ...(current === undefined ? [] : [current.dispatcher])];
      current = undefined;
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function createDispatcher(tls: TlsMaterial, proxyUrl: string | undefined): Dispatcher {
  // TCP keep-alive finds dead peers below the level of HTTP.
  const connect = { ...tls, timeout: 5_000, keepAlive: true, keepAliveInitialDelay: 30_000 };
  if (proxyUrl === undefined) return new Agent({ ...poolOptions, connect });
  if (!/^https?:/.test(proxyUrl)) {
    throw new Error(
      `Kubernetes: proxy-url ${proxyUrl} is not supported; use an http or https proxy`,
    );
  }
  return new ProxyAgent({ ...poolOptions, uri: proxyUrl, requestTls: { ...connect } });
}

function fingerprintOf(tls: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const part of [tls.ca, tls.cert, tls.key, tls.servername, String(tls.rejectUnauthorized)]) {
    hash.update(part ?? '').update('\0');
  }
  return hash.digest('base64');
}
