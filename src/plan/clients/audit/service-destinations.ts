import { selects } from '../label-selector.ts';
import type { ClusterFacts } from '../wanted-egress.ts';
import type { AuditedCluster, ClusterService, RunningPod } from './audited-cluster.ts';
import type { Destination } from './reachable.ts';

/** One port of a Service, and the pods behind it: any one of them will do. */
export interface ServiceDestination {
  /** `service/NAMESPACE/NAME`, or `kubernetesAPI`. */
  readonly id: string;
  readonly words: string;
  readonly ways: readonly Destination[];
}

/**
 * Services as destinations. Those without running pods have nothing to lose; of those without a
 * selector only the API server's own is known.
 */
export function serviceDestinations(
  cluster: AuditedCluster,
  facts: ClusterFacts,
): readonly ServiceDestination[] {
  const labelsOf = new Map(cluster.namespaces.map(({ name, labels }) => [name, labels]));
  const all = cluster.services.flatMap((service) =>
    service.ports.map(({ protocol, port, targetPort }): ServiceDestination => {
      const ways = podsBehind(service, cluster.pods).map((pod): Destination => {
        const number = typeof targetPort === 'number' ? targetPort : pod.namedPorts[targetPort];
        const { namespace, labels } = pod;
        return {
          addresses: pod.addresses,
          pod: { namespace, labels, namespaceLabels: labelsOf.get(namespace) ?? {} },
          protocol,
          port: number ?? port,
        };
      });
      const id = `service/${service.namespace}/${service.name}`;
      return { id, words: wordsOf(service, protocol, port), ways };
    }),
  );
  const api = facts.kubernetesAPI.map(
    ({ address, port }): Destination => ({ addresses: [address], protocol: 'TCP', port }),
  );
  const server = { id: 'kubernetesAPI', words: 'the Kubernetes API server', ways: api };
  return [...all, server].filter(({ ways }) => ways.length > 0);
}

function podsBehind(
  { namespace, selector }: ClusterService,
  pods: readonly RunningPod[],
): readonly RunningPod[] {
  if (selector === undefined) return [];
  return pods.filter(
    (pod) => pod.namespace === namespace && selects({ matchLabels: selector }, pod.labels),
  );
}

function wordsOf({ namespace, name }: ClusterService, protocol: string, port: number): string {
  return `Service ${namespace}/${name}, ${protocol} ${port}`;
}
