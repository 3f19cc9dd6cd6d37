import { callPurposes } from '../aws/call-purposes.ts';
import type { CloudErrorKind } from '../plan/cloud.ts';
import type { AwsMetrics } from '../telemetry/metrics.ts';

/** The failures that alerts wait for. */
const failures = ['Denied', 'Credentials', 'Throttled'] satisfies CloudErrorKind[];

/**
 * Begins the series of each operation's failures at 0: an alert on growth misses the first failure where
 * the series begins with it.
 */
export function awsCallsFromZero({ calls }: Pick<AwsMetrics, 'calls'>): void {
  for (const operation of Object.keys(callPurposes)) {
    const [service = '', action = ''] = operation.split(':');
    for (const result of failures) calls.inc({ service, action, result }, 0);
  }
}
