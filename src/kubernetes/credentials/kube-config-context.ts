import { KubeConfigError } from './kube-config-error.ts';
import { type Entry, type KubeConfigContent, textOf } from './kube-config-files.ts';

/** One context with the cluster and the user that it names. */
export interface ResolvedContext {
  /** Base URL without a trailing slash. */
  readonly server: string;
  readonly proxyUrl: string | undefined;
  readonly namespace: string | undefined;
  readonly cluster: Entry;
  readonly userName: string;
  readonly user: Entry;
}

/**
 * The wanted context, or the current one.
 *
 * @param place the files, for errors
 * @throws KubeConfigError for a context that is not there or names what is not there
 */
export function contextOf(
  { currentContext, clusters, contexts, users }: KubeConfigContent,
  wanted: string | undefined,
  place: string,
): ResolvedContext {
  const name = wanted ?? currentContext;
  const known = [...contexts.keys()].map((one) => JSON.stringify(one)).join(', ');
  const choose = known === '' ? 'it has no contexts at all' : `choose one with --context: ${known}`;
  if (name === undefined) throw new KubeConfigError(`${place} has no current context; ${choose}`);
  const context = contexts.get(name);
  const inWords = `context ${JSON.stringify(name)}`;
  if (context === undefined) throw new KubeConfigError(`${place} has no ${inWords}; ${choose}`);
  const clusterName = textOf(context['cluster']) ?? '';
  const cluster = clusters.get(clusterName);
  const server = textOf(cluster?.['server']);
  if (cluster === undefined || server === undefined) {
    throw new KubeConfigError(
      `${place}: ${inWords} names the cluster ${JSON.stringify(clusterName)}, which ${cluster === undefined ? 'is not there' : 'has no server'}`,
    );
  }
  const userName = textOf(context['user']);
  const user = userName === undefined ? {} : users.get(userName);
  if (user === undefined) {
    throw new KubeConfigError(
      `${place}: ${inWords} names the user ${JSON.stringify(userName)}, who is not there`,
    );
  }
  return {
    server: addressOf(clusterName, cluster, server),
    proxyUrl: textOf(cluster['proxy-url']),
    namespace: textOf(context['namespace']),
    cluster,
    userName: userName ?? '',
    user,
  };
}

/**
 * The server as a URL. As kubectl does it, a host without a scheme is taken for one with TLS where
 * something is said about TLS.
 *
 * @throws KubeConfigError for what is not the address of a web server
 */
function addressOf(clusterName: string, cluster: Entry, server: string): string {
  const { 'certificate-authority': file, 'certificate-authority-data': data } = cluster;
  const hasTls = Boolean(file) || Boolean(data) || cluster['insecure-skip-tls-verify'] === true;
  const hasScheme = server.includes('://');
  const url = (hasScheme ? server : `${hasTls ? 'https' : 'http'}://${server}`).replace(/\/+$/, '');
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new KubeConfigError(
    `the server of cluster ${JSON.stringify(clusterName)} is not a URL like https://HOST:PORT`,
  );
}
