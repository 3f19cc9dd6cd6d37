/** The operator's real parts, joined as the program joins them, on virtual time. */
import { keptLink } from '../src/api/link-size.ts';
import {
  group,
  plural,
  type SageMakerPrivateLink,
  version,
} from '../src/api/sagemaker-private-link.ts';
import { createCloud } from '../src/aws/cloud.ts';
import type { AwsTransport } from '../src/aws/operations.ts';
import { drainedWork } from '../src/cli/drained-work.ts';
import { createLeadership, type Leadership } from '../src/cli/leadership.ts';
import type { ApiClient } from '../src/kubernetes/api-client.ts';
import { createEventRecorder } from '../src/kubernetes/event-recorder.ts';
import { type KubernetesEvent, eventType } from '../src/kubernetes/event.ts';
import { type Lease, leaseType } from '../src/kubernetes/lease.ts';
import { createResourceWatch } from '../src/kubernetes/resource-watch.ts';
import { createWorkQueue } from '../src/kubernetes/work-queue.ts';
import { runLinkController } from '../src/reconcile/link-controller.ts';
import { createLinkReconciler, type LinkReconciler } from '../src/reconcile/link-reconciler.ts';
import { createQuietTime } from '../src/reconcile/quiet-time.ts';
import { createSightingTimes } from '../src/reconcile/sighting-times.ts';
import { defaultPatience } from '../src/plan/sightings.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import type { Metrics } from '../src/telemetry/metrics.ts';
import { untilAborted } from '../src/telemetry/on-abort.ts';
import type { ProcessLife } from './process-life.ts';
import { type ClockSkew, processClock, type VirtualTime } from './virtual-time.ts';

export interface ProcessOptions {
  readonly life: ProcessLife;
  readonly time: VirtualTime;
  readonly skew: ClockSkew;
  /** AWS as this process reaches it; changes go out while `mayWrite` says so. */
  readonly transport: (mayWrite: () => boolean) => AwsTransport;
  readonly client: ApiClient;
  readonly clusterId: string;
  /** Whether it works only while it holds the lease. */
  readonly isReplica: boolean;
  readonly metrics: Metrics;
  readonly random: () => number;
  readonly consistencyMs: number;
  readonly onLog: (line: string) => void;
  readonly onPass: (key: string) => void;
  /** What a pass, a watch or a worker failed with that nobody caught. */
  readonly onFailure: (error: unknown) => void;
  /** The process ended by itself: because it was asked to, or because it lost the lease. */
  readonly onExit: () => void;
}

/** A process that works. */
export interface OperatorProcess {
  /** SIGTERM: running passes may end, then the process ends. */
  terminate(): void;
  /**
   * Lets go of everything. To be called when the life has ended: Node keeps combined signals that
   * have listeners, and with them all that the listeners know, until they abort.
   */
  dispose(): void;
}

const linkType = { group, version, plural, namespaced: false };

/** The defaults of the program's flags. */
const drainMs = 20_000;
const leaseTiming = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
export const lease = {
  namespace: 'sagemaker-privatelink-system',
  name: 'sagemaker-privatelink-operator',
};

/** Starts a process; it works until it is asked to end, loses the lease, or its life ends. */
export function startOperator(options: ProcessOptions): OperatorProcess {
  const { life, client, random, metrics, onFailure } = options;
  const clock = processClock(options.time, life, options.skew);
  const logger = createLogger({
    level: 'debug',
    destination: { write: (line) => void (life.isAlive && options.onLog(line)) },
  });
  const shutdown = new AbortController();
  const end = new AbortController();
  const resource = client.resource<SageMakerPrivateLink>(linkType);
  const watch = createResourceWatch<SageMakerPrivateLink>({
    resource,
    clock,
    random,
    logger,
    keep: keptLink,
  });
  const queue = createWorkQueue({
    name: 'sagemakerprivatelink',
    clock,
    random,
    backoff: { firstMs: 1_000, longestMs: 120_000 },
  });
  const events = createEventRecorder({
    events: client.resource<KubernetesEvent>(eventType),
    clock,
    random,
    logger,
    controller: `${group}/operator`,
    instance: life.name,
    signal: end.signal,
  });
  let leadership: Leadership | undefined;
  const mayAct = (): boolean => leadership?.mayAct() ?? life.isAlive;
  const cloud = createCloud({
    clusterId: options.clusterId,
    transport: options.transport(mayAct),
    clock,
  });
  const reconciler = createLinkReconciler({
    clusterId: options.clusterId,
    resource,
    watch,
    queue,
    cloudFor: () => cloud,
    mayAct,
    quietTime: createQuietTime(options.consistencyMs),
    sightingTimes: createSightingTimes(),
    patience: defaultPatience,
    paces: { pollMs: 5_000, stalledMs: 300_000 },
    clock,
    logger,
    recordEvent: (event) => events.record(event),
  });

  const termination = new AbortController();

  async function work(leadershipOfTerm: AbortSignal): Promise<void> {
    const term = AbortSignal.any([leadershipOfTerm, termination.signal]);
    const isSynced = untilAborted(watch.synced, AbortSignal.any([term, shutdown.signal]));
    if (!(await isSynced.then(() => true).catch(() => false))) return;
    const parts = { watch, queue, workers: 4, clock, logger, metrics };
    const limits = { queue, clock, logger, drainMs, leadership: term, shutdown: shutdown.signal };
    await drainedWork(limits, (signal) =>
      runLinkController({ ...parts, reconciler: noting(reconciler, options) }, signal),
    );
  }

  function lead(): Promise<unknown> {
    leadership = createLeadership({
      leases: client.resource<Lease>(leaseType),
      ...lease,
      identity: life.name,
      ...leaseTiming,
      clock,
      random,
      logger,
      queue,
      work,
    });
    return leadership.run(shutdown.signal);
  }

  watch.run(end.signal).catch(onFailure);
  const working = options.isReplica ? lead() : work(end.signal);
  working
    .then(() => events.flush(end.signal))
    .then(() => end.abort(new Error('the operator stops')))
    .then(options.onExit, onFailure);
  return {
    terminate: () => shutdown.abort(new Error('SIGTERM')),
    dispose: () => {
      for (const controller of [shutdown, end, termination])
        controller.abort(new Error('disposed'));
    },
  };
}

/** Tells of every pass that ended. */
function noting(reconciler: LinkReconciler, options: ProcessOptions): LinkReconciler {
  return {
    noteGone: (link) => reconciler.noteGone(link),
    async reconcile(item, signal) {
      try {
        return await reconciler.reconcile(item, signal);
      } finally {
        if (options.life.isAlive) options.onPass(item.key);
      }
    },
  };
}
