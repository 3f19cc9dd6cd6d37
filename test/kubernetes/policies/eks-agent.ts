/**
 * How the VPC CNI's agent decides about a packet that leaves a pod, written after its source, since no
 * engine of it can be run here: evaluateClusterPolicyByLookUp in pkg/ebpf/c/tc.v4egress.bpf.c and
 * pkg/fwruleprocessor of github.com/aws/aws-network-policy-agent. Among all rules for the address and
 * the port, the lowest priority decides, and at one priority Deny comes before Accept before Pass: the
 * order of rules says nothing. Where that holds, an engine that heeds the order agrees.
 */
import { selects } from '../../../src/plan/clients/label-selector.ts';
import { isInside } from '../../../src/plan/network/cidr.ts';
import type { LabelSelector } from '../../../src/api/sagemaker-private-link.ts';
import type { JudgedPod, Packet } from '../../environment/policy-judges.ts';

interface Pods {
  readonly namespaces?: LabelSelector;
  readonly pods?: {
    readonly namespaceSelector: LabelSelector;
    readonly podSelector: LabelSelector;
  };
}

interface Numbers {
  readonly number?: number;
  readonly range?: { readonly start: number; readonly end: number };
}

interface Rule {
  readonly action: 'Accept' | 'Deny' | 'Pass';
  readonly to: readonly (Pods & { readonly networks?: readonly string[] })[];
  /** The words of the VPC CNI. */
  readonly ports?: readonly {
    readonly portNumber?: { readonly protocol: string; readonly port: number };
    readonly portRange?: {
      readonly protocol: string;
      readonly start: number;
      readonly end: number;
    };
  }[];
  /** The words of the Network Policy API. */
  readonly protocols?: readonly Readonly<Record<string, { readonly destinationPort: Numbers }>>[];
}

interface Policy {
  readonly priority: number;
  readonly subject: Pods;
  readonly egress: readonly Rule[];
}

const order = { Deny: 0, Accept: 1, Pass: 2 } as const;

/** Whether the packet may leave, where no NetworkPolicy says anything about its pod. */
export function agentLets(
  objects: readonly { readonly spec?: unknown }[],
  pods: readonly JudgedPod[],
  packet: Packet,
): boolean {
  const from = pods.find(({ ip }) => ip === packet.from);
  const to = pods.find(({ ip }) => ip === packet.to);
  if (from === undefined) throw new Error(`No pod has ${packet.from}`);
  const ranks = objects
    .map(({ spec }) => spec as Policy)
    .filter(({ subject }) => takes(subject, from))
    .flatMap(({ priority, egress }) =>
      egress
        .filter((rule) => isAbout(rule, to, packet))
        .map(({ action }) => 10 * priority + order[action]),
    );
  return ranks.length === 0 || Math.min(...ranks) % 10 !== order.Deny;
}

function takes({ namespaces, pods }: Pods, pod: JudgedPod): boolean {
  if (namespaces !== undefined) return selects(namespaces, pod.namespaceLabels);
  if (pods === undefined) return false;
  return (
    selects(pods.namespaceSelector, pod.namespaceLabels) && selects(pods.podSelector, pod.labels)
  );
}

function isAbout(rule: Rule, to: JudgedPod | undefined, packet: Packet): boolean {
  const there = rule.to.some(
    (peer) => isInside(packet.to, peer.networks ?? []) || (to !== undefined && takes(peer, to)),
  );
  return there && onPort(rule, packet);
}

function onPort({ ports, protocols }: Rule, packet: Packet): boolean {
  const within = ({ start, end }: { start: number; end: number }): boolean =>
    start <= packet.port && packet.port <= end;
  if (ports !== undefined) {
    return ports.some(({ portNumber, portRange }) =>
      portNumber === undefined
        ? portRange?.protocol === packet.protocol && within(portRange)
        : portNumber.protocol === packet.protocol && portNumber.port === packet.port,
    );
  }
  if (protocols === undefined) return true;
  return protocols.some((one) => {
    const numbers = one[packet.protocol.toLowerCase()]?.destinationPort;
    if (numbers === undefined) return false;
    return numbers.range === undefined ? numbers.number === packet.port : within(numbers.range);
  });
}
