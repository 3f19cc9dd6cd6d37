import { enforcementOf } from '../../../api/policy-enforcement.ts';
import { enforcementUnknown } from '../partial-plan.ts';
import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import type { ClusterFacts, EgressOfLink } from '../wanted-egress.ts';
import { wantedEgress } from '../wanted-egress.ts';
import {
  chooseFlavor,
  type Flavor,
  flavorKinds,
  type ServedFlavor,
  type ServedKind,
} from './choose-flavor.ts';
import type { ClusterPolicyProblem } from './cluster-egress.ts';
import { renderClusterPolicy } from './cluster-policy.ts';
import { policyInputOf } from './policy-input.ts';
import { type ExistingPolicy, hasMarks, isAsWritten, policyManifest } from './policy-manifest.ts';
import { type ClusterPolicyObject, policyLabels } from './policy-object.ts';
import { policyAdditions } from './policy-additions.ts';
import { type PolicyStep, policySteps } from './policy-steps.ts';

export type ClusterPolicyReason =
  /** Auto finds no kind that it knows. */
  | 'NoFlavorServed'
  /** The cluster does not serve the flavour that the spec names. */
  | 'FlavorNotServed'
  /** It did once, and the policies went away with the kind. */
  | 'FlavorGone'
  /** A part of the egress that the flavour cannot say. */
  | ClusterPolicyProblem['reason']
  | 'EndpointsNotAvailable'
  | 'AddressesUnknown'
  | 'EnforcementUnknown'
  | 'ServiceMissing'
  | 'RuleWithoutDestination'
  /** The namespaces do not have the policies yet that take the place of the cluster's. */
  | 'ConfiguringNamespaces';

export interface ClusterPolicyFinding {
  readonly reason: ClusterPolicyReason;
  /** Says what is wrong and what to do. */
  readonly message: string;
}

/** Everything that the cluster-scoped policy of a link depends on, beside the link. */
export interface ClusterPolicySurroundings {
  /** The kinds that discovery lists. */
  readonly served: readonly ServedKind[];
  /** Objects that are the link's own, of all flavours. */
  readonly existing: readonly ExistingPolicy[];
  readonly cluster: ClusterFacts;
  /** The namespace that the operator runs in; absent outside of a cluster. */
  readonly operatorNamespace?: string;
  /** Whether every selected namespace has a NetworkPolicy that holds its pods without the cluster's. */
  readonly areNamespacesHeld: boolean;
}

export interface ClusterPolicyPlan {
  /** In the order in which they have to be made; to stop after any of them is safe. */
  readonly steps: readonly PolicyStep[];
  readonly waits: readonly ClusterPolicyFinding[];
  readonly problems: readonly ClusterPolicyFinding[];
  /** Absent where the link wants no policy, or the cluster serves none that it takes. */
  readonly flavor?: Flavor;
  /** The whole policy, also while it is not written. */
  readonly wanted: readonly ClusterPolicyObject[];
}

const nothing: ClusterPolicyPlan = { steps: [], waits: [], problems: [], wanted: [] };

/** True for a link whose cluster-scoped policy is to be there. */
function wantsClusterPolicy({ metadata, spec }: SageMakerPrivateLink): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    spec.clients?.clusterPolicy !== undefined &&
    spec.clients.networkPolicy?.enforcement === 'Enforce'
  );
}

/**
 * Decides the writes of a link's cluster-scoped policy. While anything is not known, the objects that
 * are there get what is new and lose nothing; another flavour's go when the wanted ones are all there.
 *
 * @param link undefined for one that does not exist any more
 */
