import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import { canonicalText } from '../canonical-text.ts';
import { clientObject, type ExistingObject, isIntact, linksOf } from '../client-object.ts';
import type { WantedEgress } from '../egress.ts';
import type { ClientFinding } from '../finding.ts';
import { storedSelector } from '../label-selector.ts';
import { byRank, type Merge, type Merged, mergeParts } from '../merge-links.ts';
import { type NetworkPolicySpec, renderNetworkPolicy } from './network-policy.ts';
import { notAvailable, type PartialPlan, sharedWaits, unknownWait } from '../partial-plan.ts';
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
  const { present, namespace } = input;
  const served = present === undefined ? [] : linksOf(present);
  const parts = input.links.flatMap((link) => partsOf(link, input));
  const enforced = parts.filter(({ value }) => value.enforcement === 'Enforce');
  if (input.isProtected) {
    return {
      ...nothing,
      problems: enforced.map(({ link }) => protectedNamespace(link, namespace)),
    };
  }
  // A part that has to wait takes part where it did before, with all that is known of it.
  const ready = parts.filter(({ link, wait, missing }) => {
    return served.includes(link) || (wait === undefined && missing === undefined);
  });
  const ranked = byRank(ready, (part) => rankOf(part, served, present));
  const merged = mergeParts('NetworkPolicy', ranked, mergePolicies);
  const waits = parts.flatMap(({ wait }) => wait ?? []);
  const missing = parts.flatMap((part) => part.missing ?? []);
  const problems = [...missing, ...(merged?.refused ?? [])];
  if (merged === undefined || merged.value.enforcement === 'Audit') {
    return { ...nothing, waits, problems };
  }
  const keeping = served.filter((name) => enforced.some(({ link }) => link === name));
  const policy = wantedPolicy(input, keeping, merged, waits);
  return { ...policy, waits: [...waits, ...policy.waits], problems };
}

const nothing: PartialPlan = { wanted: [], held: [], waits: [], problems: [] };

/** A link that the policy was made for goes on as long as it wants what the policy is. */
function rankOf({ link, value }: PolicyPart, served: readonly string[], present: Present): number {
  if (!served.includes(link) || value.enforcement === 'Audit') return 2;
  const selector = storedSelector(value.wanted.podSelector);
  return canonicalText(selector) === canonicalText(present?.spec.podSelector) ? 0 : 1;
}

/** @param keeping the links that the policy was made for and that still want one */
function wantedPolicy(
  { present, namespace }: PolicyInput,
  keeping: readonly string[],
  { value, links, refused }: Merged<PolicyValue>,
  waits: readonly ClientFinding[],
): Pick<PartialPlan, 'wanted' | 'held' | 'waits'> {
  const spec = renderNetworkPolicy(value.wanted);
  const isKeeping = ({ link }: ClientFinding): boolean => keeping.includes(link);
  const kept = refused.filter(isKeeping).map(({ link }) => link);
  const culprits = [...kept, ...waits.filter(isKeeping).map(({ link }) => link)];
  const place = { name: networkPolicyName, namespace, links: [...links, ...kept] };
  if (culprits.length === 0 || present === undefined) {
    return { ...nothing, wanted: [clientObject({ kind: 'NetworkPolicy', spec }, place)] };
  }
  const wider = withAdditions(present, spec);
  if (wider === undefined) {
    const held = [{ kind: 'NetworkPolicy', name: networkPolicyName } as const];
    return { ...nothing, held, waits: sharedWaits('NetworkPolicy', links, culprits) };
  }
  return { ...nothing, wanted: [clientObject({ kind: 'NetworkPolicy', spec: wider }, place)] };
}

/**
 * The policy that is there with the destinations that it lacks.
 * @returns undefined where the two can't be one: other pods, or a content that somebody else wrote
 *   and that is nobody's to keep
 */
