import type { ServedFlavor } from './choose-flavor.ts';
import { renderCalico } from './flavors/calico.ts';
import { renderCilium } from './flavors/cilium.ts';
import { renderEks } from './flavors/eks.ts';
import { renderNetworkPolicyApi } from './flavors/network-policy-api.ts';
import type { ClusterPolicyInput, RenderedClusterPolicy } from './policy-object.ts';

/**
 * The objects of a cluster policy in one flavour. The pods of the selection reach what is allowed
 * and nothing else; with `others: Deny` no other pod reaches the endpoints.
 */
export function renderClusterPolicy(
  served: ServedFlavor,
  input: ClusterPolicyInput,
): RenderedClusterPolicy {
  const rendered = renderFlavor(served, input);
  return rendered.problems.length > 0 ? { ...rendered, objects: [] } : rendered;
}

function renderFlavor(served: ServedFlavor, input: ClusterPolicyInput): RenderedClusterPolicy {
  switch (served.flavor) {
    case 'NetworkPolicyAPI':
      return renderNetworkPolicyApi(served.apiVersion, input);
    case 'EKS':
      return renderEks(served.apiVersion, input);
    case 'Cilium':
      return renderCilium(served.apiVersion, input);
    case 'Calico':
      return renderCalico(served, input);
  }
}