export function planClusterPolicy(
  link: SageMakerPrivateLink | undefined,
  surroundings: ClusterPolicySurroundings,
): ClusterPolicyPlan {
  if (link === undefined) return removal(surroundings);
  const isGoing = link.metadata.deletionTimestamp !== undefined;
  if (link.spec.suspend && !isGoing) return nothing;
  if (!wantsClusterPolicy(link)) return dropped(link, surroundings);
  const { served, existing } = surroundings;
  const flavor = link.spec.clients?.clusterPolicy?.flavor ?? 'Auto';
  const choice = chooseFlavor(served, flavor, flavorInUse(link, existing));
  if (choice.kind === 'None') {
    const { reason, message } = choice;
    return { ...nothing, problems: [{ reason, message }] };
  }
  return planIn(choice.served, link, surroundings);
}

/** The flavour of the objects that are there; else that of those which were once. */
function flavorInUse(
  { status }: SageMakerPrivateLink,
  existing: readonly ExistingPolicy[],
): Flavor | undefined {
  const told = status?.clients?.clusterPolicy?.flavor;
  const known = flavorKinds.find(({ flavor }) => flavor === told)?.flavor;
  const found = existing.map(({ flavor }) => flavor);
  return found.find((flavor) => flavor === known) ?? found[0] ?? known;
}

function planIn(
  served: ServedFlavor,
  link: SageMakerPrivateLink,
  { existing, cluster, operatorNamespace }: ClusterPolicySurroundings,
): ClusterPolicyPlan {
  const egress = wantedEgress(link, cluster);
  const input = egress && policyInputOf(link, egress, operatorNamespace);
  if (egress === undefined || input === undefined) return nothing;
  const rendered = renderClusterPolicy(served, input);
  const { flavor } = served;
  const wanted = rendered.objects.map((object) => policyManifest(link.metadata.name, object));
  const base = { ...nothing, flavor, wanted };
  if (rendered.problems.length > 0) return { ...base, problems: rendered.problems };
  const problems = egressProblems(egress);
  const waits = waitsOf(link, egress);
  const isThere = existing.some((one) => one.flavor === flavor);
  // A policy that is there has lost those ways already; a new one would cut pods off from them.
  if (waits.length > 0 || (problems.length > 0 && !isThere)) {
    const mayAdd = waits.every(({ reason }) => reason === 'AddressesUnknown');
    const steps = mayAdd ? additionsTo(link, { wanted, flavor }, existing) : [];
    return { ...base, waits, problems, steps };
  }
  return { ...base, problems, steps: stepsTo(link, { wanted, flavor }, existing) };
}

function stepsTo(
  { metadata }: SageMakerPrivateLink,
  { wanted, flavor }: { readonly wanted: readonly ClusterPolicyObject[]; readonly flavor: Flavor },
  existing: readonly ExistingPolicy[],
): readonly PolicyStep[] {
  const here = existing.filter((one) => one.flavor === flavor);
  const steps = policySteps(
    here.map((one) => comparable(one, wanted)),
    wanted,
  );
  const writes = steps.map((step) => ({
    ...step,
    object: policyManifest(metadata.name, step.object),
  }));
  const isWritten = (name: string): boolean =>
    steps.some(({ verb, object }) => verb === 'Apply' && object.metadata.name === name);
  const unmarked = wanted.filter((object) => {
    const present = here.find((one) => isNamed(one, object));
    return present && !hasMarks(present, object) && !isWritten(object.metadata.name);
  });
  const marks = unmarked.map((object): PolicyStep => ({ verb: 'Apply', object }));
  // To take what another flavour has comes last: until then its pods are held by both.
  return [...marks, ...writes, ...removals(existing.filter((one) => one.flavor !== flavor))];
}

/** An edit is undone when everything is known: until then nobody can tell it from rules that stay. */
function additionsTo(
  { metadata }: SageMakerPrivateLink,
  { wanted, flavor }: { readonly wanted: readonly ClusterPolicyObject[]; readonly flavor: Flavor },
  existing: readonly ExistingPolicy[],
): readonly PolicyStep[] {
  const here = existing.filter((one) => one.flavor === flavor);
  if (here.some(({ editors }) => editors.length > 0)) return [];
  const objects = here.map((one) => comparable(one, wanted));
  return policyAdditions(flavor, objects, wanted).map((object) => ({
    verb: 'Apply',
    object: policyManifest(metadata.name, object),
  }));
}