function withAdditions(
  present: NonNullable<Present>,
  wanted: NetworkPolicySpec,
): NetworkPolicySpec | undefined {
  const samePods = canonicalText(present.spec.podSelector) === canonicalText(wanted.podSelector);
  if (!samePods || !isIntact(present)) return undefined;
  const { egress } = present.spec;
  const lacking = wanted.egress.flatMap(({ to, ports }) => {
    const same = egress.filter((rule) => canonicalText(rule.ports) === canonicalText(ports));
    const known = new Set(same.flatMap((rule) => rule.to.map(canonicalText)));
    const peers = to.filter((peer) => !known.has(canonicalText(peer)));
    return peers.length === 0 ? [] : [{ to: peers, ...(ports === undefined ? {} : { ports }) }];
  });
  return { ...present.spec, egress: [...egress, ...lacking] };
}

interface PolicyValue {
  readonly wanted: WantedEgress;
  readonly enforcement: 'Enforce' | 'Audit';
}

interface PolicyPart {
  readonly link: string;
  readonly value: PolicyValue;
  readonly wait?: ClientFinding;
  readonly missing?: ClientFinding;
}

/** The part of a link that has a policy here: one or none. */
function partsOf(link: SageMakerPrivateLink, input: PolicyInput): readonly PolicyPart[] {
  const policy = link.spec.clients?.networkPolicy;
  const egress = wantedEgress(link, input.cluster);
  if (policy === undefined || egress === undefined) return [];
  const { name } = link.metadata;
  const isOmitted = link.spec.clients?.clusterPolicy?.namespacedPolicies === 'Omit';
  if (isOmitted && input.clusterPolicies.has(name)) return [];
  const part = { link: name, value: { wanted: egress.wanted, enforcement: policy.enforcement } };
  if (policy.enforcement === 'Audit') return [part];
  const wait = isOmitted ? clusterPolicyPending(name) : waitOf(link, egress);
  const missing = missingOf(name, egress);
  return [
    {
      ...part,
      ...(wait === undefined ? {} : { wait }),
      ...(missing === undefined ? {} : { missing }),
    },
  ];
}

function waitOf(link: SageMakerPrivateLink, { unknown }: EgressOfLink): ClientFinding | undefined {
  const { name } = link.metadata;
  if (link.status?.clients?.availableOnce !== true) return notAvailable(name, 'NetworkPolicy');
  return unknown.length === 0 ? undefined : unknownWait(name, 'NetworkPolicy', unknown);
}

function clusterPolicyPending(link: string): ClientFinding {
  return {
    link,
    kind: 'NetworkPolicy',
    reason: 'ClusterPolicyPending',
    message: `The NetworkPolicy stays as it is until the cluster-scoped policy of ${link} is in force.`,
  };
}

function missingOf(link: string, { missing }: EgressOfLink): ClientFinding | undefined {
  if (missing.length === 0) return undefined;
  const services = missing.join(', ');
  return {
    link,
    kind: 'NetworkPolicy',
    reason: 'ServiceMissing',
    message: `The VPC has no endpoint for ${services}, which spec.clients.networkPolicy.egress.awsServices names; a new policy would cut pods off from it. Create the endpoint, or take the service out of the list.`,
  };
}

function protectedNamespace(link: string, namespace: string): ClientFinding {
  return {
    link,
    kind: 'NetworkPolicy',
    reason: 'ProtectedNamespace',
    message: `No NetworkPolicy is written into ${namespace}, on whose pods the cluster depends. Let spec.clients.namespaceSelector leave it out.`,
  };
}

const mergePolicies: Merge<PolicyValue> = (a, b) => {
  if (a.enforcement !== b.enforcement) {
    return { disagreement: 'spec.clients.networkPolicy.enforcement' };
  }
  const selectorOf = ({ wanted }: PolicyValue): string =>
    canonicalText(storedSelector(wanted.podSelector));
  if (selectorOf(a) !== selectorOf(b)) {
    return { disagreement: 'spec.clients.networkPolicy.podSelector' };
  }
  const allowed = [...a.wanted.allowed, ...b.wanted.allowed];
  return { value: { ...a, wanted: { ...a.wanted, allowed } } };
};
