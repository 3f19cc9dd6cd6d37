import type { CallLimits } from '../aws/rate-limit/call-limits.ts';
import type { LogLevel } from '../telemetry/logger.ts';

/** Everything that an administrator can set of an operator: the flags of its command. */
export interface OperatorConfig {
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
  readonly leaseDurationSeconds: number;
  readonly renewDeadlineSeconds: number;
  readonly retryPeriodSeconds: number;
  readonly healthPort: number;
  readonly metricsPort: number;
  /** Undefined: every address of both families. */
  readonly host?: string;
  readonly workers: number;
  readonly logLevel: LogLevel;
  readonly awsCallRate: CallLimits;
  readonly pollSeconds: number;
  readonly stalledSeconds: number;
  readonly consistencySeconds: number;
  readonly dnsSettleSeconds: number;
  readonly iamSettleSeconds: number;
  readonly wayDeadlineSeconds: number;
  readonly orphans: 'Report' | 'Delete';
  readonly orphanGraceSeconds: number;
  readonly orphanSweepSeconds: number;
  readonly drainSeconds: number;
  readonly relistSeconds: number;
  readonly watchSilenceSeconds: number;
}
