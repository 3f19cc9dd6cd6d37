import { enforcementOf } from '../../../api/policy-enforcement.ts';
import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import { canonicalText } from '../canonical-text.ts';
import {
  type ClientObject,
  clientObject,
  type ExistingObject,
  isIntact,
  servedLinks,
} from '../client-object.ts';
import type { WantedEgress } from '../egress.ts';
import type { ClientFinding } from '../finding.ts';
import { sameSelector } from '../label-selector.ts';
import { byRank, type Merge, type Merged, mergeParts } from '../merge-links.ts';
import { type NetworkPolicySpec, renderNetworkPolicy } from './network-policy.ts';
import {
  enforcementWait,
  notAvailable,
  type PartialPlan,
  sharedWaits,
  unknownWait,
} from '../partial-plan.ts';
import { type ClusterFacts, type EgressOfLink, wantedEgress } from '../wanted-egress.ts';

/** The name of the one policy of a namespace. */
export const networkPolicyName = 'sagemaker-privatelink';

type Present = (ExistingObject & { readonly kind: 'NetworkPolicy' }) | undefined;

/** Everything that the policy of a namespace depends on. */
export interface PolicyInput {
  readonly namespace: string;
  /** Links that select the namespace, the oldest first. */
  readonly links: readonly SageMakerPrivateLink[];
  /** The own policy that is there. */
  readonly present: Present;
  readonly cluster: ClusterFacts;
  /** Links whose cluster-scoped policy is in force for this namespace. */
  readonly clusterPolicies: ReadonlySet<string>;
  /** True for a namespace that a policy must not be in. */
  readonly isProtected: boolean;
}

/**
 * The policy of a namespace: one for all links, since pods would be shut in between the writes of
 * two. Nothing of it is taken away before everything that it should have is known.
 */
export function planNetworkPolicy(input: PolicyInput): PartialPlan {
  const parts = input.links.flatMap((link) => partsOf(link, input));
  const enforced = parts.filter(({ enforcement }) => enforcement !== 'Audit');
  const problems = enforced.flatMap((part) => part.problems);
  const waits = enforced.flatMap(({ wait }) => wait ?? []);
  if (input.isProtected) {
    const { namespace } = input;
    return {
      ...nothing,
      problems: enforced.map(({ link }) => protectedNamespace(link, namespace)),
    };
  }
  const merged = mergeParts('NetworkPolicy', membersOf(parts, input.present), mergePolicies);
  if (merged === undefined) return { ...nothing, waits, problems };
  const policy = wantedPolicy(input, { ...merged, parts });
  return {
    ...policy,
    waits: [...waits, ...policy.waits],
    problems: [...problems, ...merged.refused],
  };
}

const nothing: PartialPlan = { wanted: [], waits: [], problems: [] };

/** The enforcing parts that make the policy, those first whom it is there for. */
function membersOf(parts: readonly PolicyPart[], present: Present): readonly PolicyPart[] {
  const enforced = parts.filter(({ enforcement }) => enforcement !== 'Audit');
  const served = servedOf(parts, present);
  // A part that has to wait takes part where it did before, with all that is known of it.
  const makers = enforced.filter(({ link, wait, problems }) => {
    return served.includes(link) || (wait === undefined && problems.length === 0);
  });
  if (makers.length === 0) return [];
  // With a policy of others, pods lose what is missing anyway; they need not lose the rest as well.
  const guests = enforced.filter((part) => !makers.includes(part) && part.wait === undefined);
  return [...byRank(makers, (part) => rankOf(part, served, present)), ...guests];
}

function servedOf(parts: readonly PolicyPart[], present: Present): readonly string[] {
  const names = parts.map(({ link }) => link);
  return present === undefined ? [] : servedLinks(present, names);
}

/** A link that the policy was made for goes on as long as it wants what the policy is. */
function rankOf({ link, value }: PolicyPart, served: readonly string[], present: Present): number {
  if (!served.includes(link) || present === undefined) return 2;
  return sameSelector(value.podSelector, present.spec.podSelector) ? 0 : 1;
}

interface MergedPolicy extends Merged<WantedEgress> {
  /** Every part, whether it is among the merged ones or not. */
  readonly parts: readonly PolicyPart[];
}

/** The policy that the merged parts make, together with those that the pods are held for as well. */
function wantedPolicy(
  { present, namespace }: PolicyInput,
  { value, links, refused, parts }: MergedPolicy,
): Pick<PartialPlan, 'wanted' | 'waits'> {
  const served = servedOf(parts, present);
  // Its pods are held on by the others: without its rules they would be cut off from its endpoints.
  const audited = parts.filter(({ link, enforcement }) => {
    return enforcement === 'Audit' && served.includes(link);
  });
  const kept = parts.filter(({ link }) => {
    return served.includes(link) && refused.some((finding) => finding.link === link);
  });
  const following = parts.filter(({ link }) => served.includes(link) && links.includes(link));
  const culprits = [
    ...kept,
    ...[...following, ...audited].filter(({ wait }) => wait !== undefined),
  ].map(({ link }) => link);
  const names = [...links, ...[...audited, ...kept].map(({ link }) => link)];
  const waits = audited.flatMap(({ wait }) => wait ?? []);
  const policyOf = (spec: NetworkPolicySpec, owners: readonly string[]): ClientObject =>
    clientObject(
      { kind: 'NetworkPolicy', spec },
      { name: networkPolicyName, namespace, links: owners },
    );
  const spec = renderNetworkPolicy(withEgressOf(value, audited));
  if (culprits.length === 0 || present === undefined) {
    return { wanted: [policyOf(spec, names)], waits };
  }
  if (!isIntact(present)) {
    // The edit opened what no link explains, or shut what one needs.
    const explained = renderNetworkPolicy(withEgressOf(value, [...audited, ...kept]));
    return { wanted: [policyOf(explained, names)], waits };
  }
  if (!sameSelector(present.spec.podSelector, spec.podSelector)) {
    const owners = [...following, ...audited, ...kept].map(({ link }) => link);
    const shared = sharedWaits('NetworkPolicy', links, culprits);
    return { wanted: [policyOf(present.spec, owners)], waits: [...waits, ...shared] };
  }
  return { wanted: [policyOf(withAdditions(present.spec, spec), names)], waits };
}

