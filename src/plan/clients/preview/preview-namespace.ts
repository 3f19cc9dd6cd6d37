import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import {
  apiVersions,
  type ClientContent,
  type ClientObjectKind,
  type ExistingObject,
  isOwn,
  linksOf,
} from '../client-object.ts';
import type { ClientFinding } from '../finding.ts';
import type { NetworkPolicySpec } from '../network-policy/network-policy.ts';
import { networkPolicyName } from '../network-policy/plan-network-policy.ts';
import { type NamespaceInput, type NamespacePlan, planNamespace } from '../plan-namespace.ts';
import { wantedEgress } from '../wanted-egress.ts';
import { contentDifferences } from './content-differences.ts';
import { incompletePolicy } from './incomplete-policy.ts';

/** `NotWritten`: the spec keeps it from being written for now, or something has to be there first. */
export type PreviewedChange = 'Create' | 'Update' | 'Delete' | 'Unchanged' | 'NotWritten';

/** An object's manifest: of one that is there as it is, else as it would be. */
export type PreviewedManifest = ClientContent & {
  readonly apiVersion: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
};

export interface PreviewedObject {
  readonly change: PreviewedChange;
  readonly object: PreviewedManifest;
  /** For one that replaces another: what it adds (`+ ...`) and takes away (`- ...`). */
  readonly differences: readonly string[];
}

/** `Later`: it would hold once Audit, a suspension or the wait for the first endpoints ends. */
export interface PreviewedFinding extends ClientFinding {
  readonly when: 'Now' | 'Later';
}

/** The policy that pods would be held to, whoever writes it. */
export interface HeldPolicy {
  readonly spec: NetworkPolicySpec;
  /** Parts whose addresses are not known, so that it may lack them. */
  readonly unknown: readonly string[];
}

/** The next steps of the operator in a namespace, and those that are held back. */
export interface NamespacePreview {
  readonly namespace: string;
  readonly deleting: boolean;
  readonly selectedBy: readonly string[];
  /** Links that have something in it, whether they select it or not. */
  readonly servedBefore: readonly string[];
  readonly objects: readonly PreviewedObject[];
  /** Links whose policy `enforcement: Audit` keeps from being written. */
  readonly audited: readonly string[];
  readonly findings: readonly PreviewedFinding[];
  readonly heldPolicy?: HeldPolicy;
}

/**
 * Shows a namespace by the operator's own planner, on the objects that are there. A second plan shows
 * what is only held back: by Audit, by a suspension, or until endpoints are available once.
 */
export function previewNamespace(input: NamespaceInput): NamespacePreview {
  const { namespace, existing } = input;
  const own = existing.filter(isOwn);
  const now = planNamespace(input);
  const links = input.links.map(heldBackByNothing);
  const future = { ...input, links, existing: existingAfter(now, existing) };
  const later = planNamespace({ ...future, clusterPolicies: omitting(links) });
  const policy = heldPolicy({ ...future, links: links.map(withoutClusterPolicy) });
  return {
    namespace: namespace.name,
    deleting: namespace.deleting,
    selectedBy: now.selectedBy,
    servedBefore: [...new Set(own.flatMap(linksOf))].sort(),
    objects: [
      ...objectsAfter(now, own),
      ...objectsWritten(later, future.existing).map((one) => ({
        ...one,
        change: 'NotWritten' as const,
      })),
    ],
    audited: input.links
      .filter((one) => isAudited(one) && now.selectedBy.includes(one.metadata.name))
      .map(({ metadata }) => metadata.name),
    findings: findingsOf(now, later),
    ...(policy === undefined ? {} : { heldPolicy: policy }),
  };
}

function isAudited({ spec }: SageMakerPrivateLink): boolean {
  return spec.clients?.networkPolicy?.enforcement === 'Audit';
}

/** The link as if it were enforced, at work and in use. */
function heldBackByNothing(link: SageMakerPrivateLink): SageMakerPrivateLink {
  const { spec, status = { observedGeneration: 0 } } = link;
  const { clients } = spec;
  if (clients === undefined) return link;
  const { networkPolicy, ...others } = clients;
  const enforced =
    networkPolicy === undefined
      ? {}
      : { networkPolicy: { ...networkPolicy, enforcement: 'Enforce' as const } };
  const known = status.clients ?? { namespaces: 0, ready: 0 };
  return {
    ...link,
    spec: { ...spec, suspend: false, clients: { ...others, ...enforced } },
    status: { ...status, clients: { ...known, availableOnce: true } },
  };
}

/** Links whose cluster-scoped policy takes the place of the namespaces' own. */
function omitting(links: readonly SageMakerPrivateLink[]): ReadonlySet<string> {
  const omit = links.filter(
    ({ spec }) => spec.clients?.clusterPolicy?.namespacedPolicies === 'Omit',
  );
  return new Set(omit.map(({ metadata }) => metadata.name));
}

