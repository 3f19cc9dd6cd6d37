/** The operator's real parts, joined as the program joins them, on virtual time. */
import {
  group,
  plural,
  type SageMakerPrivateLink,
  version,
} from '../src/api/sagemaker-private-link.ts';
import { createCloud } from '../src/aws/cloud.ts';
import type { AwsTransport } from '../src/aws/operations.ts';
import type { ApiClient } from '../src/kubernetes/api-client.ts';
import { createEventRecorder } from '../src/kubernetes/event-recorder.ts';
import { type KubernetesEvent, eventType } from '../src/kubernetes/event.ts';
import { createResourceWatch } from '../src/kubernetes/resource-watch.ts';
import { createWorkQueue } from '../src/kubernetes/work-queue.ts';
import { runLinkController } from '../src/reconcile/link-controller.ts';
import { createLinkReconciler, type LinkReconciler } from '../src/reconcile/link-reconciler.ts';
import { createQuietTime } from '../src/reconcile/quiet-time.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import type { Metrics } from '../src/telemetry/metrics.ts';
import type { ProcessLife } from './boundary.ts';
import { processClocks, type VirtualTime } from './virtual-time.ts';

export interface ProcessOptions {
  readonly life: ProcessLife;
  readonly time: VirtualTime;
  readonly transport: AwsTransport;
  readonly client: ApiClient;
  readonly clusterId: string;
  readonly metrics: Metrics;
  readonly random: () => number;
  readonly consistencyMs: number;
  readonly onLog: (line: string) => void;
  readonly onPass: (key: string) => void;
  /** What a pass, a watch or a worker failed with that nobody caught. */
  readonly onFailure: (error: unknown) => void;
}

/** A process that works. */
export interface OperatorProcess {
  /** An orderly end: running passes may finish. */
  stop(): void;
}

const linkType = { group, version, plural, namespaced: false };

/** Starts a process; it works until it is stopped or its life ends. */
export function startOperator(options: ProcessOptions): OperatorProcess {
  const { life, time, client, random, metrics, onFailure } = options;
  const { clock, awsClock } = processClocks(time, () => life.isAlive);
  const logger = createLogger({
    level: 'debug',
    destination: { write: (line) => void (life.isAlive && options.onLog(line)) },
  });
  const end = new AbortController();
  const resource = client.resource<SageMakerPrivateLink>(linkType);
  const watch = createResourceWatch<SageMakerPrivateLink>({ resource, clock, random, logger });
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
  const cloud = createCloud({
    clusterId: options.clusterId,
    transport: options.transport,
    clock: awsClock,
  });
  const reconciler = createLinkReconciler({
    clusterId: options.clusterId,
    resource,
    watch,
    queue,
    cloudFor: () => cloud,
    mayAct: () => life.isAlive,
    quietTime: createQuietTime(options.consistencyMs),
    paces: { pollMs: 5_000, stalledMs: 300_000 },
    clock,
    logger,
    recordEvent: (event) => events.record(event),
  });
  const { signal } = end;
  const parts = { watch, queue, workers: 4, clock, logger, metrics };
  watch.run(signal).catch(onFailure);
  runLinkController({ ...parts, reconciler: noting(reconciler, options) }, signal).catch(onFailure);
  return { stop: () => void queue.drain().then(() => end.abort(new Error('stopped'))) };
}

/** Tells of every pass that ended. */
function noting(reconciler: LinkReconciler, options: ProcessOptions): LinkReconciler {
  return {
    async reconcile(item, signal) {
      try {
        return await reconciler.reconcile(item, signal);
      } finally {
        if (options.life.isAlive) options.onPass(item.key);
      }
    },
  };
}
