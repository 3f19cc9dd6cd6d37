/** Metadata as the watches of the cluster keep it. */
import type { ObjectMeta } from '../kubernetes/client/object.ts';

/** The fields that every watch needs: what an object is, and which version of it. */
const always = ['namespace', 'uid', 'resourceVersion', 'labels'] as const;

/** Keeps these fields beside name, namespace, UID, version and labels; absent ones stay absent. */
export function keptMetadata(
  metadata: ObjectMeta,
  more: readonly (keyof ObjectMeta)[] = [],
): ObjectMeta {
  const kept = [...always, ...more].filter((field) => metadata[field] !== undefined);
  return {
    name: metadata.name,
    ...Object.fromEntries(kept.map((field) => [field, metadata[field]])),
  };
}
