import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import {
  type ClientObject,
  type ClientObjectKind,
  type ExistingObject,
  isIntact,
  isOwn,
  isSame,
  linksOf,
  ownerWords,
  servedLinks,
} from './client-object.ts';
import type { ClientFinding } from './finding.ts';
import { selects } from './label-selector.ts';
import { byAge } from './merge-links.ts';
import { type PartialPlan, sharedWaits } from './partial-plan.ts';
import { planConfigMaps } from './config-map/plan-config-maps.ts';
import { networkPolicyName, planNetworkPolicy } from './network-policy/plan-network-policy.ts';
import type { ClusterFacts } from './wanted-egress.ts';

/** A namespace of the cluster, as its metadata shows it. */
export interface ClientNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** True from the moment on when somebody deleted it: nothing can be made in it any more. */
  readonly deleting: boolean;
}

/** Everything that the content of a namespace depends on. */
export interface NamespaceInput {
  readonly namespace: ClientNamespace;
  /** At least the links that select the namespace and those that are suspended, in any order. */
  readonly links: readonly SageMakerPrivateLink[];
  /** Own objects of the namespace, and those of others that have a wanted name. */
  readonly existing: readonly ExistingObject[];
  readonly cluster: ClusterFacts;
  /** Names of links whose cluster-scoped policy is in force. */
  readonly clusterPolicies: ReadonlySet<string>;
  /** The namespace that the operator runs in, which gets no policy; absent outside of a cluster. */
  readonly operatorNamespace?: string;
}

/** One change in a namespace. */
export type NamespaceAction =
  /** Must fail if an object with the name is there. */
  | { readonly kind: 'Create'; readonly object: ClientObject }
  /** The object with this uid gets this content in place of its own. */
  | { readonly kind: 'Update'; readonly object: ClientObject; readonly uid: string }
  | {
      readonly kind: 'Delete';
      readonly object: { readonly kind: ClientObjectKind; readonly name: string };
      readonly uid: string;
    };

export interface NamespacePlan {
  /** In the order in which they have to be made; to stop after any of them is safe. */
  readonly actions: readonly NamespaceAction[];
  readonly waits: readonly ClientFinding[];
  readonly problems: readonly ClientFinding[];
  /** Names of the links that select the namespace. */
  readonly selectedBy: readonly string[];
}

/**
 * Decides what a namespace lacks and what it has too much. An object that says what is wanted yields
 * no action. The ConfigMap comes before the policy, so that pods know the way before they are held to
 * it; what is too much goes last.
 */
export function planNamespace(input: NamespaceInput): NamespacePlan {
  const { namespace, existing, links } = input;
  const selecting = byAge(
    links.filter((link) => !isDeleting(link) && isSelecting(link, namespace)),
  );
  const selectedBy = selecting.map(({ metadata }) => metadata.name);
  if (namespace.deleting) return { actions: [], waits: [], problems: [], selectedBy };
  const active = selecting.filter(({ spec }) => !spec.suspend);
  const own = existing.filter(isOwn);
  const parts = [planConfigMaps(namespace.name, active, own), policyPlan(input, active, own)];
  const suspended = suspendedLinks(links, selectedBy);
  const writes = parts.flatMap((part) => writesOf(part, existing, suspended));
  const waits = [...parts.flatMap((part) => part.waits), ...writes.flatMap((write) => write.waits)];
  const problems = [
    ...parts.flatMap((part) => part.problems),
    ...writes.flatMap((write) => write.problems),
  ];
  const blocked = [...waits, ...problems].filter(({ reason }) => reason !== 'ProtectedNamespace');
  const deletions = own.filter(
    (one) =>
      !isMentioned(one, parts) &&
      suspended.of(one).length === 0 &&
      (isEditedConfigMap(one) || !blocked.some((finding) => isAbout(finding, one))),
  );
  return {
    actions: [...writes.flatMap(({ actions }) => actions), ...deletions.map(deletionOf)],
    waits,
    problems,
    selectedBy,
  };
}

