import type { RequestOptions } from 'node:https';
// Only this file of the library is imported: its index loads every generated API (2 MB bundled).
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Clock } from '../../runtime/clock.ts';
import { contextOf, type ResolvedContext } from './kube-config-context.ts';
import { KubeConfigError } from './kube-config-error.ts';
import {
  defaultPaths,
  type Environment,
  type KubeConfigContent,
  readKubeConfig,
  textOf,
} from './kube-config-files.ts';
import type { ClusterCredentials, RequestCredentials } from './credentials.ts';
import { createExecCredentials } from './exec-credentials.ts';
import { impersonationHeaders } from '../client/impersonation.ts';
import { refuseUnclearUser, refuseWithoutToken } from './kube-config-user.ts';
import { isPodWithServiceAccount, podContext } from './pod-service-account.ts';
import { refuseBadTls } from './tls-material.ts';

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

/** Credentials are asked for again after this long: cheap, since there are caches below. */
const keepMs = 5_000;

/**
 * Loads the cluster's address and credentials as kubectl does: several files, token files (read
 * again each minute), exec plugins (run again at expiry), impersonation; certificates and OIDC by
 * the Kubernetes client library.
 *
 * @throws KubeConfigError that says what to do when there is no usable configuration
 */
export function loadClusterCredentials(
  source: ClusterSource,
  clock: Clock,
  environment: Environment,
): ClusterCredentialsFromSource {
  const context = resolve(source, environment);
  let authenticate = createAuthenticator(context, clock, environment);
  let kept:
    | { readonly until: number; readonly credentials: Promise<RequestCredentials> }
    | undefined;
  const { server, proxyUrl, namespace } = context;
  return {
    server,
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    namespace,
    current() {
      if (kept !== undefined && clock.now() < kept.until) return kept.credentials;
      const credentials = authenticate();
      kept = { until: clock.now() + keepMs, credentials };
      credentials.catch(() => {
        kept = undefined;
      });
      return credentials;
    },
    reload() {
      // New authenticators are the library's only way to drop a token.
      authenticate = createAuthenticator(resolve(source, environment), clock, environment);
      kept = undefined;
      return Promise.resolve();
    },
  };
}

function resolve(source: ClusterSource, environment: Environment): ResolvedContext {
  switch (source.from) {
    case 'pod':
      return podContext(environment);
    case 'file':
      return contextOf(contentOf([source.path]), source.context, source.path);
    case 'default': {
      const paths = defaultPaths(environment);
      const content = readKubeConfig(paths);
      if (content !== undefined) return contextOf(content, source.context, paths.join(', '));
      if (isPodWithServiceAccount(environment)) return podContext(environment);
      throw new KubeConfigError(
        `no configuration found: there is no ${paths.join(', no ')}; set KUBECONFIG, pass --kubeconfig, run inside a cluster, or give files with -f where the command takes them`,
      );
    }
    default:
      throw new Error(`unknown source ${JSON.stringify(source satisfies never)}`);
  }
}

/** A file that was named has to be there. */
function contentOf(paths: readonly string[]): KubeConfigContent {
  const content = readKubeConfig(paths);
  if (content === undefined) throw new KubeConfigError(`there is no ${paths.join(', ')}`);
  return content;
}

function createAuthenticator(
  context: ResolvedContext,
  clock: Clock,
  environment: Environment,
): () => Promise<RequestCredentials> {
  refuseUnclearUser(context);
  const { exec, ...user } = context.user;
  const config = libraryConfig({ ...context, user });
  const impersonation = impersonationHeaders(context.userName, user);
  const plugin =
    exec === undefined || exec === null
      ? undefined
      : createExecCredentials(context, clock, environment);
  return async () => {
    const base = await credentialsOf(config);
    const headers = { ...base.headers, ...impersonation };
    refuseWithoutToken(context, base);
    // As in client-go: whoever gave a token needs no plugin.
    const { token, cert, key } = hasAuthorization(base) ? {} : ((await plugin?.()) ?? {});
    const tls = cert === undefined || key === undefined ? base.tls : { ...base.tls, cert, key };
    refuseBadTls(context, tls);
    return {
      headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
      tls,
    };
  };
}

/** The library's own form, for what it does well: certificates, TLS settings, OIDC, token files. */
function libraryConfig({ cluster, server, user }: ResolvedContext): KubeConfig {
  // The way through a proxy is ours (`http-connections.ts`).
  const { 'proxy-url': ___, ...direct } = cluster;
  const { as: _, tokenFile, ...kept } = user;
  const hasTokenFile = typeof tokenFile === 'string' && tokenFile !== '';
  const provider = { name: 'tokenFile', config: { tokenFile } };
  // A file's token goes before one that is written down, as in client-go: it is the newer one.
  const { token: __, ...withoutToken } = kept;
  const libraryUser = {
    ...(hasTokenFile ? { ...withoutToken, 'auth-provider': provider } : kept),
    // The library would write "undefined".
    password: textOf(user['password']) ?? '',
  };
  const config = new KubeConfig();
  // JSON is YAML.
  config.loadFromString(
    JSON.stringify({
      'current-context': 'it',
      clusters: [{ name: 'it', cluster: { ...direct, server } }],
      contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
      users: [{ name: 'it', user: libraryUser }],
    }),
  );
  allowOnlySafeHttp(config);
  return config;
}

/**
 * The library refuses all plain HTTP; `kubectl proxy` on this machine is fine, since nothing leaves
 * it.
 */
function allowOnlySafeHttp(config: KubeConfig): void {
  const cluster = config.getCurrentCluster();
  if (cluster === null || !cluster.server.startsWith('http:')) return;
  const { hostname } = new URL(cluster.server);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  config.clusters = config.clusters.map((each) =>
    each === cluster ? { ...each, skipTLSVerify: true } : each,
  );
}

function hasAuthorization({ headers }: RequestCredentials): boolean {
  return headers['authorization'] !== undefined;
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
