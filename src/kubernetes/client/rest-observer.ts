import type { RestMetrics } from '../../telemetry/metrics.ts';
import type { AttemptReport } from './api-request.ts';

/** Feeds client-go's rest_client_* metrics from the API client's `observe`. */
export function restObserver(metrics: RestMetrics): (report: AttemptReport) => void {
  return ({ verb, method, host, code, seconds, limiterSeconds }) => {
    metrics.requests.inc({ code, method, host });
    metrics.seconds.observe({ verb, host }, seconds);
    metrics.limiterSeconds.observe({ verb, host }, limiterSeconds);
  };
}
