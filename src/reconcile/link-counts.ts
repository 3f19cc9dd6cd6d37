import type { Condition } from '../api/sagemaker-private-link.ts';
import type { Metrics } from '../telemetry/metrics.ts';

type LinkMetrics = Pick<Metrics, 'links' | 'linkConditions' | 'linkConditionsLeftOut'>;

/** A link, as far as it is counted. */
export interface CountedLink {
  readonly name: string;
  readonly conditions: readonly Pick<Condition, 'type' | 'status' | 'reason'>[];
}

/**
 * Sets the metrics that are made from the conditions of links: how many there are of each kind, and a
 * series for each condition of each link.
 *
 * @param mostLinks beyond so many links none has series of its own
 */
export function countLinks(
  { links, linkConditions, linkConditionsLeftOut }: LinkMetrics,
  all: readonly CountedLink[],
  mostLinks: number,
): void {
  const isEach = all.length <= mostLinks;
  links.reset();
  linkConditions.reset();
  linkConditionsLeftOut.set(isEach ? 0 : all.length);
  for (const { name: link, conditions } of all) {
    for (const { type: condition, status: state, reason } of conditions) {
      const labels = { condition, status: state, reason };
      links.inc(labels);
      if (isEach) linkConditions.set({ link, ...labels }, 1);
    }
  }
}
