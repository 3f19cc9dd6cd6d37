/**
 * The egress of a link's pods in a neutral form: every flavour of policy is rendered from it, and
 * none of them reads the spec.
 */
import type { LabelSelector, NetworkPolicyEgressRule } from '../../api/sagemaker-private-link.ts';

/** One port, or with `endPort` all from `port` to it. */
export interface PortRange {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly endPort?: number;
}

/** Blocks of addresses. */
export interface AllowedNetworks {
  readonly kind: 'Networks';
  /** The field of the spec or the service that it is there for, in words. */
  readonly reason: string;
  /** Sorted, canonical, without repeats; /32 and /128 for single addresses. Never empty. */
  readonly cidrs: readonly string[];
  /** Empty for every port. */
  readonly ports: readonly PortRange[];
}

/** Pods of the cluster. */
export interface AllowedPods {
  readonly kind: 'Pods';
  readonly reason: string;
  readonly namespaces:
    | { readonly kind: 'Own' }
    | { readonly kind: 'All' }
    | { readonly kind: 'Selected'; readonly selector: LabelSelector };
  /** Absent for every pod there. */
  readonly podSelector?: LabelSelector;
  /** Empty for every port. */
  readonly ports: readonly PortRange[];
}

/** A rule of spec.clients.networkPolicy.egress.rules as its author wrote it. */
export interface NativeRule {
  readonly kind: 'Native';
  readonly rule: NetworkPolicyEgressRule;
}

export type AllowedEgress = AllowedNetworks | AllowedPods | NativeRule;

/** The pods of a namespace that are selected, and everything that they may reach. */
export interface WantedEgress {
  readonly podSelector: LabelSelector;
  readonly allowed: readonly AllowedEgress[];
}

/** Single addresses as sorted blocks without repeats: 10.0.1.17 is 10.0.1.17/32. */
export function blocksOf(addresses: readonly string[]): readonly string[] {
  const blocks = addresses.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
  return [...new Set(blocks)].sort();
}