function isNamed({ object }: ExistingPolicy, { kind, metadata }: ClusterPolicyObject): boolean {
  return object.kind === kind && object.metadata.name === metadata.name;
}

/** The object with the labels that say its part, and without what the server added by itself. */
function comparable(
  existing: ExistingPolicy,
  wanted: readonly ClusterPolicyObject[],
): ClusterPolicyObject {
  const same = wanted.find((one) => isNamed(existing, one));
  if (same !== undefined && isAsWritten(existing, same)) return same;
  const { object } = existing;
  const labels = { ...defaultLabels, ...object.metadata.labels, ...same?.metadata.labels };
  return { ...object, metadata: { ...object.metadata, labels } };
}

/** An object without its label is taken away with those that let traffic pass: as the last ones. */
const defaultLabels = { [policyLabels.part]: 'allow' };

/** Of a link that goes on without: its pods are held by their namespaces before the cluster lets go. */
function dropped(
  { metadata, spec }: SageMakerPrivateLink,
  surroundings: ClusterPolicySurroundings,
): ClusterPolicyPlan {
  const { existing, areNamespacesHeld } = surroundings;
  const isStaying = metadata.deletionTimestamp === undefined;
  // An older CRD drops the policy's own fields as well.
  if (isStaying && existing.length > 0 && enforcementOf({ spec }) === 'Unknown') {
    return { ...nothing, waits: [enforcementUnknown(metadata.name)] };
  }
  const isHeldOn = isStaying && spec.clients?.networkPolicy?.enforcement === 'Enforce';
  if (existing.length === 0 || !isHeldOn || areNamespacesHeld) return removal(surroundings);
  const message =
    'The cluster-scoped policy goes when every selected namespace has its NetworkPolicy.';
  return { ...nothing, waits: [{ reason: 'ConfiguringNamespaces', message }] };
}

function removal({ existing }: ClusterPolicySurroundings): ClusterPolicyPlan {
  return { ...nothing, steps: removals(existing) };
}

function removals(existing: readonly ExistingPolicy[]): readonly PolicyStep[] {
  const flavors = [...new Set(existing.map(({ flavor }) => flavor))];
  return flavors.flatMap((flavor) => {
    const here = existing.filter((one) => one.flavor === flavor);
    return policySteps(
      here.map((one) => comparable(one, [])),
      [],
    );
  });
}

function egressProblems({ missing, boundless }: EgressOfLink): readonly ClusterPolicyFinding[] {
  const services = missing.join(', ');
  const message = `The VPC has no endpoint for ${services}, which spec.clients.networkPolicy.egress.awsServices names; a new cluster policy would cut pods off from it. Create the endpoint, or take the service out of the list.`;
  return [
    ...(missing.length === 0 ? [] : [{ reason: 'ServiceMissing' as const, message }]),
    ...boundless.map((field) => ({
      reason: 'RuleWithoutDestination' as const,
      message: `${field} has no destination, which would open every one, and is left out. Say in "to" where to.`,
    })),
  ];
}

function waitsOf(
  { metadata, status }: SageMakerPrivateLink,
  { unknown }: EgressOfLink,
): readonly ClusterPolicyFinding[] {
  if (status?.clients?.availableOnce !== true) {
    const message = `The cluster policy waits until all endpoints of ${metadata.name} are available for the first time.`;
    return [{ reason: 'EndpointsNotAvailable', message }];
  }
  if (unknown.length === 0) return [];
  const message = `No cluster policy is made, and nothing is taken out of one that is there, until ${unknown.join(', ')} has addresses that are known.`;
  return [{ reason: 'AddressesUnknown', message }];
}
