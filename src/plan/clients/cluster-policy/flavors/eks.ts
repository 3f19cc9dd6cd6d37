import { contains } from '../../../network/cidr.ts';
import {
  clusterEgress,
  type ClusterPolicyProblem,
  type ClusterPort,
  type ClusterRule,
} from '../cluster-egress.ts';
import type { ClusterPolicyInput, RenderedClusterPolicy } from '../policy-object.ts';
import { clusterNetworkPolicies } from './cluster-network-policy.ts';

/**
 * The agent keeps at most so many entries of port, action and priority for one address and drops the
 * rest, the denying one as well as any other.
 * https://github.com/aws/aws-network-policy-agent, MAX_PORT_PROTOCOL in pkg/ebpf/c/tc.v4egress.bpf.c
 */
const maxEntriesOfAddress = 24;

/**
 * ClusterNetworkPolicy of the VPC CNI and EKS Auto Mode.
 * https://github.com/aws/amazon-network-policy-controller-k8s, api/v1alpha1 of v1.1.7
 */
export function renderEks(apiVersion: string, input: ClusterPolicyInput): RenderedClusterPolicy {
  const own = input.namespacedPolicies === 'Write' ? 'Widen' : 'Refuse';
  const { rules, problems } = clusterEgress(input.wanted, own);
  const limits = { maxRules: 100, maxPeers: 100, maxNetworks: 25, maxPorts: 100 };
  const objects = clusterNetworkPolicies({ apiVersion, ...limits, portFields }, input, rules);
  return { objects, problems: [...problems, ...tooManyPorts(rules)] };
}

function portFields(ports: readonly ClusterPort[]): object {
  return { ports: ports.map(portField) };
}

function portField({ protocol, port, endPort }: ClusterPort): object {
  if (port === undefined) return { portRange: { protocol, start: 1, end: 65_535 } };
  return endPort === undefined
    ? { portNumber: { protocol, port } }
    : { portRange: { protocol, start: port, end: endPort } };
}

/**
 * The address that the most entries meet at: it may be a pod of every rule for pods, it inherits
 * the entries of each larger block, and one entry denies the rest.
 */
export function tooManyPorts(rules: readonly ClusterRule[]): readonly ClusterPolicyProblem[] {
  const networks = rules.filter((rule) => rule.kind === 'Networks');
  const ofPods = entriesOf(rules.filter((rule) => rule.kind === 'Pods'));
  const ofNetworks = networks
    .flatMap(({ cidrs }) => cidrs)
    .map((cidr) =>
      entriesOf(networks.filter(({ cidrs }) => cidrs.some((one) => contains(one, cidr)))),
    );
  const most = ofPods + Math.max(0, ...ofNetworks) + 1;
  if (most <= maxEntriesOfAddress) return [];
  const message =
    `The rules of the policy put up to ${most} ports on one address, and the VPC CNI's agent takes ` +
    `${maxEntriesOfAddress}: past that it drops some. Join ports of egress.rules into ranges, or ` +
    'leave clusterPolicy out.';
  return [{ reason: 'TooManyPorts', message }];
}

function entriesOf(rules: readonly ClusterRule[]): number {
  return rules.reduce((sum, { ports }) => sum + Math.max(1, ports.length), 0);
}
