/** Whether egress rules of NetworkPolicies let a pod reach something, as far as specs alone say it. */
import { isIP } from 'node:net';
import type { LabelSelector } from '../../../api/sagemaker-private-link.ts';
import { isInside } from '../../network/cidr.ts';
import { selects } from '../label-selector.ts';

type Labels = Readonly<Record<string, string>>;

/** A NetworkPolicy of anybody, as the API server gives it. */
export interface AnyNetworkPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly spec: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly AnyEgressRule[];
  };
}

interface AnyEgressRule {
  readonly to?: readonly {
    readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
    readonly namespaceSelector?: LabelSelector;
    readonly podSelector?: LabelSelector;
  }[];
  readonly ports?: readonly {
    readonly protocol?: string;
    readonly port?: number | string;
    readonly endPort?: number;
  }[];
}

/** Something that a pod may want to reach. */
export interface Destination {
  /** Addresses of which any one will do. */
  readonly addresses: readonly string[];
  /** Labels, where it is a pod. */
  readonly pod?: {
    readonly namespace: string;
    readonly namespaceLabels: Labels;
    readonly labels: Labels;
  };
  readonly protocol: string;
  readonly port: number;
}

/** True for a policy that restricts the egress of these pods of its namespace. */
export function restrictsEgress({ spec }: AnyNetworkPolicy, podLabels: Labels): boolean {
  const { policyTypes = [], egress } = spec;
  // Without types a policy is for egress as well if it has rules for it.
  const isForEgress =
    policyTypes.length === 0 ? egress !== undefined : policyTypes.includes('Egress');
  return isForEgress && selects(spec.podSelector ?? {}, podLabels);
}

/** True if any of the policies, all of which restrict the pod, opens the destination. */
export function isOpened(policies: readonly AnyNetworkPolicy[], destination: Destination): boolean {
  return policies.some(({ spec, namespace }) =>
    (spec.egress ?? []).some((rule) => opens(rule, namespace, destination)),
  );
}

function opens(
  { to = [], ports = [] }: AnyEgressRule,
  own: string,
  destination: Destination,
): boolean {
  const hasPort = ports.length === 0 || ports.some((one) => isPort(one, destination));
  return hasPort && (to.length === 0 || to.some((peer) => isPeer(peer, own, destination)));
}

type AnyPort = NonNullable<AnyEgressRule['ports']>[number];

function isPort({ protocol = 'TCP', port, endPort }: AnyPort, destination: Destination): boolean {
  if (protocol !== destination.protocol) return false;
  // A name may stand for any number: rather a loss too much is shown than one too few.
  if (port === undefined || typeof port === 'string') return true;
  return destination.port >= port && destination.port <= (endPort ?? port);
}

type AnyPeer = NonNullable<AnyEgressRule['to']>[number];

function isPeer(
  { ipBlock, namespaceSelector, podSelector }: AnyPeer,
  own: string,
  { addresses, pod }: Destination,
): boolean {
  if (ipBlock !== undefined) {
    const { cidr, except = [] } = ipBlock;
    const isKnown = addresses.filter((address) => isIP(address) !== 0);
    return isKnown.some((address) => isInside(address, [cidr]) && !isInside(address, except));
  }
  if (pod === undefined) return false;
  const isNamespace =
    namespaceSelector === undefined
      ? pod.namespace === own
      : selects(namespaceSelector, pod.namespaceLabels);
  return isNamespace && selects(podSelector ?? {}, pod.labels);
}
