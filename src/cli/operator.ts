/** Composition root of the operator: every part is made here, and only here are they joined. */
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import {
  group,
  plural,
  type SageMakerPrivateLink,
  version,
} from '../api/sagemaker-private-link.ts';
import { keptLink } from '../api/link-size.ts';
import type { AccountMap } from '../aws/account-map.ts';
import { type CloudDirectory, createCloudDirectory } from '../aws/cloud-directory.ts';
import { type ApiClient, createApiClient } from '../kubernetes/api-client.ts';
import { createEventRecorder, type EventRecorder } from '../kubernetes/event-recorder.ts';
import { type KubernetesEvent, eventType } from '../kubernetes/event.ts';
import { type Lease, leaseType } from '../kubernetes/lease.ts';
import { createResourceWatch, type ResourceWatch } from '../kubernetes/resource-watch.ts';
import { restObserver } from '../kubernetes/rest-observer.ts';
import { createWorkQueue, type WorkQueue } from '../kubernetes/work-queue.ts';
import { runLinkController } from '../reconcile/link-controller.ts';
import type { Patience } from '../plan/sightings.ts';
import { fencedCloud } from '../reconcile/fenced-cloud.ts';
import { createLinkReconciler } from '../reconcile/link-reconciler.ts';
import { orphanPlaces } from '../reconcile/orphan-places.ts';
import { type OrphanSweepOptions, runOrphanSweeps } from '../reconcile/orphan-sweep.ts';
import { createQuietTime } from '../reconcile/quiet-time.ts';
import { createSightingTimes } from '../reconcile/sighting-times.ts';
import { type Clock, systemClock } from '../telemetry/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { untilAborted } from '../telemetry/on-abort.ts';
import { followAccountMap } from './account-map-file.ts';
import { clusterCredentials, findClusterId, livingLinks } from './cluster.ts';
import { drainedWork } from './drained-work.ts';
import { createLeadership, type Leadership } from './leadership.ts';
import { type LeaseTiming, leaseTimingOf } from './lease-timing.ts';
import type { OperatorOptions } from './operator-options.ts';
import { startProbeServers } from './probe-servers.ts';
import { proxyFromEnvironment } from './proxy-settings.ts';

/** Everything that lives as long as the process. */
interface Parts {
  readonly options: OperatorOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly client: ApiClient;
  readonly namespace: string;
  readonly instance: string;
  readonly leaseTiming: LeaseTiming;
  readonly accounts: () => AccountMap;
  readonly watch: ResourceWatch<SageMakerPrivateLink>;
  readonly queue: WorkQueue;
  readonly events: EventRecorder;
  readonly mayAct: () => boolean;
}

const linkType = { group, version, plural, namespaced: false };
const fallbackNamespace = 'sagemaker-privatelink-system';
const longestBackoffMs = 120_000;

/**
 * Runs the operator until `shutdown` aborts, then drains: no new passes, the running ones may end.
 * Whatever way it ends, nothing of it stays behind that would keep the process alive.
 *
 * @returns 0 after an orderly shutdown, 1 when leadership was lost
 */
export async function runOperator(
  options: OperatorOptions,
  logger: Logger,
  shutdown: AbortSignal,
): Promise<number> {
  const clock = systemClock();
  const metrics = createMetrics();
  const credentials = clusterCredentials(options, clock);
  const client = createApiClient({ credentials, clock, observe: restObserver(metrics.rest) });
  // Work that outlives the shutdown signal: the passes that are allowed to end.
  const life = new AbortController();
  try {
    const namespace = options.leaseNamespace ?? credentials.namespace ?? fallbackNamespace;
    const base = { options, clock, logger, metrics, client, namespace };
    return await runParts(base, life.signal, shutdown);
  } finally {
    life.abort(new Error('the operator stops'));
    await client.close();
  }
}

type BaseParts = Pick<Parts, 'options' | 'clock' | 'logger' | 'metrics' | 'client' | 'namespace'>;

async function runParts(
  base: BaseParts,
  life: AbortSignal,
  shutdown: AbortSignal,
): Promise<number> {
  const { options, logger, metrics } = base;
  const lease: { current?: Leadership } = {};
  const parts = await createParts(base, lease, life);
  const { healthPort, metricsPort, host } = options;
  const ports = { host, healthPort, metricsPort };
  const closeServers = await startProbeServers({ ...ports, watch: parts.watch, metrics, logger });
  const watching = new AbortController();
  const watch = parts.watch.run(watching.signal);
  try {
    return await (options.leaderElect ? lead(parts, lease, shutdown) : workAlone(parts, shutdown));
  } finally {
    await parts.events.flush(AbortSignal.timeout(2_000));
    watching.abort(new Error('the operator stops'));
    await watch;
    await closeServers();
  }
}

async function createParts(
  base: BaseParts,
  lease: { readonly current?: Leadership },
  life: AbortSignal,
): Promise<Parts> {
  const { options, clock, logger, metrics, client } = base;
  const leaseTiming = leaseTimingOf(options);
  const instance = `${hostname()}_${randomUUID().slice(0, 8)}`;
  const watch = createLinkWatch(options, client, clock, logger, metrics);
  const queue = createLinkQueue(clock, metrics);
  const accounts = await followAccountMap(options.accountMap, {
    clock,
    logger,
    signal: life,
    onChange: () => lookAtNamedAccounts(watch, queue),
  });
  return {
    ...base,
    instance,
    leaseTiming,
    accounts,
    watch,
    queue,
    events: createEventRecorder({
      events: client.resource<KubernetesEvent>(eventType),
      clock,
      random: Math.random,
      logger,
      controller: `${group}/operator`,
      instance,
      signal: life,
      onDropped: () => metrics.eventsDropped.inc(),
    }),
    mayAct: () => lease.current?.mayAct() ?? !options.leaderElect,
  };
}

