/**
 * ClusterNetworkPolicy, of which there are two kinds with the same tiers, actions, subjects and
 * peers. They differ in the words for ports and in their limits.
 *
 * Allowed traffic gets `Pass` and not `Accept`: it goes on to the NetworkPolicies of its namespace,
 * so this policy opens nothing that a namespace keeps shut. All allowing rules have one priority and
 * one action, so their order says nothing and they may be spread over objects. The rule that denies
 * the rest stands in an object of its own, one priority later: the VPC CNI's agent lets Deny win
 * over Pass among rules of one priority, whatever their order.
 */
import type { ClusterPort, ClusterRule } from '../cluster-egress.ts';
import {
  type ClusterPolicyInput,
  type ClusterPolicyObject,
  policyLabels,
  type PolicyPart,
} from '../policy-object.ts';
import { inChunks } from '../in-chunks.ts';
import { clientPods, otherPods, type PodSelection, takesAll } from '../pod-selection.ts';
import { digest, policyNamePrefix } from '../policy-names.ts';

/** How one of the two kinds says ports, and how much of what an object of it takes. */
export interface Dialect {
  readonly apiVersion: string;
  readonly maxRules: number;
  readonly maxPeers: number;
  readonly maxNetworks: number;
  readonly maxPorts: number;
  /** The fields of a rule for at least one port. */
  readonly portFields: (ports: readonly ClusterPort[]) => object;
}

interface Rule {
  readonly name: string;
  readonly action: 'Pass' | 'Deny';
  readonly to: readonly object[];
}

/** Everything that either kind of address can be. */
export const everywhere: readonly string[] = ['0.0.0.0/0', '::/0'];

/** The objects for these rules, the denying ones after those that allow. */
export function clusterNetworkPolicies(
  dialect: Dialect,
  input: ClusterPolicyInput,
  rules: readonly ClusterRule[],
): readonly ClusterPolicyObject[] {
  const { priority, link } = input;
  const selection = clientPods(input);
  const set = digest([selection, priority]);
  const prefix = policyNamePrefix(link);
  const object = (part: PolicyPart, name: string, later: number, subject: object, egress: object) =>
    policyObject(
      dialect,
      { part, set, name: `${prefix}-${name}` },
      {
        tier: 'Admin',
        priority: priority + later,
        subject,
        egress,
      },
    );
  const allow = inChunks(
    rules.flatMap((rule) => passRules(dialect, rule)),
    dialect.maxRules,
  );
  const deny: Rule = { name: 'everything else', action: 'Deny', to: [{ networks: everywhere }] };
  const subject = subjectOf(selection);
  return [
    ...allow.map((egress, index) =>
      object('allow', `allow-${set}-${index + 1}`, 0, subject, egress),
    ),
    object('deny', `deny-${set}`, 1, subject, [deny]),
    ...otherPods(input).map((others) =>
      object(
        'others',
        `others-${digest(others)}`,
        1,
        subjectOf(others),
        denyEndpoints(dialect, input),
      ),
    ),
  ];
}

function policyObject(
  { apiVersion }: Dialect,
  { part, set, name }: { part: PolicyPart; set: string; name: string },
  spec: object,
): ClusterPolicyObject {
  const labels = { [policyLabels.part]: part, [policyLabels.set]: set };
  return { apiVersion, kind: 'ClusterNetworkPolicy', metadata: { name, labels }, spec };
}

function subjectOf({ namespaceSelector, podSelector }: PodSelection): object {
  return takesAll(podSelector)
    ? { namespaces: namespaceSelector }
    : { pods: { namespaceSelector, podSelector } };
}

/** The rules for one allowed destination, each within the limits. */
function passRules(dialect: Dialect, rule: ClusterRule): readonly Rule[] {
  const ports = rule.ports.length === 0 ? [[]] : inChunks(rule.ports, dialect.maxPorts);
  return inChunks(peersOf(dialect, rule), dialect.maxPeers).flatMap((to) =>
    ports.map((some) => ({
      name: rule.name,
      action: 'Pass' as const,
      to,
      ...(some.length === 0 ? {} : dialect.portFields(some)),
    })),
  );
}

function peersOf(dialect: Dialect, rule: ClusterRule): readonly object[] {
  if (rule.kind === 'Networks') {
    return inChunks(rule.cidrs, dialect.maxNetworks).map((networks) => ({ networks }));
  }
  return [subjectOf(rule)];
}

function denyEndpoints(dialect: Dialect, { endpointCidrs }: ClusterPolicyInput): readonly Rule[] {
  const peers = inChunks(endpointCidrs, dialect.maxNetworks).map((networks) => ({ networks }));
  return inChunks(peers, dialect.maxPeers).map((to) => ({
    name: 'endpoints are for the selected pods',
    action: 'Deny',
    to,
  }));
}
