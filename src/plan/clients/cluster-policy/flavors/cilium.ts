import type { LabelSelector } from '../../../../api/sagemaker-private-link.ts';
import { contains, isIpv6Cidr } from '../../../network/cidr.ts';
import { clusterEgress, type ClusterPort, type ClusterRule } from '../cluster-egress.ts';
import { inChunks } from '../in-chunks.ts';
import {
  type ClusterPolicyInput,
  type ClusterPolicyObject,
  policyLabels,
  type PolicyPart,
  type RenderedClusterPolicy,
} from '../policy-object.ts';
import { requirementsOf } from '../../label-selector.ts';
import { clientPods, otherPods, type PodSelection } from '../pod-selection.ts';
import { policyNamePrefix } from '../policy-names.ts';
import { kubernetesApiReason } from '../../wanted-egress.ts';
import { everywhere } from './cluster-network-policy.ts';

/** Cilium's names for the labels of a pod, of its namespace, and for its namespace. */
const podLabel = 'k8s:';
const namespaceLabel = 'k8s:io.cilium.k8s.namespace.labels.';
const namespaceName = 'k8s:io.kubernetes.pod.namespace';

/** The schema takes so many ports in one entry of toPorts. */
const maxPorts = 40;

/**
 * Addresses that a node gives itself, such as those of NodeLocal DNSCache and of the Pod Identity
 * agent. To Cilium they are the host, which no block of addresses matches.
 * https://github.com/cilium/cilium/issues/16308, /34387
 */
const ofTheNode = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::/32'];

/** Instance metadata is not on the node, whose ports must not be opened for it. */
const instanceMetadata = ['169.254.169.254/32', 'fd00:ec2::254/128'];

/**
 * CiliumClusterwideNetworkPolicy. Policies of Cilium add up: a namespace's own may allow more. So
 * addresses outside of the cluster that are not allowed are denied as well, which nothing overrules.
 * https://github.com/cilium/cilium, pkg/k8s/apis/cilium.io/client/crds/v2 of v1.18
 */
export function renderCilium(apiVersion: string, input: ClusterPolicyInput): RenderedClusterPolicy {
  // Cilium allows what a NetworkPolicy of the namespace allows: one may say Own alone.
  const own = input.namespacedPolicies === 'Write' ? 'Omit' : 'Refuse';
  const { rules, problems } = clusterEgress(input.wanted, own);
  const { link } = input;
  const allowed = rules.flatMap(egressRules);
  const spec = {
    description: `Egress of the clients of SageMakerPrivateLink ${link}`,
    endpointSelector: endpointSelector(clientPods(input)),
    // An empty rule allows nothing, and is still a rule: without one nothing would be denied.
    egress: allowed.length > 0 ? allowed : [{}],
    egressDeny: denyOutside(rules),
  };
  const object = (part: PolicyPart, name: string, content: object): ClusterPolicyObject => ({
    apiVersion,
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: {
      name: `${policyNamePrefix(link)}-${name}`,
      labels: { [policyLabels.part]: part },
    },
    ...content,
  });
  const specs = othersSpecs(input);
  const others = specs.length > 0 ? [object('others', 'others', { specs })] : [];
  return { objects: [object('allow', 'egress', { spec }), ...others], problems };
}

/** Pods by labels; the namespace is always asked for, since hosts and other endpoints have none. */
function endpointSelector({ namespaceSelector, podSelector }: PodSelection): LabelSelector {
  return {
    matchExpressions: [
      { key: namespaceName, operator: 'Exists' },
      ...withPrefix(namespaceLabel, namespaceSelector),
      ...withPrefix(podLabel, podSelector),
    ],
  };
}

function withPrefix(prefix: string, selector: LabelSelector) {
  return requirementsOf(selector).map((one) => ({ ...one, key: `${prefix}${one.key}` }));
}

function egressRules(rule: ClusterRule): readonly object[] {
  const ports = portsOf(rule.ports);
  if (rule.kind === 'Pods') return [{ toEndpoints: [endpointSelector(rule)], ...ports }];
  return [
    { toCIDR: rule.cidrs, ...ports },
    ...entitiesOf(rule).map((entity) => ({ toEntities: [entity], ...ports })),
  ];
}

/**
 * Destinations that Cilium knows by a name instead of an address. They are opened on the rule's
 * ports alone: without ports all of the node would be open.
 */
function entitiesOf({ name, cidrs, ports }: Extract<ClusterRule, { kind: 'Networks' }>) {
  if (ports.length === 0) return [];
  if (name === kubernetesApiReason) return ['kube-apiserver'];
  return cidrs.some(isOfTheNode) ? ['host'] : [];
}

function isOfTheNode(cidr: string): boolean {
  return ofTheNode.some((block) => contains(block, cidr)) && !instanceMetadata.includes(cidr);
}

function portsOf(ports: readonly ClusterPort[]): object {
  if (ports.length === 0) return {};
  return { toPorts: inChunks(ports.map(portOf), maxPorts).map((some) => ({ ports: some })) };
}

/** Port 0 stands for every port of the protocol. */
function portOf({ protocol, port = 0, endPort }: ClusterPort): object {
  const numbers = endPort === undefined ? {} : { endPort };
  return { port: String(port), protocol, ...numbers };
}

/** All addresses outside of the cluster but those that a rule allows on some port. */
function denyOutside(rules: readonly ClusterRule[]): readonly object[] {
  const allowed = rules.flatMap((rule) => (rule.kind === 'Networks' ? rule.cidrs : []));
  const toCIDRSet = everywhere
    .filter((all) => !allowed.includes(all))
    .map((all) => {
      const except = allowed.filter((cidr) => isIpv6Cidr(cidr) === isIpv6Cidr(all));
      return { cidr: all, ...(except.length > 0 ? { except: [...new Set(except)].sort() } : {}) };
    });
  return toCIDRSet.length > 0 ? [{ toCIDRSet }] : [];
}

/**
 * enableDefaultDeny keeps the rest of these pods' traffic as it is: a policy with nothing but a
 * denying rule would otherwise shut them in.
 */
function othersSpecs(input: ClusterPolicyInput): readonly object[] {
  return otherPods(input).map((others) => ({
    description: `Endpoints of SageMakerPrivateLink ${input.link} are for its clients`,
    endpointSelector: endpointSelector(others),
    enableDefaultDeny: { egress: false },
    egressDeny: [{ toCIDR: input.endpointCidrs }],
  }));
}
