import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import { blocksOf } from '../egress.ts';
import { systemNamespaces } from '../plan-namespace.ts';
import type { EgressOfLink } from '../wanted-egress.ts';
import type { ClusterPolicyInput } from './policy-object.ts';

/** The cluster policy of a link without a word of a flavour; undefined for a link without one. */
export function policyInputOf(
  { spec, status, metadata }: SageMakerPrivateLink,
  { wanted }: EgressOfLink,
  operatorNamespace: string | undefined,
): ClusterPolicyInput | undefined {
  const { clients } = spec;
  if (clients?.clusterPolicy === undefined) return undefined;
  const { priority, others, namespacedPolicies } = clients.clusterPolicy;
  const addresses = (status?.endpoints ?? []).flatMap(({ networkInterfaces = [] }) =>
    networkInterfaces.flatMap(({ ipv4, ipv6 }) => [ipv4 ?? [], ipv6 ?? []].flat()),
  );
  return {
    link: metadata.name,
    namespaceSelector: clients.namespaceSelector,
    protectedNamespaces: [
      ...new Set([...systemNamespaces, ...(operatorNamespace ? [operatorNamespace] : [])]),
    ].sort(),
    wanted,
    endpointCidrs: [...blocksOf(addresses)].sort(),
    priority,
    others,
    namespacedPolicies,
  };
}
