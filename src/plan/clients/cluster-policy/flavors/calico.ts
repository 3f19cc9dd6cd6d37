import type {
  LabelSelector,
  LabelSelectorRequirement,
} from '../../../../api/sagemaker-private-link.ts';
import { isIpv6Cidr } from '../../../network/cidr.ts';
import type { ServedFlavor } from '../choose-flavor.ts';
import {
  clusterEgress,
  type ClusterPolicyProblem,
  type ClusterPort,
  type ClusterRule,
} from '../cluster-egress.ts';
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
import { digest, policyNamePrefix } from '../policy-names.ts';

/** Bounds of the schema. */
const maxNets = 256;
const maxPorts = 50;
const maxRules = 1024;
const maxSelector = 1024;

/** A label of every namespace: with it a policy is about pods alone, and never about hosts. */
const anyNamespace = 'has(kubernetes.io/metadata.name)';

/**
 * GlobalNetworkPolicy of Calico, in a tier of the link's own where Calico has tiers (3.29 and newer):
 * allowed traffic passes on to the policies of its namespace, and pods that the tier has no rule for
 * are left alone. Without tiers the policies stand beside those of the namespaces, before which they
 * decide, and `others: Deny` cannot be said: a policy there shuts its pods in.
 * https://github.com/projectcalico/calico, api/config/crd and libcalico-go/lib/validator/v3
 */
export function renderCalico(
  served: ServedFlavor,
  input: ClusterPolicyInput,
): RenderedClusterPolicy {
  const own = served.tiers && input.namespacedPolicies === 'Write' ? 'Widen' : 'Refuse';
  const { rules, problems } = clusterEgress(input.wanted, own);
  const action = served.tiers ? 'Pass' : 'Allow';
  const egress = [...rules.flatMap((rule) => calicoRules(rule, action)), { action: 'Deny' }];
  const others = otherPods(input);
  const policies = [
    policyObject(served, input, 'allow', 'egress', clientPods(input), egress),
    ...others.map((pods) =>
      policyObject(served, input, 'others', `others-${digest(pods)}`, pods, denyRules(input)),
    ),
  ];
  return {
    objects: [...(served.tiers ? [tierObject(served, input)] : []), ...policies],
    problems: [
      ...problems,
      ...(others.length > 0 && !served.tiers ? [needsTiers] : []),
      ...tooLarge(egress.length, [clientPods(input), ...rules.filter(isAboutPods)]),
    ],
  };
}

function isAboutPods(rule: ClusterRule): rule is Extract<ClusterRule, { kind: 'Pods' }> {
  return rule.kind === 'Pods';
}

function tooLarge(
  rules: number,
  selections: readonly PodSelection[],
): readonly ClusterPolicyProblem[] {
  const selectors = selections.flatMap((one) => [one.namespaceSelector, one.podSelector]);
  const longest = Math.max(...selectors.map((one) => expression(one, '').length));
  const asked = [
    ...(longest > maxSelector
      ? [`a selector of ${longest} characters, where ${maxSelector} are taken`]
      : []),
    ...(rules > maxRules ? [`${rules} rules, where ${maxRules} are taken`] : []),
  ];
  if (asked.length === 0) return [];
  const message =
    `A GlobalNetworkPolicy of Calico would need ${asked.join(' and ')}. Use fewer labels and values in ` +
    'the selectors and fewer entries in egress.rules, or leave clusterPolicy out.';
  return [{ reason: 'TooLarge', message }];
}

const needsTiers: ClusterPolicyProblem = {
  reason: 'OthersDeny',
  message:
    'clusterPolicy.others: Deny needs tiers, which this Calico does not serve: without one the policy ' +
    'would shut the other pods in altogether. Install Calico 3.29 or newer, or set it to Allow.',
};

function tierObject({ apiVersion }: ServedFlavor, input: ClusterPolicyInput): ClusterPolicyObject {
  const name = policyNamePrefix(input.link);
  const spec = { order: input.priority, defaultAction: 'Pass' };
  return { apiVersion, kind: 'Tier', metadata: { name, labels: labelsOf('tier') }, spec };
}

