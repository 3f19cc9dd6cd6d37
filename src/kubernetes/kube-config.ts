import type { RequestOptions } from 'node:https';
// Only this file of the library is imported: its index loads every generated API (2 MB bundled).
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Clock } from '../telemetry/clock.ts';
import type { ClusterCredentials, RequestCredentials } from './credentials.ts';

/** Where the cluster's address and credentials come from. */
export type ClusterSource =
  /** The service account that Kubernetes mounts into the pod. */
  | { readonly from: 'pod' }
  /** A kubeconfig file; `context` overrides its current context. */
  | { readonly from: 'file'; readonly path: string; readonly context?: string }
  /** As kubectl: `$KUBECONFIG`, `~/.kube/config`, else the pod's service account. */
  | { readonly from: 'default'; readonly context?: string };

export interface ClusterCredentialsFromSource extends ClusterCredentials {
  /** The namespace of the context or of the pod, if one is set. */
  readonly namespace: string | undefined;
}

/** Credentials are asked for again after this long: cheap, since the library has caches below. */
const keepMs = 5_000;

/**
 * Loads the cluster's address and credentials: certificates, tokens, token files (read again each
 * minute), exec plugins (run again at expiry) and OIDC, by the Kubernetes client library.
 * Throws an Error that says what to do when there is no usable configuration.
 */
export function loadClusterCredentials(
  source: ClusterSource,
  clock: Clock,
): ClusterCredentialsFromSource {
  let config = loadConfig(source);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new Error(
      `Kubernetes: ${describe(source)} has no cluster for context ${JSON.stringify(config.currentContext)}; choose one with --context`,
    );
  }
  let kept:
    | { readonly until: number; readonly credentials: Promise<RequestCredentials> }
    | undefined;
  return {
    server: cluster.server.replace(/\/+$/, ''),
    ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
    namespace: config.getContextObject(config.currentContext)?.namespace,
    current() {
      if (kept !== undefined && clock.now() < kept.until) return kept.credentials;
      const credentials = credentialsOf(config);
      kept = { until: clock.now() + keepMs, credentials };
      credentials.catch(() => {
        kept = undefined;
      });
      return credentials;
    },
    reload() {
      // A new KubeConfig has new authenticators, which is the library's only way to drop a token.
      config = loadConfig(source);
      kept = undefined;
      return Promise.resolve();
    },
  };
}

function loadConfig(source: ClusterSource): KubeConfig {
  const config = new KubeConfig();
  switch (source.from) {
    case 'pod':
      config.loadFromCluster();
      return config;
    case 'file':
      config.loadFromFile(source.path);
      break;
    case 'default':
      config.loadFromDefault();
      break;
    default:
      throw new Error(`unknown source ${JSON.stringify(source satisfies never)}`);
  }
  if (source.context !== undefined) config.setCurrentContext(source.context);
  allowOnlySafeHttp(config);
  return config;
}

function describe(source: ClusterSource): string {
  switch (source.from) {
    case 'pod':
      return "the pod's service account";
    case 'file':
      return source.path;
    case 'default':
      return 'the default kubeconfig';
    default:
      return source satisfies never;
  }
}

/**
 * The library falls back to http://localhost:8080 when it finds nothing: that is a mistake to name.
 * It refuses all plain HTTP; `kubectl proxy` on this machine is fine, since nothing leaves it.
 */
function allowOnlySafeHttp(config: KubeConfig): void {
  const cluster = config.getCurrentCluster();
  if (cluster === null || !cluster.server.startsWith('http:')) return;
  if (cluster.server === 'http://localhost:8080' && config.getCurrentUser()?.name === 'user') {
    throw new Error(
      'Kubernetes: no configuration found; set KUBECONFIG, pass --kubeconfig, or run inside a cluster',
    );
  }
  const { hostname } = new URL(cluster.server);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  config.clusters = config.clusters.map((each) =>
    each === cluster ? { ...each, skipTLSVerify: true } : each,
  );
}

async function credentialsOf(config: KubeConfig): Promise<RequestCredentials> {
  const options: RequestOptions = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value).trim();
  }
  if (options.auth) {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  return { headers, tls: tlsOf(options) };
}

function tlsOf(options: RequestOptions): RequestCredentials['tls'] {
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return {
    ...(ca === undefined ? {} : { ca: ca as Buffer }),
    ...(cert === undefined ? {} : { cert: cert as Buffer }),
    ...(key === undefined ? {} : { key: key as Buffer }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}
