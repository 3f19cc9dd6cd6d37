/** The objects that a namespace gets, and the owners of those that it has. */
import { createHash } from 'node:crypto';
import { group } from '../../api/sagemaker-private-link.ts';
import { canonicalText } from './canonical-text.ts';
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
const linkLabel = `${group}/link`;
/** The links that the object is there for, joined by commas. */
const linksAnnotation = `${group}/links`;
/** The place that it was written for: a copy that somebody made elsewhere is not an own object. */
const writtenAsAnnotation = `${group}/written-as`;
/** A digest of the content as it was written: another content was written by somebody else. */
const contentHashAnnotation = `${group}/content-hash`;

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
    },
  };
  const apiVersion = apiVersions[content.kind];
  // In the order in which people write manifests.
  return content.kind === 'ConfigMap'
    ? { apiVersion, kind: content.kind, metadata, data: content.data }
    : { apiVersion, kind: content.kind, metadata, spec: content.spec };
}

/** True for an object that the operator wrote, and not for a copy of one. */
export function isOwn({ metadata }: ExistingObject): boolean {
  const { name, namespace, labels = {}, annotations = {} } = metadata;
  return (
    labels[managedByLabel] === managedBy &&
    annotations[writtenAsAnnotation] === `${namespace}/${name}`
  );
}

/** Names of the links that an own or a wanted object is there for. */
export function linksOf({ metadata }: ExistingObject | ClientObject): readonly string[] {
  return (metadata.annotations?.[linksAnnotation] ?? '').split(',').filter((name) => name !== '');
}

/** True if nobody has changed the object since the operator wrote it. */
export function isIntact(existing: ExistingObject): boolean {
  return existing.metadata.annotations?.[contentHashAnnotation] === contentHash(existing);
}

/** True if the object says what is wanted; labels and annotations of others are their affair. */
export function isSame(existing: ExistingObject, wanted: ClientObject): boolean {
  return (
    canonicalText(contentOf(existing)) === canonicalText(contentOf(wanted)) &&
    canonicalText(ownTexts(existing)) === canonicalText(ownTexts(wanted))
  );
}

function contentHash(content: ClientContent): string {
  const digest = createHash('sha256').update(canonicalText(contentOf(content)));
  return digest.digest('hex').slice(0, 16);
}

function contentOf(object: ClientContent): unknown {
  return object.kind === 'ConfigMap' ? object.data : object.spec;
}

function ownTexts({
  metadata,
}: ExistingObject | ClientObject): readonly (readonly [string, string])[] {
  const { labels = {}, annotations = {} } = metadata;
  const isOurs = (key: string): boolean => key === managedByLabel || key.startsWith(`${group}/`);
  return [...Object.entries(labels), ...Object.entries(annotations)]
    .filter(([key]) => isOurs(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The owner of an object that the operator did not write, in words. */
export function ownerWords({ metadata }: ExistingObject): string {
  const label = metadata.labels?.[managedByLabel];
  if (label === managedBy) return 'whoever copied it from another place';
  if (label !== undefined) return `${label} (its label ${managedByLabel})`;
  const managers = metadata.managers ?? [];
  if (managers.length > 0) return `${managers.join(', ')} (its field managers)`;
  return 'somebody else';
}
