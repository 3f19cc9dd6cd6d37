/** Kubernetes' own NetworkPolicy, rendered from the neutral form. */
import type {
  LabelSelector,
  NetworkPolicyEgressRule,
} from '../../../api/sagemaker-private-link.ts';
import { canonicalText, sortedDistinct } from '../canonical-text.ts';
import type { AllowedEgress, AllowedNetworks, AllowedPods, WantedEgress } from '../egress.ts';
import { storedSelector } from '../label-selector.ts';

/** `spec` of a NetworkPolicy for egress alone. */
export interface NetworkPolicySpec {
  readonly podSelector: LabelSelector;
  readonly policyTypes: readonly ['Egress'];
  readonly egress: readonly NetworkPolicyEgressRule[];
}

/**
 * The policy's spec: the same for the same egress in whatever order, and in the form in which the API
 * server gives it back, so that both can be compared.
 */
export function renderNetworkPolicy({ podSelector, allowed }: WantedEgress): NetworkPolicySpec {
  const networks = allowed.filter((one): one is AllowedNetworks => one.kind === 'Networks');
  const others = allowed.filter((one): one is Exclude<AllowedEgress, AllowedNetworks> => {
    return one.kind !== 'Networks';
  });
  return {
    podSelector: storedSelector(podSelector),
    policyTypes: ['Egress'],
    egress: [
      ...networkRules(networks),
      ...sortedDistinct(
        others.map((one) => (one.kind === 'Pods' ? podsRule(one) : ownRule(one.rule))),
      ),
    ],
  };
}

/** One rule for all blocks that have the same ports: network plugins bound the number of rules. */
function networkRules(networks: readonly AllowedNetworks[]): readonly NetworkPolicyEgressRule[] {
  const portSets = sortedDistinct(networks.map(({ ports }) => sortedDistinct(ports)));
  return portSets.map((ports) => {
    const text = canonicalText(ports);
    const cidrs = networks
      .filter((one) => canonicalText(sortedDistinct(one.ports)) === text)
      .flatMap((one) => one.cidrs);
    return rule(
      [...new Set(cidrs)].sort().map((cidr) => ({ ipBlock: { cidr } })),
      ports,
    );
  });
}

function podsRule({ namespaces, podSelector, ports }: AllowedPods): NetworkPolicyEgressRule {
  const pods = podSelector === undefined ? {} : { podSelector: storedSelector(podSelector) };
  switch (namespaces.kind) {
    case 'Own':
      return rule([{ podSelector: {}, ...pods }], ports);
    case 'All':
      return rule([{ namespaceSelector: {}, ...pods }], ports);
    case 'Selected':
      return rule([{ namespaceSelector: storedSelector(namespaces.selector), ...pods }], ports);
  }
}

function ownRule({ to, ports = [] }: NetworkPolicyEgressRule): NetworkPolicyEgressRule {
  return rule(
    to.map(({ ipBlock, namespaceSelector, podSelector }) => {
      if (ipBlock !== undefined) {
        const { cidr, except = [] } = ipBlock;
        return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
      }
      return {
        ...(namespaceSelector === undefined
          ? {}
          : { namespaceSelector: storedSelector(namespaceSelector) }),
        ...(podSelector === undefined ? {} : { podSelector: storedSelector(podSelector) }),
      };
    }),
    ports,
  );
}

/**
 * A rule with destinations: one without any allows every destination, so it must not come about.
 * @throws RangeError if there are none
 */
function rule(
  to: NetworkPolicyEgressRule['to'],
  ports: NonNullable<NetworkPolicyEgressRule['ports']>,
): NetworkPolicyEgressRule {
  if (to.length === 0) throw new RangeError('a rule of a NetworkPolicy without destinations');
  return { to, ...(ports.length > 0 ? { ports } : {}) };
}
