/** The network of the cluster's pods: the endpoints of the simulated AWS, and the policies of namespaces. */
import type { VirtualTime } from '../virtual-time.ts';
import { region } from '../world/foreign.ts';
import type { SimulatedAws } from '../world/simulated-aws.ts';
import type { ClientCluster } from './client-cluster.ts';
import { createKubelet, type Kubelet } from './kubelet.ts';

/** Starts the nodes of a cluster, whose pods reach the available endpoints that policies let them. */
export function startKubelet(
  cluster: ClientCluster,
  aws: SimulatedAws,
  time: VirtualTime,
): Kubelet {
  return createKubelet(cluster.pods, {
    answers: (address) =>
      aws.control
        .region(region)
        .endpoints()
        .filter(({ state }) => state === 'available')
        .some(({ interfaces }) =>
          interfaces.some(({ ipv4, ipv6 }) => address === ipv4 || address === ipv6),
        ),
    // The scenarios have no policies for some of a namespace's pods, and none of others.
    lets(namespace, address) {
      const policies = cluster.policies.list().filter((one) => {
        return one.metadata.namespace === namespace;
      });
      const block = `${address}/${address.includes(':') ? 128 : 32}`;
      return policies.length === 0 || policies.some(({ spec }) => blocksIn(spec).includes(block));
    },
    later: (run, delayMs) => void time.setTimer(run, delayMs),
    wallTime: () => new Date(time.now()),
  });
}

interface Egress {
  readonly egress?: readonly {
    readonly to?: readonly { readonly ipBlock?: { readonly cidr: string } }[];
  }[];
}

function blocksIn(spec: unknown): readonly string[] {
  const { egress = [] } = (spec ?? {}) as Egress;
  return egress.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []));
}