/** Links that nothing is done for, and for which nothing is taken away. */
interface SuspendedLinks {
  /** Those that an own object is there for, or may be. */
  of(object: ExistingObject): readonly string[];
}

function suspendedLinks(
  links: readonly SageMakerPrivateLink[],
  selectedBy: readonly string[],
): SuspendedLinks {
  const names = links
    .filter((link) => link.spec.suspend && !isDeleting(link))
    .map(({ metadata }) => metadata.name)
    .sort();
  const selecting = names.filter((name) => selectedBy.includes(name));
  return {
    of: (object) => servedLinks(object, selecting).filter((name) => names.includes(name)),
  };
}

function isDeleting({ metadata }: SageMakerPrivateLink): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function isSelecting({ spec }: SageMakerPrivateLink, { labels }: ClientNamespace): boolean {
  return spec.clients !== undefined && selects(spec.clients.namespaceSelector, labels);
}

/** Namespaces of the cluster's own: DNS, the network plugin and the Pod Identity agent run there. */
export const systemNamespaces: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
]);

function policyPlan(
  { namespace, cluster, clusterPolicies, operatorNamespace }: NamespaceInput,
  links: readonly SageMakerPrivateLink[],
  own: readonly ExistingObject[],
): PartialPlan {
  const { name } = namespace;
  return planNetworkPolicy({
    namespace: name,
    links,
    present: own
      .filter((one) => one.kind === 'NetworkPolicy')
      .find(({ metadata }) => metadata.name === networkPolicyName),
    cluster,
    clusterPolicies,
    isProtected: systemNamespaces.has(name) || name === operatorNamespace,
  });
}

interface Writes {
  readonly actions: readonly NamespaceAction[];
  readonly waits: readonly ClientFinding[];
  readonly problems: readonly ClientFinding[];
}

function writesOf(
  { wanted }: PartialPlan,
  existing: readonly ExistingObject[],
  suspended: SuspendedLinks,
): readonly Writes[] {
  const nothing: Writes = { actions: [], waits: [], problems: [] };
  return wanted.map((object): Writes => {
    const present = existing.find((one) => isNamed(one, object));
    if (present === undefined) return { ...nothing, actions: [{ kind: 'Create', object }] };
    if (!isOwn(present)) return { ...nothing, problems: foreignObject(present, object) };
    if (isSame(present, object)) return nothing;
    const culprits = suspended.of(present);
    if (culprits.length > 0) {
      return { ...nothing, waits: sharedWaits(object.kind, linksOf(object), culprits) };
    }
    return { ...nothing, actions: [{ kind: 'Update', object, uid: present.metadata.uid }] };
  });
}

function isNamed(one: ExistingObject, { kind, metadata }: ClientObject): boolean {
  return one.kind === kind && one.metadata.name === metadata.name;
}

function isMentioned(one: ExistingObject, parts: readonly PartialPlan[]): boolean {
  return parts.some(({ wanted }) => wanted.some((object) => isNamed(one, object)));
}

function isAbout({ kind, link }: ClientFinding, object: ExistingObject): boolean {
  return kind === object.kind && servedLinks(object, [link]).includes(link);
}

/** Under a former name, so that nothing says any more what belongs in it. */
function isEditedConfigMap(object: ExistingObject): boolean {
  return object.kind === 'ConfigMap' && !isIntact(object);
}

function deletionOf({ kind, metadata }: ExistingObject): NamespaceAction {
  return { kind: 'Delete', object: { kind, name: metadata.name }, uid: metadata.uid };
}

function foreignObject(present: ExistingObject, wanted: ClientObject): readonly ClientFinding[] {
  const { kind, metadata } = wanted;
  const escape =
    kind === 'ConfigMap' ? 'Delete it, or name another in spec.clients.configMap.' : 'Delete it.';
  return linksOf(wanted).map((link) => ({
    link,
    kind,
    reason: 'OwnedByAnother',
    message: `The ${kind} ${metadata.name} belongs to ${ownerWords(present)} and is not overwritten. ${escape}`,
  }));
}
