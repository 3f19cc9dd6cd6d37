import { withDefaults } from '../api/link-defaults.ts';
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { ApiCalls } from '../kubernetes/api-calls.ts';
import type { ApiClient } from '../kubernetes/client/api-client.ts';
import { createMetadataClient } from '../kubernetes/client/metadata-client.ts';
import type { KubernetesObject } from '../kubernetes/client/object.ts';
import {
  type ClusterCredentialsFromSource,
  type ClusterSource,
  loadClusterCredentials,
} from '../kubernetes/credentials/kube-config.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { linkClient, linkType } from './link-client.ts';
import { type Environment, proxyFromEnvironment } from './proxy-settings.ts';
import { forUser } from '../runtime/user-error.ts';

/** Where the cluster's address and credentials come from, by the flags. */
function clusterSource(options: {
  readonly kubeconfig?: string;
  readonly context?: string;
}): ClusterSource {
  const context = options.context === undefined ? {} : { context: options.context };
  if (options.kubeconfig === undefined) return { from: 'default', ...context };
  return { from: 'file', path: options.kubeconfig, ...context };
}

/**
 * The cluster's address and credentials. A kubeconfig's `proxy-url` goes before the proxy of the
 * environment, as in kubectl.
 *
 * @throws UserError when there is no configuration that can be used
 */
export function clusterCredentials(
  options: { readonly kubeconfig?: string; readonly context?: string },
  clock: Clock,
  environment: Environment,
): ClusterCredentialsFromSource {
  const proxyFor = proxyFromEnvironment(environment);
  const credentials = forUser(() =>
    loadClusterCredentials(clusterSource(options), clock, environment),
  );
  const proxyUrl = credentials.proxyUrl ?? proxyFor(new URL(credentials.server));
  return { ...credentials, ...(proxyUrl === undefined ? {} : { proxyUrl }) };
}

const retryMs = 5_000;

/** The UID of the namespace kube-system, asked once. */
export async function readClusterId(client: ApiClient, signal: AbortSignal): Promise<string> {
  const namespaces = client.resource({
    group: '',
    version: 'v1',
    plural: 'namespaces',
    namespaced: false,
  });
  const { metadata } = await namespaces.get({ name: 'kube-system' }, { signal });
  if (metadata.uid === undefined) throw new Error('the namespace kube-system has no UID');
  return metadata.uid;
}

/**
 * The UID of the namespace kube-system, which lives as long as its cluster. Asked until the API
 * server answers: without it nothing at AWS could be told to be ours.
 *
 * @throws the signal's reason when it aborts
 */
export async function findClusterId(
  client: ApiClient,
  logger: Logger,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  for (;;) {
    try {
      return await readClusterId(client, signal);
    } catch (error) {
      signal.throwIfAborted();
      logger.error(
        { err: error },
        'the UID of namespace kube-system cannot be read; grant it or set --cluster-id',
      );
    }
    await clock.sleep(retryMs, signal);
  }
}

/** The identity of a link of the cluster. */
export interface LivingOwner {
  readonly uid: string;
  readonly name: string;
}

/**
 * The owners of every link that the cluster has now, from the API server itself. Only their metadata
 * is asked for, and none of it stays in memory but the names: authors decide how large links are.
 */
export async function livingOwners(
  client: ApiCalls,
  signal: AbortSignal,
): Promise<readonly LivingOwner[]> {
  const links = createMetadataClient(client, linkType);
  const keep = ({ metadata: { name, uid = '' } }: KubernetesObject): KubernetesObject => {
    return { metadata: { name, uid } };
  };
  const { items } = await links.list({ signal, keep });
  return items.map(({ metadata: { name, uid = '' } }) => ({ name, uid }));
}

/** Every link that the cluster has now, whole, from the API server itself: for a command. */
export async function livingLinks(
  client: ApiClient,
  signal: AbortSignal,
): Promise<readonly SageMakerPrivateLink[]> {
  const { items } = await linkClient(client).list({ keep: withDefaults, signal });
  return items;
}
