/**
 * Which packets a link's policies let through, told from what the fields of the spec mean: nothing
 * here knows a renderer or a kind of policy.
 */
import { isInside } from '../../../src/plan/network/cidr.ts';
import type { ClusterPolicyInput } from '../../../src/plan/clients/cluster-policy/policy-object.ts';
import type { AllowedEgress, PortRange } from '../../../src/plan/clients/egress.ts';
import type { LabelSelector } from '../../../src/api/sagemaker-private-link.ts';
import type { JudgedPod, Packet } from '../../environment/policy-judges.ts';

/** How an engine sees the world, where the kinds of policy differ by their nature. */
export interface View {
  /** Whether blocks of addresses take pods of the cluster in. */
  readonly blocksTakePods: boolean;
  /** Whose pods "Own" means: those of the pod's namespace, of all, or nobody's. */
  readonly own: 'Own' | 'All' | 'Nobody';
  /** Addresses of the node, which are one thing to Cilium. */
  readonly nodes: readonly string[];
}

/** What the cluster policy alone says. */
export function lets(
  input: ClusterPolicyInput,
  pods: readonly JudgedPod[],
  packet: Packet,
  view: View,
): boolean {
  const from = pods.find(({ ip }) => ip === packet.from);
  if (from === undefined) throw new Error(`No pod has ${packet.from}`);
  if (isClient(input, from)) {
    return input.wanted.allowed.some((one) => allows(one, from, pods, packet, view));
  }
  return !(input.others === 'Deny' && isInside(packet.to, input.endpointCidrs));
}

/** Whether the link's policies are about this pod. */
export function isClient(input: ClusterPolicyInput, pod: JudgedPod): boolean {
  return (
    !input.protectedNamespaces.includes(pod.namespace) &&
    matches(input.namespaceSelector, pod.namespaceLabels) &&
    matches(input.wanted.podSelector, pod.labels)
  );
}

function allows(
  allowed: AllowedEgress,
  from: JudgedPod,
  pods: readonly JudgedPod[],
  packet: Packet,
  view: View,
): boolean {
  const to = pods.find(({ ip }) => ip === packet.to);
  switch (allowed.kind) {
    case 'Networks':
      return (
        onPort(allowed.ports, packet) &&
        inBlocks(allowed.cidrs, [], allowed.ports, to, packet, view)
      );
    case 'Pods': {
      const { namespaces, podSelector = {}, ports } = allowed;
      if (to === undefined || !onPort(ports, packet) || !matches(podSelector, to.labels))
        return false;
      if (namespaces.kind === 'Own') return isOwn(from, to, view);
      return namespaces.kind === 'All' || matches(namespaces.selector, to.namespaceLabels);
    }
    case 'Native': {
      const { to: peers, ports = [] } = allowed.rule;
      return (
        onPort(ports, packet) &&
        peers.some(({ ipBlock, namespaceSelector, podSelector = {} }) => {
          if (ipBlock)
            return inBlocks([ipBlock.cidr], ipBlock.except ?? [], ports, to, packet, view);
          if (to === undefined || !matches(podSelector, to.labels)) return false;
          if (namespaceSelector === undefined) return isOwn(from, to, view);
          return matches(namespaceSelector, to.namespaceLabels);
        })
      );
    }
  }
}

function isOwn(from: JudgedPod, to: JudgedPod, { own }: View): boolean {
  return own === 'All' || (own === 'Own' && from.namespace === to.namespace);
}

type AnyPort = Omit<PortRange, 'port'> & { readonly port?: number };

function onPort(ports: readonly AnyPort[], packet: Packet): boolean {
  if (ports.length === 0) return true;
  return ports.some(
    ({ protocol, port, endPort = port }) =>
      protocol === packet.protocol &&
      (port === undefined || (port <= packet.port && packet.port <= (endPort ?? port))),
  );
}

function inBlocks(
  cidrs: readonly string[],
  excepts: readonly string[],
  ports: readonly unknown[],
  to: JudgedPod | undefined,
  packet: Packet,
  view: View,
): boolean {
  if (to !== undefined && !view.blocksTakePods) return false;
  // A rule for one address of the node opens its ports on all of them, and only with ports.
  if (view.nodes.includes(packet.to)) {
    return ports.length > 0 && view.nodes.some((node) => cidrs.includes(`${node}/32`));
  }
  return isInside(packet.to, cidrs) && !isInside(packet.to, excepts);
}

function matches(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      const listed = value !== undefined && values.includes(value);
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      return operator === 'In' ? listed : !listed;
    })
  );
}
