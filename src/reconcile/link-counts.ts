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
  // Thousands of links share their conditions: see `LinkBrief`.
  const numbers = new Map<CountedLink['conditions'], number>();
  for (const { name: link, conditions } of all) {
    numbers.set(conditions, (numbers.get(conditions) ?? 0) + 1);
    if (!isEach) continue;
    for (const one of conditions) linkConditions.set({ link, ...labelsOf(one) }, 1);
  }
  for (const [conditions, number] of numbers) {
    for (const one of conditions) links.inc(labelsOf(one), number);
  }
}

function labelsOf({ type: condition, status, reason }: CountedLink['conditions'][number]) {
  return { condition, status, reason };
}
