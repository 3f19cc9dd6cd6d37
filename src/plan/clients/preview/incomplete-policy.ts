import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import { sameSelector } from '../label-selector.ts';
import { byAge } from '../merge-links.ts';
import { type NetworkPolicySpec, renderNetworkPolicy } from '../network-policy/network-policy.ts';
import { type ClusterFacts, wantedEgress } from '../wanted-egress.ts';

/**
 * The policy of a namespace as far as it is known: of the oldest link, and of those that select the
 * same pods.
 * @param links those that select the namespace
 * @returns undefined where none has a policy
 */
export function incompletePolicy(
  links: readonly SageMakerPrivateLink[],
  cluster: ClusterFacts,
): NetworkPolicySpec | undefined {
  const parts = byAge(links).flatMap((link) => wantedEgress(link, cluster) ?? []);
  const [first] = parts;
  if (first === undefined) return undefined;
  const { podSelector } = first.wanted;
  const same = parts.filter(({ wanted }) => sameSelector(wanted.podSelector, podSelector));
  const allowed = same.flatMap(({ wanted }) => wanted.allowed);
  return renderNetworkPolicy({ podSelector, allowed });
}