function withEgressOf(wanted: WantedEgress, parts: readonly PolicyPart[]): WantedEgress {
  return {
    ...wanted,
    allowed: [...wanted.allowed, ...parts.flatMap(({ value }) => value.allowed)],
  };
}

/** The policy that is there with the destinations that it lacks. */
function withAdditions(present: NetworkPolicySpec, wanted: NetworkPolicySpec): NetworkPolicySpec {
  const { egress } = present;
  const lacking = wanted.egress.flatMap(({ to, ports }) => {
    const same = egress.filter((rule) => canonicalText(rule.ports) === canonicalText(ports));
    const known = new Set(same.flatMap((rule) => rule.to.map(canonicalText)));
    const peers = to.filter((peer) => !known.has(canonicalText(peer)));
    return peers.length === 0 ? [] : [{ to: peers, ...(ports === undefined ? {} : { ports }) }];
  });
  return { ...present, egress: [...egress, ...lacking] };
}

interface PolicyPart {
  readonly link: string;
  readonly value: WantedEgress;
  /** `Unknown` waits: it takes part where it did before. */
  readonly enforcement: 'Enforce' | 'Audit' | 'Unknown';
  readonly wait?: ClientFinding;
  /** Reasons why a new policy would be a wrong one. */
  readonly problems: readonly ClientFinding[];
}

/** The part of a link that has a policy here: one or none. */
function partsOf(link: SageMakerPrivateLink, input: PolicyInput): readonly PolicyPart[] {
  const policy = link.spec.clients?.networkPolicy;
  const egress = wantedEgress(link, input.cluster);
  if (policy === undefined || egress === undefined) return [];
  const { name } = link.metadata;
  const isOmitted = link.spec.clients?.clusterPolicy?.namespacedPolicies === 'Omit';
  if (isOmitted && input.clusterPolicies.has(name)) return [];
  const wait = isOmitted ? clusterPolicyWait(name) : waitOf(link, egress);
  return [
    {
      link: name,
      value: egress.wanted,
      enforcement: enforcementOf(link) ?? 'Unknown',
      ...(wait === undefined ? {} : { wait }),
      problems: problemsOf(name, egress),
    },
  ];
}

function waitOf(link: SageMakerPrivateLink, { unknown }: EgressOfLink): ClientFinding | undefined {
  const { name } = link.metadata;
  if (enforcementOf(link) === 'Unknown') return enforcementWait(name);
  if (link.status?.clients?.availableOnce !== true) return notAvailable(name, 'NetworkPolicy');
  return unknown.length === 0 ? undefined : unknownWait(name, 'NetworkPolicy', unknown);
}

function clusterPolicyWait(link: string): ClientFinding {
  return {
    link,
    kind: 'NetworkPolicy',
    reason: 'ConfiguringClusterPolicy',
    message: `The NetworkPolicy stays as it is until the cluster-scoped policy of ${link} is in force.`,
  };
}

function problemsOf(link: string, { missing, boundless }: EgressOfLink): readonly ClientFinding[] {
  const finding = { link, kind: 'NetworkPolicy' } as const;
  const services = missing.join(', ');
  const message = `The VPC has no endpoint for ${services}, which spec.clients.networkPolicy.egress.awsServices names; a new policy would cut pods off from it. Create the endpoint, or take the service out of the list.`;
  return [
    ...(missing.length === 0 ? [] : [{ ...finding, reason: 'ServiceMissing' as const, message }]),
    ...boundless.map((field) => ({
      ...finding,
      reason: 'RuleWithoutDestination' as const,
      message: `${field} has no destination, which would open every one, and is left out. Say in "to" where to.`,
    })),
  ];
}

function protectedNamespace(link: string, namespace: string): ClientFinding {
  return {
    link,
    kind: 'NetworkPolicy',
    reason: 'ProtectedNamespace',
    message: `No NetworkPolicy is written into ${namespace}, on whose pods the cluster depends. Let spec.clients.namespaceSelector leave it out.`,
  };
}

const mergePolicies: Merge<WantedEgress> = (a, b) => {
  if (!sameSelector(a.podSelector, b.podSelector)) {
    return { disagreement: 'spec.clients.networkPolicy.podSelector' };
  }
  return { value: { ...a, allowed: [...a.allowed, ...b.allowed] } };
};
