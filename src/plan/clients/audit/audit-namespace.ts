import { type ClusterFacts, podIdentityAgent } from '../wanted-egress.ts';
import { type AnyNetworkPolicy, type Destination, isOpened, restrictsEgress } from './reachable.ts';
import { serviceDestinations } from './service-destinations.ts';
import type { AuditedCluster, RunningPod } from './audited-cluster.ts';

/** Something that pods of a namespace reach now and would not reach any more. */
export interface CutOff {
  /** `service/NAMESPACE/NAME`, `kubernetesAPI`, `podIdentity` or `sts`. */
  readonly id: string;
  /** Such as `Service db/postgres, TCP 5432`. */
  readonly destination: string;
  /** Names of the pods. */
  readonly pods: readonly string[];
  /** True for a loss that the caller knows of and accepts. */
  readonly ignored: boolean;
}

/** The result of a policy for the pods that run in a namespace now. */
export interface NamespaceAudit {
  readonly namespace: string;
  /** Running pods that the policy selects. */
  readonly selected: readonly string[];
  /** Running pods that it cannot hold, since they use the node's own network. */
  readonly onHostNetwork: readonly string[];
  readonly cutOff: readonly CutOff[];
  /** Pods that reach addresses outside of the cluster now and would reach the listed ones alone. */
  readonly shutIn: readonly string[];
}

export interface AuditInput {
  readonly namespace: string;
  /** The policy as it would be. */
  readonly policy: AnyNetworkPolicy;
  readonly cluster: AuditedCluster;
  readonly facts: ClusterFacts;
  /** Addresses of the VPC's endpoint for AWS STS; undefined where it may have some that are not known. */
  readonly stsAddresses: readonly string[] | undefined;
  /** Ids of losses that are accepted; one that ends with `*` is the beginning of ids. */
  readonly ignore: readonly string[];
}

/**
 * Holds a policy against what is known without traffic: Services of the cluster, the ways by which
 * pods get their AWS credentials, and whether anything outside was open to them.
 */
export function auditNamespace(input: AuditInput): NamespaceAudit {
  const { namespace, policy, cluster } = input;
  const pods = cluster.pods.filter((pod) => pod.namespace === namespace);
  const inScope = pods.filter(({ labels }) => restrictsEgress(policy, labels));
  const held = inScope.filter(({ hostNetwork }) => !hostNetwork);
  const losing = (ways: readonly Destination[], among = held): readonly string[] =>
    among.filter((pod) => losesAll(pod, ways, input)).map(({ name }) => name);
  const services = serviceDestinations(cluster, input.facts).map(({ id, words, ways }) => ({
    id,
    destination: words,
    pods: losing(ways),
  }));
  const credentials = credentialWays(input).map(({ variable, ways, ...one }) => {
    const users = held.filter(({ variables }) => variables.includes(variable));
    return { ...one, pods: losing(ways, users) };
  });
  return {
    namespace,
    selected: held.map(({ name }) => name),
    onHostNetwork: inScope.filter(({ hostNetwork }) => hostNetwork).map(({ name }) => name),
    cutOff: [...credentials, ...services]
      .filter(({ pods: losers }) => losers.length > 0)
      .map((one) => ({ ...one, ignored: isIgnored(one.id, input.ignore) })),
    shutIn: losing([anywhere]),
  };
}

function isIgnored(id: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern,
  );
}

/** An address for documentation stands for the rest of the world. https://www.rfc-editor.org/rfc/rfc5737 */
const anywhere: Destination = { addresses: ['192.0.2.1'], protocol: 'TCP', port: 443 };

/** True for a pod that reaches one of these now and none of them under the policy. */
function losesAll(pod: RunningPod, ways: readonly Destination[], input: AuditInput): boolean {
  const { policy, cluster, namespace } = input;
  const present = cluster.policies.filter(
    (one) => one.namespace === namespace && restrictsEgress(one, pod.labels),
  );
  const others = present.filter(({ name }) => name !== policy.name);
  const reachesNow = ways.some((way) => present.length === 0 || isOpened(present, way));
  return reachesNow && !ways.some((way) => isOpened([...others, policy], way));
}

/**
 * Pods tell by their environment how they get credentials: EKS puts these variables in.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
function credentialWays({ stsAddresses }: AuditInput) {
  const way = (address: string, port: number): Destination => {
    return { addresses: [address], protocol: 'TCP', port };
  };
  const sts = stsAddresses?.map((address) => way(address, 443));
  return [
    {
      id: 'podIdentity',
      destination: 'the EKS Pod Identity agent, which gives them their AWS credentials',
      variable: 'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      ways: podIdentityAgent.map((address) => way(address, 80)),
    },
    {
      id: 'sts',
      destination: 'AWS STS, which gives them their AWS credentials',
      variable: 'AWS_WEB_IDENTITY_TOKEN_FILE',
      // Without an endpoint of its own STS is one of the public addresses. Nothing is said of one
      // whose addresses are not known.
      ways: sts === undefined ? [] : [...sts, anywhere],
    },
  ] as const;
}
