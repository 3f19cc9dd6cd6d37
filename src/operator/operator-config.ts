import type { QueueAddress } from '../aws/drift-events/queue-address.ts';
import type { CallLimits } from '../aws/rate-limit/call-limits.ts';
import type { Patience } from '../plan/sightings.ts';
import type { LogLevel } from '../telemetry/logger.ts';

/** Everything that an administrator can set of an operator: the flags of its command. Durations are in milliseconds. */
export interface OperatorConfig extends Patience {
  /** Undefined: the UID of the namespace kube-system. */
  readonly clusterId?: string;
  /** Undefined: links that name an account are refused. */
  readonly accountMap?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly leaderElect: boolean;
  /** Undefined: the namespace of the pod. */
  readonly leaseNamespace?: string;
  readonly leaseName: string;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
  readonly healthPort: number;
  readonly metricsPort: number;
  /** Undefined: every address of both families. */
  readonly host?: string;
  readonly workers: number;
  /** Whether namespaces of the cluster are looked after: `spec.clients`. */
  readonly clients: boolean;
  /** Whether links are verified from pods: `spec.verify`. */
  readonly verify: boolean;
  /** The image of these pods. Undefined: the one of the operator's own pod. */
  readonly verifyImage?: string;
  readonly namespaceWorkers: number;
  /** Requests to the API server: per second, after a burst. */
  readonly kubeApiQps: number;
  readonly kubeApiBurst: number;
  /** The most links that have metrics of their own. */
  readonly linkMetrics: number;
  readonly logLevel: LogLevel;
  readonly awsCallRate: CallLimits;
  /** The part of AWS's published call rates that is used: above 0, at most 1. */
  readonly awsCallShare: number;
  /** Queues with events about changes at AWS. None: drift is found by the sweep alone. */
  readonly driftEventsQueue: readonly QueueAddress[];
  readonly pollMs: number;
  readonly stalledMs: number;
  readonly consistencyMs: number;
  readonly orphans: 'Report' | 'Delete';
  readonly orphanGraceMs: number;
  readonly orphanSweepMs: number;
  readonly drainMs: number;
  readonly relistMs: number;
  readonly watchSilenceMs: number;
}
