/** The operator as the program makes it, on virtual time and between the faults. */
import { Command } from 'commander';
import type { AwsTransport } from '../src/aws/client/operations.ts';
import { addOperatorOptions } from '../src/cli/operator-options.ts';
import type { ApiClient } from '../src/kubernetes/client/api-client.ts';
import { createOperator } from '../src/operator/operator.ts';
import type { OperatorConfig } from '../src/operator/operator-config.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import type { Metrics } from '../src/telemetry/metrics.ts';
import type { ProcessLife } from './process-life.ts';
import { type ClockSkew, processClock, type VirtualTime } from './virtual-time.ts';
import { region } from './world/foreign.ts';

export interface ProcessOptions {
  readonly life: ProcessLife;
  readonly time: VirtualTime;
  readonly skew: ClockSkew;
  /** AWS as this process reaches it; changes go out while `mayWrite` says so. */
  readonly transport: (mayWrite: () => boolean) => AwsTransport;
  readonly client: ApiClient;
  readonly clusterId: string;
  /** Whether it shares the work with others, by Leases. */
  readonly isReplica: boolean;
  /** Flags that are not at their defaults. */
  readonly flags: Partial<OperatorConfig>;
  readonly metrics: Metrics;
  readonly random: () => number;
  readonly onLog: (line: string) => void;
  readonly onPass: (key: string) => void;
  /** Called with the error of a pass, a watch or a worker that nobody caught. */
  readonly onFailure: (error: unknown) => void;
  /** The process ended by itself: because it was asked to, or because it lost what it had. */
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

/** The defaults of the program's flags. */
const defaults = addOperatorOptions(new Command()).opts<OperatorConfig>();

/** Sweeps for orphans are scenarios of their own, and secrets are looked for in all lines of the log. */
const harness = { workers: 4, orphanSweepMs: 1e12, logLevel: 'debug' } as const;

const namespace = 'sagemaker-privatelink-system';

/** Starts a process; it works until it is asked to end, loses what it had, or its life ends. */
export function startOperator(options: ProcessOptions): OperatorProcess {
  const { life, client, random, metrics, clusterId, isReplica, transport, flags } = options;
  const config = { ...defaults, clusterId, leaderElect: isReplica, ...harness, ...flags };
  const logger = createLogger({
    level: config.logLevel,
    destination: { write: (line) => void (life.isAlive && options.onLog(line)) },
  });
  const operator = createOperator(
    config,
    { logger, environment: {} },
    {
      clock: processClock(options.time, life, options.skew),
      random,
      metrics,
      cluster: { client, namespace },
      createTransports: ({ mayWrite = () => true }) => {
        const own = transport(() => mayWrite({ region }));
        return { reading: () => own, writing: () => own };
      },
      instance: life.name,
      startProbeServers: async () => async () => undefined,
      onPass: (name) => void (life.isAlive && options.onPass(name)),
    },
  );
  operator.run().then(options.onExit, options.onFailure);
  return {
    terminate: () => operator.drain(new Error('SIGTERM')),
    dispose: () => operator.stop(new Error('disposed')),
  };
}