function labelsOf(part: PolicyPart): Readonly<Record<string, string>> {
  return { [policyLabels.part]: part };
}

function policyObject(
  { apiVersion, tiers }: ServedFlavor,
  { link, priority }: ClusterPolicyInput,
  part: PolicyPart,
  name: string,
  { namespaceSelector, podSelector }: PodSelection,
  egress: readonly object[],
): ClusterPolicyObject {
  const tier = policyNamePrefix(link);
  return {
    apiVersion,
    kind: 'GlobalNetworkPolicy',
    // The name begins with the tier's, and in Calico's own store with that of its default tier.
    metadata: { name: `${tierPrefix(apiVersion, tiers, tier)}${name}`, labels: labelsOf(part) },
    spec: {
      ...(tiers ? { tier } : {}),
      order: priority,
      namespaceSelector: expression(namespaceSelector, anyNamespace),
      selector: expression(podSelector, 'all()'),
      types: ['Egress'],
      egress,
    },
  };
}

function tierPrefix(apiVersion: string, tiers: boolean, tier: string): string {
  if (tiers) return `${tier}.`;
  return apiVersion.startsWith('crd.') ? `default.${tier}-` : `${tier}-`;
}

/** A rule has one protocol and one family of addresses at most. */
function calicoRules(rule: ClusterRule, action: string): readonly object[] {
  const destinations = destinationsOf(rule);
  const matches = rule.ports.length === 0 ? [{}] : portMatches(rule.ports);
  return destinations.flatMap((destination) =>
    matches.map(({ protocol, ports }: PortMatch) => ({
      action,
      ...(protocol === undefined ? {} : { protocol }),
      destination: { ...destination, ...(ports === undefined ? {} : { ports }) },
      metadata: { annotations: { rule: rule.name } },
    })),
  );
}

interface PortMatch {
  readonly protocol?: string;
  readonly ports?: readonly (number | string)[];
}

function portMatches(ports: readonly ClusterPort[]): readonly PortMatch[] {
  return (['TCP', 'UDP'] as const).flatMap((protocol): readonly PortMatch[] => {
    const some = ports.filter((one) => one.protocol === protocol);
    if (some.length === 0) return [];
    if (some.some(({ port }) => port === undefined)) return [{ protocol }];
    return inChunks(some.map(portText), maxPorts).map((ports) => ({ protocol, ports }));
  });
}

function portText({ port = 0, endPort }: ClusterPort): number | string {
  return endPort === undefined ? port : `${port}:${endPort}`;
}

function destinationsOf(rule: ClusterRule): readonly object[] {
  if (rule.kind === 'Networks') return byFamily(rule.cidrs).map((nets) => ({ nets }));
  const { namespaceSelector, podSelector } = rule;
  const pods = expression(podSelector, 'all()');
  return [
    {
      namespaceSelector: expression(namespaceSelector, anyNamespace),
      ...(pods === 'all()' ? {} : { selector: pods }),
    },
  ];
}

function denyRules({ endpointCidrs }: ClusterPolicyInput): readonly object[] {
  return byFamily(endpointCidrs).map((nets) => ({ action: 'Deny', destination: { nets } }));
}

function byFamily(cidrs: readonly string[]): readonly (readonly string[])[] {
  const families = [cidrs.filter((one) => !isIpv6Cidr(one)), cidrs.filter(isIpv6Cidr)];
  return families.flatMap((family) => inChunks(family, maxNets));
}

/** A selector in Calico's words. */
function expression(selector: LabelSelector, all: string): string {
  const requirements = requirementsOf(selector);
  return requirements.length === 0 ? all : requirements.map(term).join(' && ');
}

function term({ key, operator, values = [] }: LabelSelectorRequirement): string {
  const list = values.map((value) => `'${value}'`).join(', ');
  switch (operator) {
    case 'In':
      return `${key} in {${list}}`;
    case 'NotIn':
      return `${key} not in {${list}}`;
    case 'Exists':
      return `has(${key})`;
    case 'DoesNotExist':
      return `!has(${key})`;
  }
}
