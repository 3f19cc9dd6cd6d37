import type { ApiClient } from '../kubernetes/api-client.ts';
import type { ClusterSource } from '../kubernetes/kube-config.ts';
import type { Clock } from '../telemetry/clock.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Where the cluster's address and credentials come from, by the flags. */
export function clusterSource(options: {
  readonly kubeconfig?: string;
  readonly context?: string;
}): ClusterSource {
  const context = options.context === undefined ? {} : { context: options.context };
  if (options.kubeconfig === undefined) return { from: 'default', ...context };
  return { from: 'file', path: options.kubeconfig, ...context };
}

const retryMs = 5_000;

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
  const namespaces = client.resource({
    group: '',
    version: 'v1',
    plural: 'namespaces',
    namespaced: false,
  });
  for (;;) {
    try {
      const { metadata } = await namespaces.get({ name: 'kube-system' }, { signal });
      if (metadata.uid !== undefined) return metadata.uid;
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
