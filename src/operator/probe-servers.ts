/** The two ports that the operator answers on: health for the kubelet, metrics for Prometheus. */
import { watchSynced, watchTurns } from '../kubernetes/watch/watch-checks.ts';
import type { ResourceWatch } from '../kubernetes/watch/resource-watch.ts';
import type { KubernetesObject } from '../kubernetes/client/object.ts';
import {
  type HealthServer,
  type HealthServerOptions,
  startHealthServer,
} from '../telemetry/health-server.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { UserError } from '../runtime/user-error.ts';

export interface ProbeServersOptions {
  readonly host: string | undefined;
  readonly healthPort: number;
  readonly metricsPort: number;
  readonly watch: Pick<ResourceWatch<KubernetesObject>, 'health'>;
  /** Why this replica cannot take part in the work; undefined if it can. */
  readonly sharing: () => string | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Listens on both ports: two of them, so that metrics can be shut off from the kubelet's. Both or
 * none are open when it ends.
 *
 * @returns how to close them
 * @throws `UserError` for a port or an address that cannot be had
 */
export async function startProbeServers(
  options: ProbeServersOptions,
): Promise<() => Promise<void>> {
  const { host, healthPort, metricsPort, watch, sharing, metrics, logger } = options;
  const common = {
    ...(host === undefined ? {} : { host }),
    live: [watchTurns(watch)],
    ready: [watchSynced(watch), { name: 'sharing', problem: sharing }],
    registry: metrics.registry,
  };
  const health = await listen('--health-port', { ...common, port: healthPort });
  try {
    const scrape = await listen('--metrics-port', { ...common, port: metricsPort });
    logger.info({ healthPort: health.port, metricsPort: scrape.port }, 'listening');
    return async () => {
      await Promise.all([health.close(), scrape.close()]);
    };
  } catch (error) {
    await health.close(0);
    throw error;
  }
}

async function listen(flag: string, options: HealthServerOptions): Promise<HealthServer> {
  try {
    return await startHealthServer(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const advice = code === undefined ? undefined : adviceByCode[code];
    if (advice === undefined) throw error;
    const place = options.host === undefined ? '' : ` of ${options.host}`;
    throw new UserError(`port ${options.port}${place} (${flag}) ${advice}`);
  }
}

const adviceByCode: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken already; choose another one',
  EACCES: 'needs privileges that this process lacks; choose one above 1023',
  EADDRNOTAVAIL: 'cannot be listened on: no interface here has the address of --host',
  ENOTFOUND: 'cannot be listened on: the name in --host is not known',
};
