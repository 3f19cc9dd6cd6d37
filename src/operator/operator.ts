/** Composition root of the operator: every part is made from here, and only here are they joined. */
import { type ApiClient, createApiClient } from '../kubernetes/client/api-client.ts';
import { restObserver } from '../kubernetes/client/rest-observer.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { clusterCredentials } from './cluster.ts';
import type { OperatorConfig } from './operator-config.ts';
import type { OperatorOverrides } from './operator-overrides.ts';
import type { Environment } from './proxy-settings.ts';
import type { BaseParts } from './base-parts.ts';
import { createParts, type Parts } from './parts.ts';
import { startProbeServers } from './probe-servers.ts';
import { type Ends, shareWork } from './sharing/share-work.ts';

/** `draining`: no pass begins any more, the running ones may end. */
export type OperatorState = 'created' | 'running' | 'draining' | 'stopped';

export interface Operator {
  readonly state: OperatorState;
  /**
   * Works until it is drained or loses what it had. However it ends, nothing of it stays behind
   * that would keep the process alive. May be called once.
   *
   * @returns 0 after an orderly end, 1 when what it had was lost
   * @throws UserError for a configuration that cannot work
   */
  run(): Promise<number>;
  /** Lets running passes end, within the drain time, and then `run`. */
  drain(reason: unknown): void;
  /** Cuts everything off where it is. */
  stop(reason: unknown): void;
}

/** The process that an operator is in. */
export interface Surroundings {
  readonly logger: Logger;
  /** Proxies, `KUBECONFIG`, and whether this is a pod. */
  readonly environment: Environment;
}

const fallbackNamespace = 'sagemaker-privatelink-system';
const flushMs = 2_000;

/**
 * Creates an operator. Nothing is read and nothing is reached before `run`.
 *
 * @param config as the flags say it
 * @param surroundings where it logs, and the environment variables that say where it is
 * @param overrides what stands in the place of the machine's own clock, network and chance
 */
export function createOperator(
  config: OperatorConfig,
  { logger, environment }: Surroundings,
  overrides: OperatorOverrides = {},
): Operator {
  const shutdown = new AbortController();
  // Work that outlives the shutdown: the passes that are allowed to end.
  const life = new AbortController();
  let state: OperatorState = 'created';
  return {
    get state() {
      return state;
    },
    async run() {
      if (state === 'created') state = 'running';
      try {
        const ends = { life: life.signal, shutdown: shutdown.signal };
        return await runInCluster({ config, overrides, environment, logger }, ends);
      } finally {
        state = 'stopped';
        life.abort(new Error('the operator stops'));
      }
    },
    drain(reason) {
      if (state !== 'stopped') state = 'draining';
      shutdown.abort(reason);
    },
    stop(reason) {
      state = 'stopped';
      shutdown.abort(reason);
      life.abort(reason);
    },
  };
}

async function runInCluster(
  given: Pick<BaseParts, 'config' | 'overrides' | 'environment' | 'logger'>,
  ends: Ends,
): Promise<number> {
  const { config, overrides, environment } = given;
  const { clock = systemClock(), metrics = createMetrics() } = overrides;
  const { client, namespace } = overrides.cluster ?? connected(config, environment, clock, metrics);
  try {
    const leaseNamespace = config.leaseNamespace ?? namespace ?? fallbackNamespace;
    const base = { ...given, clock, metrics, client, leaseNamespace };
    return await runParts(base, ends);
  } finally {
    await client.close();
  }
}

function connected(
  config: OperatorConfig,
  environment: Environment,
  clock: Clock,
  metrics: BaseParts['metrics'],
): { readonly client: ApiClient; readonly namespace: string | undefined } {
  const credentials = clusterCredentials(config, clock, environment);
  const client = createApiClient({
    credentials,
    clock,
    rateLimit: { perSecond: config.kubeApiQps, burst: config.kubeApiBurst },
    observe: restObserver(metrics.rest),
  });
  return { client, namespace: credentials.namespace };
}

async function runParts(base: BaseParts, ends: Ends): Promise<number> {
  const { config, overrides, logger, metrics, clock } = base;
  const parts = await createParts(base, ends.life);
  const { healthPort, metricsPort, host } = config;
  const serve = overrides.startProbeServers ?? startProbeServers;
  const closeServers = await serve({
    host,
    healthPort,
    metricsPort,
    watch: parts.watch,
    sharing: () => parts.sharing.current?.problem(),
    metrics,
    logger,
  });
  const watching = new AbortController();
  const watches = parts.watch.run(AbortSignal.any([watching.signal, ends.life]));
  try {
    return await shareWork(parts, ends);
  } finally {
    await flushed(parts, clock);
    watching.abort(new Error('the operator stops'));
    await watches;
    await closeServers();
  }
}

async function flushed({ events }: Parts, clock: Clock): Promise<void> {
  const limit = new AbortController();
  const cancel = clock.setTimer(() => limit.abort(new Error('flush time is over')), flushMs);
  await events.flush(limit.signal);
  cancel();
}
