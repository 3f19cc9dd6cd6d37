import type { CreateTransports } from '../aws/accounts/account-transports.ts';
import type { ApiClient } from '../kubernetes/client/api-client.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ProbeServersOptions } from './probe-servers.ts';

/** Stands in the place of the machine an operator runs on; each has the real one as its default. */
export interface OperatorOverrides {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly metrics?: Metrics;
  /** The API server, and the namespace of this process. @default by the kubeconfig or the pod */
  readonly cluster?: { readonly client: ApiClient; readonly namespace: string };
  /** Ways to AWS. @default over its SDK, with the credentials of the process */
  readonly createTransports?: CreateTransports;
  /** Tells this process from the others. @default the host's name with a random part */
  readonly instance?: string;
  /** Returns how to close what it opened. */
  readonly startProbeServers?: (options: ProbeServersOptions) => Promise<() => Promise<void>>;
  /** Told of each pass that ended, by the name of the link. */
  readonly onPass?: (name: string) => void;
}
