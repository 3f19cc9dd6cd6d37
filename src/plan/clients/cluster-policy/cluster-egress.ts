/**
 * The egress of a link's pods as cluster-scoped policies can say it: no namespace of their own, no
 * exceptions from a block of addresses. Every flavour is rendered from it.
 */
import type { LabelSelector, NetworkPolicyPeer } from '../../../api/sagemaker-private-link.ts';
import { sortedDistinct } from '../canonical-text.ts';
import { subtractCidrs } from '../../network/cidr.ts';
import type { AllowedNetworks, AllowedPods, NativeRule, WantedEgress } from '../egress.ts';

/** One port, a range of ports, or without `port` the whole protocol. */
export interface ClusterPort {
  readonly protocol: 'TCP' | 'UDP';
  readonly port?: number;
  readonly endPort?: number;
}

/** One kind of destination, on some ports. */
export type ClusterRule = ClusterNetworks | ClusterPods;

interface RuleBase {
  /** The purpose of the rule, at most 100 characters: every flavour shows it. */
  readonly name: string;
  /** Empty for every port and protocol. */
  readonly ports: readonly ClusterPort[];
}

export interface ClusterNetworks extends RuleBase {
  readonly kind: 'Networks';
  /** Sorted, canonical, never empty. */
  readonly cidrs: readonly string[];
}

export interface ClusterPods extends RuleBase {
  readonly kind: 'Pods';
  /** {} for every namespace. */
  readonly namespaceSelector: LabelSelector;
  /** {} for every pod there. */
  readonly podSelector: LabelSelector;
}

/**
 * The treatment of pods in the pod's own namespace, which no cluster-scoped policy can name:
 * `Refuse` makes a problem, `Widen` takes those of all namespaces, `Omit` leaves them out. The last
 * two are right only where a NetworkPolicy in each namespace says it as well.
 */
export type OwnNamespace = 'Refuse' | 'Widen' | 'Omit';

/** A part of the egress that a flavour cannot say. */
export interface ClusterPolicyProblem {
  readonly reason: 'OwnNamespace' | 'TooManyPorts' | 'OthersDeny' | 'TooLarge';
  /** Says what is wrong, where, and what to do. */
  readonly message: string;
}

export interface ClusterEgress {
  readonly rules: readonly ClusterRule[];
  readonly problems: readonly ClusterPolicyProblem[];
}

/**
 * The normal form of a link's egress; with problems, `rules` lacks what they are about. The rules are
 * in an order that depends on them alone, so that the same rules make the same objects.
 */
export function clusterEgress({ allowed }: WantedEgress, own: OwnNamespace): ClusterEgress {
  const natives = allowed.filter((one) => one.kind === 'Native');
  const parts = [
    ...allowed.filter((one) => one.kind !== 'Native').map((one) => rulesOf(one, own)),
    ...natives.map((one, index) => nativeRules(one, `egress.rules, entry ${index + 1}`, own)),
  ];
  const rules = sortedDistinct(
    parts.flatMap((part) => part.rules).map((rule) => [rule.name, rule] as const),
  );
  return { rules: rules.map(([, rule]) => rule), problems: parts.flatMap((part) => part.problems) };
}

const none: ClusterEgress = { rules: [], problems: [] };

function rulesOf(allowed: AllowedNetworks | AllowedPods, own: OwnNamespace): ClusterEgress {
  if (allowed.kind === 'Pods') return podRules(allowed, own);
  const { cidrs, reason } = allowed;
  const ports = allowed.ports.map(normalPort);
  return { rules: [{ kind: 'Networks', name: ruleName(reason), cidrs, ports }], problems: [] };
}

function podRules(allowed: AllowedPods, own: OwnNamespace): ClusterEgress {
  const { namespaces, reason, podSelector = {} } = allowed;
  const ports = allowed.ports.map(normalPort);
  const rule = { kind: 'Pods', name: ruleName(reason), podSelector, ports } as const;
  switch (namespaces.kind) {
    case 'Own':
      return ownNamespace(rule, `${reason}: Own`, own);
    case 'All':
      return { rules: [{ ...rule, namespaceSelector: {} }], problems: [] };
    case 'Selected':
      return { rules: [{ ...rule, namespaceSelector: namespaces.selector }], problems: [] };
  }
}

function ownNamespace(
  rule: Omit<ClusterPods, 'namespaceSelector'>,
  field: string,
  own: OwnNamespace,
): ClusterEgress {
  if (own === 'Omit') return none;
  if (own === 'Widen') return { rules: [{ ...rule, namespaceSelector: {} }], problems: [] };
  const message =
    `${field} means the pod's own namespace, which no cluster-scoped policy can name here. ` +
    'Take None, Selected or All, give a namespaceSelector, or leave namespacedPolicies at Write ' +
    'with a flavor that leaves the decision to them.';
  return { rules: [], problems: [{ reason: 'OwnNamespace', message }] };
}

function nativeRules({ rule }: NativeRule, field: string, own: OwnNamespace): ClusterEgress {
  const ports = (rule.ports ?? []).map(normalPort);
  const parts = rule.to.map((peer) => peerRules(peer, ports, field, own));
  return {
    rules: parts.flatMap((part) => part.rules),
    problems: parts.flatMap((part) => part.problems),
  };
}

function peerRules(
  { ipBlock, namespaceSelector, podSelector = {} }: NetworkPolicyPeer,
  ports: readonly ClusterPort[],
  field: string,
  own: OwnNamespace,
): ClusterEgress {
  const name = ruleName(field);
  if (ipBlock !== undefined) {
    const cidrs = subtractCidrs(ipBlock.cidr, ipBlock.except ?? []);
    // Exceptions may leave nothing, and a rule without destinations would be one for all of them.
    if (cidrs.length === 0) return none;
    return { rules: [{ kind: 'Networks', name, cidrs, ports }], problems: [] };
  }
  const rule = { kind: 'Pods', name, podSelector, ports } as const;
  if (namespaceSelector === undefined) return ownNamespace(rule, `${field}: podSelector`, own);
  return { rules: [{ ...rule, namespaceSelector }], problems: [] };
}

/** A range of one port is one port: some schemas refuse it otherwise. */
function normalPort({ protocol, port, endPort }: ClusterPort): ClusterPort {
  if (port === undefined) return { protocol };
  return endPort === undefined || endPort === port
    ? { protocol, port }
    : { protocol, port, endPort };
}

function ruleName(reason: string): string {
  return reason.length <= 100 ? reason : `${reason.slice(0, 97)}...`;
}
