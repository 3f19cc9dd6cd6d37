/** The objects that a namespace gets, and the owners of those that it has. */
import { group } from '../../api/sagemaker-private-link.ts';
import { canonicalText, digestOf } from './canonical-text.ts';
import type { NetworkPolicySpec } from './network-policy/network-policy.ts';

type Texts = Readonly<Record<string, string>>;

/** The content of an object, beside its name. */
export type ClientContent =
  | { readonly kind: 'ConfigMap'; readonly data: Texts }
  | { readonly kind: 'NetworkPolicy'; readonly spec: NetworkPolicySpec };

export type ClientObjectKind = ClientContent['kind'];

interface ClientMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** A whole manifest, as `kubectl apply` takes it. */
export type ClientObject = ClientContent & {
  readonly apiVersion: string;
  readonly metadata: ClientMetadata;
};

/** An object of the namespace that has one of our kinds: an own one, or one whose name is wanted. */
export type ExistingObject = ClientContent & {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Texts | undefined;
    readonly annotations?: Texts | undefined;
    /** Names of its field managers, for messages. */
    readonly managers?: readonly string[] | undefined;
  };
};

export const managedByLabel = 'app.kubernetes.io/managed-by';
/** The value of the label on everything that the operator writes into namespaces. */
export const managedBy = 'sagemaker-privatelink-operator';

/** The one link that the object is there for. Not on an object of several. */
export const linkLabel = `${group}/link`;
/** The links that the object is there for, joined by commas. */
const linksAnnotation = `${group}/links`;
/** The place that it was written for: a copy that somebody made elsewhere is not an own object. */
export const writtenAsAnnotation = `${group}/written-as`;
/** A digest of the content as it was written: another content was written by somebody else. */
export const contentHashAnnotation = `${group}/content-hash`;
/** The same of the names of the links. */
const linksHashAnnotation = `${group}/links-hash`;
export const hashDigits = 16;

export const apiVersions: Readonly<Record<ClientObjectKind, string>> = {
  ConfigMap: 'v1',
  NetworkPolicy: 'networking.k8s.io/v1',
};

/** The manifest of an object for these links, whose names are sorted here. */
export function clientObject(
  content: ClientContent,
  { name, namespace, links }: { name: string; namespace: string; links: readonly string[] },
): ClientObject {
  const sorted = [...new Set(links)].sort();
  const [only = ''] = sorted;
  const metadata = {
    name,
    namespace,
    labels: { [managedByLabel]: managedBy, ...(sorted.length === 1 ? { [linkLabel]: only } : {}) },
    annotations: {
      [linksAnnotation]: sorted.join(','),
      [writtenAsAnnotation]: `${namespace}/${name}`,
      [contentHashAnnotation]: contentHash(content),
      [linksHashAnnotation]: digestOf(sorted.join(','), hashDigits),
    },
  };
  const apiVersion = apiVersions[content.kind];
  // In the order in which people write manifests.
  return content.kind === 'ConfigMap'
    ? { apiVersion, kind: content.kind, metadata, data: content.data }
    : { apiVersion, kind: content.kind, metadata, spec: content.spec };
}

/**
 * True for an object that the operator wrote, and not for a copy of one. An object whose label was
 * taken off is still known by its content; one with another value in it was given to somebody else.
 */
export function isOwn(existing: ExistingObject): boolean {
  const { name, namespace, labels = {}, annotations = {} } = existing.metadata;
  if (annotations[writtenAsAnnotation] !== `${namespace}/${name}`) return false;
  const label = labels[managedByLabel];
  return label === managedBy || (label === undefined && isIntact(existing));
}

/** Names of the links that an own or a wanted object is there for. */
export function linksOf({ metadata }: ExistingObject | ClientObject): readonly string[] {
  return (metadata.annotations?.[linksAnnotation] ?? '').split(',').filter((name) => name !== '');
}

/**
 * Names of the links that an own object was written for, or all candidates where somebody edited
 * them: each of these may be the one that is meant, and none of them loses anything by it.
 */
export function servedLinks(
  existing: ExistingObject,
  candidates: readonly string[],
): readonly string[] {
  return hasIntactLinks(existing) ? linksOf(existing) : candidates;
}

/** True if nobody has changed the names of an own object's links since the operator wrote them. */
function hasIntactLinks({ metadata: { annotations = {} } }: ExistingObject): boolean {
  return (
    annotations[linksHashAnnotation] === digestOf(annotations[linksAnnotation] ?? '', hashDigits)
  );
}

/** True if nobody has changed the object's content since the operator wrote it. */
export function isIntact(existing: ExistingObject): boolean {
  return existing.metadata.annotations?.[contentHashAnnotation] === contentHash(existing);
}

/** True if the object says what is wanted; labels and annotations of others are their affair. */
export function isSame({ metadata, ...content }: ExistingObject, wanted: ClientObject): boolean {
  const { labels, annotations } = wanted.metadata;
  return (
    canonicalText(contentOf(content)) === canonicalText(contentOf(wanted)) &&
    hasTexts(metadata.labels, labels) &&
    hasTexts(metadata.annotations, annotations)
  );
}

/** Another key under the operator's prefix is somebody else's, too: a write would not take it out. */
function hasTexts(present: Texts | undefined, wanted: Texts): boolean {
  return Object.entries(wanted).every(([key, value]) => present?.[key] === value);
}

function contentHash(content: ClientContent): string {
  return digestOf(canonicalText(contentOf(content)), hashDigits);
}

function contentOf(object: ClientContent): unknown {
  return object.kind === 'ConfigMap' ? object.data : object.spec;
}

/** The parts of an object that tell whose it is. */
export interface OwnedObject {
  readonly metadata: {
    readonly labels?: Texts | undefined;
    /** Names of its field managers. */
    readonly managers?: readonly string[] | undefined;
  };
}

/** The owner of an object that the operator did not write, in words. */
export function ownerWords({ metadata }: OwnedObject): string {
  const label = metadata.labels?.[managedByLabel];
  if (label === managedBy) return 'whoever copied it from another place';
  if (label !== undefined) return `${label} (its label ${managedByLabel})`;
  const managers = metadata.managers ?? [];
  if (managers.length > 0) return `${managers.join(', ')} (its field managers)`;
  return 'somebody else';
}
