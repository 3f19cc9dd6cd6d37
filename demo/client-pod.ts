/** A pod of the story, and the decision of NetworkPolicies about its traffic. */
import {
  type AnyNetworkPolicy,
  type Destination,
  isOpened,
  restrictsEgress,
} from '../src/plan/clients/audit/reachable.ts';

type Labels = Readonly<Record<string, string>>;

export interface ClientPod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly name: string;
  readonly labels: Labels;
}

/** A place that the pod may want to reach. */
export interface Place {
  readonly words: string;
  readonly destination: Destination;
}

/**
 * True if the policies of its namespace let the pod reach the destination: a pod that no policy
 * restricts reaches everything. The evaluator is that of `clients --audit`.
 */
export function isAllowed(
  policies: readonly AnyNetworkPolicy[],
  { namespace, labels }: ClientPod,
  destination: Destination,
): boolean {
  const own = policies.filter((one) => one.namespace === namespace);
  const restricting = own.filter((one) => restrictsEgress(one, labels));
  return restricting.length === 0 || isOpened(restricting, destination);
}

/** CoreDNS as every cluster has it. https://kubernetes.io/docs/tasks/administer-cluster/coredns/ */
export const clusterDns: Place = {
  words: 'cluster DNS, UDP 53',
  destination: {
    addresses: ['10.0.0.53'],
    pod: {
      namespace: 'kube-system',
      namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
      labels: { 'k8s-app': 'kube-dns' },
    },
    protocol: 'UDP',
    port: 53,
  },
};

/** An address over HTTPS. */
export function https(words: string, address: string): Place {
  return { words, destination: { addresses: [address], protocol: 'TCP', port: 443 } };
}