function createLinkQueue(clock: Clock, metrics: Metrics): WorkQueue {
  return createWorkQueue({
    name: 'sagemakerprivatelink',
    clock,
    random: Math.random,
    backoff: { firstMs: 1_000, longestMs: longestBackoffMs },
    metrics: metrics.workQueue,
  });
}

function createLinkWatch(
  options: OperatorOptions,
  client: ApiClient,
  clock: Clock,
  logger: Logger,
  metrics: Metrics,
): ResourceWatch<SageMakerPrivateLink> {
  return createResourceWatch<SageMakerPrivateLink>({
    resource: client.resource<SageMakerPrivateLink>(linkType),
    clock,
    random: Math.random,
    logger,
    metrics: metrics.watch,
    keep: keptLink,
    timing: {
      relistMs: [options.relistSeconds * 1000, options.relistSeconds * 1500],
      silenceMs: options.watchSilenceSeconds * 1000,
    },
  });
}

/** After a change of the account map nothing waits for the slow look at stalled links. */
function lookAtNamedAccounts(watch: ResourceWatch<SageMakerPrivateLink>, queue: WorkQueue): void {
  for (const { metadata, spec } of watch.cache.list()) {
    if (spec.account !== undefined) queue.add(metadata.name, { reason: 'AccountMap' });
  }
}

async function lead(
  parts: Parts,
  holder: { current?: Leadership },
  shutdown: AbortSignal,
): Promise<number> {
  const { client, clock, logger, metrics, namespace, instance, options, queue } = parts;
  const leadership = createLeadership({
    leases: client.resource<Lease>(leaseType),
    namespace,
    name: options.leaseName,
    identity: instance,
    ...parts.leaseTiming,
    clock,
    random: Math.random,
    logger,
    queue,
    work: (term) => work(parts, term, shutdown),
    onStatus: (isLeader) => metrics.leader.set({ name: options.leaseName }, isLeader ? 1 : 0),
  });
  holder.current = leadership;
  return leadership.run(shutdown);
}

async function workAlone(parts: Parts, shutdown: AbortSignal): Promise<number> {
  const term = new AbortController();
  await work(parts, term.signal, shutdown);
  return 0;
}

async function work(parts: Parts, leadership: AbortSignal, shutdown: AbortSignal): Promise<void> {
  const { options, clock, logger, metrics, client, watch, queue, events, mayAct } = parts;
  // What comes before the first pass has nothing to drain: a shutdown ends it at once.
  const preparation = AbortSignal.any([leadership, shutdown]);
  const clusterId = await prepared(parts, preparation);
  if (clusterId === undefined) return;
  const clouds = createCloudDirectory({
    clusterId,
    limits: options.awsCallRate,
    accounts: parts.accounts,
    mayWrite: mayAct,
    proxyFor: proxyFromEnvironment(process.env),
    onCall: ({ service, action, result, durationMs }) => {
      metrics.aws.calls.inc({ service, action, result });
      metrics.aws.seconds.observe({ service, action }, durationMs / 1000);
    },
  });
  const reconciler = createLinkReconciler({
    clusterId,
    resource: client.resource<SageMakerPrivateLink>(linkType),
    watch,
    queue,
    cloudFor: ({ spec: { region, account }, metadata: { uid }, status }) =>
      clouds.cloudFor({ region, account, uid, boundTo: status?.account }),
    mayAct,
    quietTime: createQuietTime(options.consistencySeconds * 1000),
    sightingTimes: createSightingTimes(),
    patience: patienceOf(options),
    paces: { pollMs: options.pollSeconds * 1000, stalledMs: options.stalledSeconds * 1000 },
    clock,
    logger,
    recordEvent: (event) => events.record(event),
  });
  const { workers } = options;
  const drainMs = options.drainSeconds * 1000;
  const end = new AbortController();
  const sweeps = runOrphanSweeps(
    orphanSweepOptions(parts, clusterId, clouds),
    AbortSignal.any([preparation, end.signal]),
  );
  try {
    await drainedWork({ queue, clock, logger, drainMs, leadership, shutdown }, (signal) =>
      runLinkController({ watch, queue, reconciler, workers, clock, logger, metrics }, signal),
    );
  } finally {
    end.abort(new Error('the work has ended'));
    await sweeps;
    clouds.close();
  }
}

function patienceOf(options: OperatorOptions): Patience {
  return {
    dnsSettleMs: options.dnsSettleSeconds * 1000,
    iamSettleMs: options.iamSettleSeconds * 1000,
    wayDeadlineMs: options.wayDeadlineSeconds * 1000,
  };
}

function orphanSweepOptions(
  { options, clock, logger, metrics, client, watch, events, mayAct }: Parts,
  clusterId: string,
  clouds: CloudDirectory,
): OrphanSweepOptions {
  const placesOf = orphanPlaces((location) => fencedCloud(clouds.cloudFor(location), mayAct));
  return {
    clusterId,
    orphans: options.orphans,
    graceMs: options.orphanGraceSeconds * 1000,
    periodMs: options.orphanSweepSeconds * 1000,
    patience: patienceOf(options),
    places: () => placesOf(watch.cache.list().map(({ spec }) => spec)),
    living: (signal) => livingLinks(client, signal),
    clock,
    logger,
    metrics,
    recordEvent: (event) => events.record(event),
  };
}

/** The cluster's id, once the links are listed too; undefined when the signal aborts first. */
async function prepared(
  { options, client, logger, clock, watch }: Parts,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const clusterId = options.clusterId ?? (await findClusterId(client, logger, clock, signal));
    await untilAborted(watch.synced, signal);
    return clusterId;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
