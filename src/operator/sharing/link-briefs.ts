/** Everything that a process asks of all links at once: where they are, and how they are. */
import { LRUCache } from 'lru-cache';
import type { Condition, SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import { createResourceIndex, type ResourceIndex } from '../../kubernetes/watch/resource-index.ts';
import type { ResourceWatch } from '../../kubernetes/watch/resource-watch.ts';
import { type ExpectedNetwork, networkOf } from '../../reconcile/first-looks.ts';
import { isDone } from '../../reconcile/link-controller.ts';
import { needsCluster } from './places.ts';

/** A link in short. Links of one VPC that are alike share one. */
export interface LinkBrief {
  readonly network: ExpectedNetwork;
  /** Whether passes over it need what only the owner of the cluster's duties knows. */
  readonly needsCluster: boolean;
  readonly isDone: boolean;
  readonly conditions: readonly Pick<Condition, 'type' | 'status' | 'reason'>[];
}

/** Different briefs that are known at the same time: links are in VPCs of some dozens each. */
const mostShared = 5_000;

/** Keeps up with the links of a watch, as long as it lives. */
export function createLinkBriefs(
  watch: Pick<ResourceWatch<SageMakerPrivateLink>, 'subscribe'>,
): ResourceIndex<LinkBrief> {
  const shared = new LRUCache<string, LinkBrief>({ max: mostShared });
  return createResourceIndex(watch, (link) => {
    const brief = briefOf(link);
    const text = JSON.stringify(brief);
    const known = shared.get(text) ?? brief;
    shared.set(text, known);
    return known;
  });
}

function briefOf(link: SageMakerPrivateLink): LinkBrief {
  const conditions = link.status?.conditions ?? [];
  return {
    network: networkOf(link),
    needsCluster: needsCluster(link),
    isDone: isDone(link),
    conditions: conditions.map(({ type, status, reason }) => ({ type, status, reason })),
  };
}
