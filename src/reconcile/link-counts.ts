import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Sets `sagemaker_privatelink_links`: how many links have each condition in each status. */
export function countLinks(
  { links }: Pick<Metrics, 'links'>,
  all: readonly SageMakerPrivateLink[],
): void {
  links.reset();
  for (const { status } of all) {
    for (const condition of status?.conditions ?? []) {
      links.inc({ condition: condition.type, status: condition.status });
    }
  }
}
