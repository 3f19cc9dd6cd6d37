/** Cluster-scoped objects as they are written, and whose those are that the API server has. */
import { isDeepStrictEqual } from 'node:util';
import { canonicalText, digestOf } from '../canonical-text.ts';
import {
  contentHashAnnotation,
  hashDigits,
  linkLabel,
  managedBy,
  managedByLabel,
  writtenAsAnnotation,
} from '../client-object.ts';
import type { Flavor } from './choose-flavor.ts';
import { isPolicyOf } from './policy-names.ts';
import type { ClusterPolicyObject } from './policy-object.ts';

/** A cluster-scoped object that has one of the kinds, as the API server has it. */
export interface ExistingPolicy {
  readonly flavor: Flavor;
  readonly object: ClusterPolicyObject;
  readonly uid: string;
  /** Names of its field managers, for messages. */
  readonly managers: readonly string[];
  /** Field managers other than the operator that set a part of the content. */
  readonly editors: readonly string[];
}

/** The object with everything by which it is known later as the operator's, and the link's. */
export function policyManifest(link: string, object: ClusterPolicyObject): ClusterPolicyObject {
  const { name, labels } = object.metadata;
  return {
    ...object,
    metadata: {
      name,
      labels: { ...labels, [managedByLabel]: managedBy, [linkLabel]: link },
      annotations: {
        [writtenAsAnnotation]: writtenAs(object),
        [contentHashAnnotation]: contentHash(object),
      },
    },
  };
}

/** A digest of the content of all objects together. */
export function policiesHash(objects: readonly ClusterPolicyObject[]): string {
  return digestOf(canonicalText(objects.map(contentOf)), hashDigits);
}

/** Names the object in messages. */
export function policyWords({ kind, metadata }: ClusterPolicyObject): string {
  return `${kind} ${metadata.name}`;
}

/**
 * True for an object that the operator wrote for the link. One whose label was taken off is still
 * known by its content; one with another value in it was given to somebody else.
 */
export function isOwnPolicy({ object }: ExistingPolicy, link: string): boolean {
  const { name, labels, annotations = {} } = object.metadata;
  if (!isPolicyOf(name, link)) return false;
  const label = labels[managedByLabel];
  if (label !== undefined) return label === managedBy;
  return (
    annotations[writtenAsAnnotation] === writtenAs(object) &&
    annotations[contentHashAnnotation] === contentHash(object)
  );
}

/** True for an object that says what is wanted, whatever its labels are. */
export function isAsWritten(
  { object, editors }: ExistingPolicy,
  wanted: ClusterPolicyObject,
): boolean {
  const [has, wants] = [contentOf(object), contentOf(wanted)];
  // A server fills in defaults that nobody wrote; what somebody added is in the list of managers.
  return isDeepStrictEqual(has, wants) || (editors.length === 0 && says(has, wants));
}

/** True if its labels and annotations are those that were written with this content. */
export function hasMarks({ object }: ExistingPolicy, manifest: ClusterPolicyObject): boolean {
  const { labels, annotations = {} } = object.metadata;
  const { labels: wanted, annotations: noted = {} } = manifest.metadata;
  return (
    Object.entries(wanted).every(([key, value]) => labels[key] === value) &&
    Object.entries(noted).every(([key, value]) => annotations[key] === value)
  );
}

/** True for a value with everything that is wanted of it; a server may have added fields. */
export function says(has: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(has, wanted);
  if (typeof has !== 'object' || has === null || Array.isArray(has) !== Array.isArray(wanted)) {
    return false;
  }
  if (Array.isArray(wanted)) {
    const items = has as readonly unknown[];
    return wanted.length === items.length && wanted.every((one, n) => says(items[n], one));
  }
  const fields = has as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(
    ([key, value]) => value === undefined || says(fields[key], value),
  );
}

function writtenAs({ kind, metadata }: ClusterPolicyObject): string {
  return `${kind}/${metadata.name}`;
}

function contentHash(object: ClusterPolicyObject): string {
  return digestOf(canonicalText(contentOf(object)), hashDigits);
}

function contentOf({ apiVersion, kind, spec, specs }: ClusterPolicyObject): unknown {
  return {
    apiVersion,
    kind,
    ...(spec === undefined ? {} : { spec }),
    ...(specs === undefined ? {} : { specs }),
  };
}
