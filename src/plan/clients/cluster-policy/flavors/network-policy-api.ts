import { clusterEgress, type ClusterPort } from '../cluster-egress.ts';
import type { ClusterPolicyInput, RenderedClusterPolicy } from '../policy-object.ts';
import { clusterNetworkPolicies } from './cluster-network-policy.ts';

/**
 * ClusterNetworkPolicy of the Network Policy API, v1alpha2 and v1beta1, which have one schema.
 * https://github.com/kubernetes-sigs/network-policy-api, config/crd/standard of v0.2.0 and v0.3.0
 */
export function renderNetworkPolicyApi(
  apiVersion: string,
  input: ClusterPolicyInput,
): RenderedClusterPolicy {
  const own = input.namespacedPolicies === 'Write' ? 'Widen' : 'Refuse';
  const { rules, problems } = clusterEgress(input.wanted, own);
  const limits = { maxRules: 25, maxPeers: 25, maxNetworks: 25, maxPorts: 25 };
  const objects = clusterNetworkPolicies({ apiVersion, ...limits, portFields }, input, rules);
  return { objects, problems };
}

function portFields(ports: readonly ClusterPort[]): object {
  return {
    protocols: ports.map((port) => ({
      [port.protocol.toLowerCase()]: { destinationPort: destinationPort(port) },
    })),
  };
}

/** A range has to end later than it starts, and a protocol without a port may not stand alone. */
function destinationPort({ port, endPort }: ClusterPort): object {
  if (port === undefined) return { range: { start: 1, end: 65_535 } };
  return endPort === undefined ? { number: port } : { range: { start: port, end: endPort } };
}
