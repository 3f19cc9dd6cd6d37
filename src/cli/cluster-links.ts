/** The links of a cluster, for commands that people run beside the operator. Reads only. */
import {
  group,
  plural,
  type SageMakerPrivateLink,
  version,
} from '../api/sagemaker-private-link.ts';
import { type ApiClient, createApiClient } from '../kubernetes/api-client.ts';
import { ApiStatusError } from '../kubernetes/api-error.ts';
import { systemClock } from '../telemetry/clock.ts';
import { clusterCredentials } from './cluster.ts';
import { UserError, userErrorFrom } from './user-error.ts';

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Where the operator has another identity than the UID of the namespace kube-system. */
  readonly clusterId?: string;
}

export interface ClusterLinks {
  /** The identity in the ownership tags at AWS. */
  readonly clusterId: string;
  readonly links: readonly SageMakerPrivateLink[];
}

/** A person waits: two tries, and no more than this. */
const patience = { attempts: 2, deadlineMs: 15_000 };

/**
 * Reads the identity of a cluster and all of its links.
 *
 * @throws UserError where there is no kubeconfig, no answer, or no right to read
 */
export async function readClusterLinks(
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<ClusterLinks> {
  const clock = systemClock();
  const client = createApiClient({ credentials: clusterCredentials(options, clock), clock });
  try {
    const clusterId = options.clusterId ?? (await uidOfKubeSystem(client, signal));
    return { clusterId, links: await linksOf(client, signal) };
  } finally {
    await client.close();
  }
}

async function uidOfKubeSystem(client: ApiClient, signal: AbortSignal): Promise<string> {
  const type = { group: '', version: 'v1', plural: 'namespaces', namespaced: false };
  try {
    const { metadata } = await client
      .resource(type)
      .get({ name: 'kube-system' }, { signal, ...patience });
    if (metadata.uid !== undefined) return metadata.uid;
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(
      `the cluster's identity, the UID of namespace kube-system, cannot be read: ${userErrorFrom(error).message}. Give --cluster-id where you may not read namespaces.`,
    );
  }
  throw new UserError('namespace kube-system has no UID: give --cluster-id');
}

async function linksOf(
  client: ApiClient,
  signal: AbortSignal,
): Promise<readonly SageMakerPrivateLink[]> {
  const type = { group, version, plural, namespaced: false };
  try {
    const { items } = await client
      .resource<SageMakerPrivateLink>(type)
      .list({ signal, ...patience });
    return items;
  } catch (error) {
    signal.throwIfAborted();
    const isMissing = error instanceof ApiStatusError && error.code === 404;
    const advice = isMissing ? ' The cluster does not have the kind: install crds/.' : '';
    throw new UserError(
      `the cluster's links cannot be read: ${userErrorFrom(error).message}.${advice}`,
    );
  }
}
