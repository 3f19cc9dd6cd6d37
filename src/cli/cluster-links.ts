/** The links of a cluster, for commands that people run beside the operator. Reads only. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import { type ApiClient, createApiClient } from '../kubernetes/client/api-client.ts';
import { isResourceMissing } from '../kubernetes/client/api-error.ts';
import { systemClock } from '../runtime/clock.ts';
import { clusterCredentials, livingLinks, readClusterId } from '../operator/cluster.ts';
import { UserError, userErrorFrom } from '../runtime/user-error.ts';

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The operator's identity, where it is another than the UID of the namespace kube-system. */
  readonly clusterId?: string;
}

export interface ClusterLinks {
  /** The identity in the ownership tags at AWS. */
  readonly clusterId: string;
  readonly links: readonly SageMakerPrivateLink[];
}

/**
 * Reads the identity of a cluster and all of its links.
 *
 * @throws UserError where there is no kubeconfig, no answer, or no right to read
 */
export async function readClusterLinks(
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<ClusterLinks> {
  return withClient(options, async (client) => {
    const clusterId = options.clusterId ?? (await identityOf(client, signal));
    return { clusterId, links: await linksOf(client, signal) };
  });
}

/**
 * Reads all links of a cluster, for commands that own nothing at AWS.
 *
 * @throws UserError where there is no kubeconfig, no answer, or no right to read
 */
export function readLinksOfCluster(
  options: Omit<ClusterOptions, 'clusterId'>,
  signal: AbortSignal,
): Promise<readonly SageMakerPrivateLink[]> {
  return withClient(options, (client) => linksOf(client, signal));
}

async function withClient<Result>(
  options: Omit<ClusterOptions, 'clusterId'>,
  work: (client: ApiClient) => Promise<Result>,
): Promise<Result> {
  const clock = systemClock();
  const credentials = clusterCredentials(options, clock, process.env);
  const client = createApiClient({ credentials, clock });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function identityOf(client: ApiClient, signal: AbortSignal): Promise<string> {
  try {
    return await readClusterId(client, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(
      `the cluster's identity, the UID of namespace kube-system, cannot be read: ${userErrorFrom(error).message}. Give --cluster-id where you may not read namespaces.`,
    );
  }
}

/**
 * Reads all links of a cluster.
 * @throws UserError where there is no answer, no right to read, or no such kind
 */
export async function linksOf(
  client: ApiClient,
  signal: AbortSignal,
): Promise<readonly SageMakerPrivateLink[]> {
  try {
    return await livingLinks(client, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (isResourceMissing(error)) {
      throw new UserError(
        "the cluster's links cannot be read: it does not have the kind SageMakerPrivateLink. Install crds/.",
      );
    }
    throw new UserError(`the cluster's links cannot be read: ${userErrorFrom(error).message}.`);
  }
}
