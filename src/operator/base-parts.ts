import type { ApiClient } from '../kubernetes/client/api-client.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { OperatorConfig } from './operator-config.ts';
import type { OperatorOverrides } from './operator-overrides.ts';
import type { Environment } from './proxy-settings.ts';

/** The ground that the other parts stand on. */
export interface BaseParts {
  readonly config: OperatorConfig;
  readonly overrides: OperatorOverrides;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly client: ApiClient;
  readonly leaseNamespace: string;
}