/** A cluster-scoped policy says the same of its pods as a NetworkPolicy of the namespace would. */
function withoutClusterPolicy(link: SageMakerPrivateLink): SageMakerPrivateLink {
  const { clients } = link.spec;
  if (clients === undefined) return link;
  const { clusterPolicy: _same, ...others } = clients;
  return { ...link, spec: { ...link.spec, clients: others } };
}

function objectsAfter(
  plan: NamespacePlan,
  own: readonly ExistingObject[],
): readonly PreviewedObject[] {
  const untouched = own.flatMap((one): PreviewedObject[] => {
    const action = plan.actions.find(({ object }) => keyOf(object) === keyOf(one));
    if (action !== undefined && action.kind !== 'Delete') return [];
    const change = action === undefined ? 'Unchanged' : 'Delete';
    return [{ change, object: manifestOf(one), differences: [] }];
  });
  return [...objectsWritten(plan, own), ...untouched];
}

function objectsWritten(
  { actions }: NamespacePlan,
  present: readonly ExistingObject[],
): readonly PreviewedObject[] {
  return actions.flatMap((action): PreviewedObject[] => {
    if (action.kind === 'Delete') return [];
    const { kind, object } = action;
    return [{ change: kind, object, differences: differencesOf(object, present) }];
  });
}

/** The objects of the namespace when the plan is carried out. */
function existingAfter(
  { actions }: NamespacePlan,
  existing: readonly ExistingObject[],
): readonly ExistingObject[] {
  const untouched = existing.filter((one) => {
    return !actions.some(({ object }) => keyOf(object) === keyOf(one));
  });
  const written = actions.flatMap((action): ExistingObject[] => {
    if (action.kind === 'Delete') return [];
    const { object } = action;
    // The API server gives a new one its UID.
    const uid = action.kind === 'Update' ? action.uid : 'new';
    return [{ ...object, metadata: { ...object.metadata, uid } }];
  });
  return [...untouched, ...written];
}

function differencesOf(
  object: PreviewedManifest,
  present: readonly ExistingObject[],
): readonly string[] {
  const before = present.find((one) => keyOf(one) === keyOf(object));
  return before === undefined ? [] : contentDifferences(before, object);
}

function manifestOf(existing: ExistingObject): PreviewedManifest {
  const { name, namespace, labels = {}, annotations = {} } = existing.metadata;
  const { metadata: _whole, ...content } = existing;
  const metadata = { name, namespace, labels, annotations };
  return { apiVersion: apiVersions[existing.kind], ...content, metadata };
}

type Named = { readonly kind: ClientObjectKind } & (
  | { readonly name: string }
  | { readonly metadata: { readonly name: string } }
);

function keyOf(one: Named): string {
  return `${one.kind}/${'metadata' in one ? one.metadata.name : one.name}`;
}

function findingsOf(now: NamespacePlan, later: NamespacePlan): readonly PreviewedFinding[] {
  const present = [...now.waits, ...now.problems];
  const textOf = ({ link, kind, reason }: ClientFinding): string => `${link} ${kind} ${reason}`;
  const known = new Set(present.map(textOf));
  const future = [...later.waits, ...later.problems].filter((one) => !known.has(textOf(one)));
  return [
    ...present.map((one) => ({ ...one, when: 'Now' as const })),
    ...future.map((one) => ({ ...one, when: 'Later' as const })),
  ];
}

/** Such findings keep a policy from being written, and not from being looked at. */
const incomplete: ReadonlySet<string> = new Set(['AddressesUnknown', 'ServiceMissing']);

function heldPolicy(input: NamespaceInput): HeldPolicy | undefined {
  const plan = planNamespace(input);
  const policies = objectsAfter(plan, input.existing.filter(isOwn)).flatMap(({ change, object }) =>
    change !== 'Delete' && object.kind === 'NetworkPolicy' ? [object] : [],
  );
  const policy = policies.find(({ metadata }) => metadata.name === networkPolicyName);
  const selecting = input.links.filter(({ metadata }) => plan.selectedBy.includes(metadata.name));
  if (policy !== undefined) return { spec: policy.spec, unknown: unknownOf(selecting, input) };
  const isIncomplete = [...plan.waits, ...plan.problems].some(
    ({ kind, reason }) => kind === 'NetworkPolicy' && incomplete.has(reason),
  );
  if (!isIncomplete) return undefined;
  const spec = incompletePolicy(selecting, input.cluster);
  return spec === undefined ? undefined : { spec, unknown: unknownOf(selecting, input) };
}

function unknownOf(
  links: readonly SageMakerPrivateLink[],
  { cluster }: NamespaceInput,
): readonly string[] {
  const parts = links.flatMap((link) => wantedEgress(link, cluster) ?? []);
  return [...new Set(parts.flatMap(({ unknown, missing }) => [...unknown, ...missing]))];
}
