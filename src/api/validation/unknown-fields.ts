import { isObject } from './json-value.ts';
import { childPath, propertyOf } from './nodes.ts';
import type { StructuralSchema } from './structural-schema.ts';
import type { UnknownField } from './violation.ts';

/** The fields of Kubernetes' ObjectMeta; the CRD's schema says nothing about them. */
const metadataFields = new Set([
  'annotations',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'labels',
  'managedFields',
  'name',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** The fields that the kind does not have, sorted by path, as strict decoding reports them. */
export function findUnknownFields(
  schema: StructuralSchema,
  object: Record<string, unknown>,
): readonly UnknownField[] {
  const { metadata, ...rest } = object;
  const ofMetadata = isObject(metadata)
    ? Object.keys(metadata).filter((key) => !metadataFields.has(key))
    : [];
  const known = [...metadataFields];
  const fields = [
    ...ofMetadata.map((field): UnknownField => ({ path: `metadata.${field}`, field, known })),
    ...unknownBelow(schema, rest, ''),
  ];
  return fields.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** An undefined schema knows no field: below a list, say, where an object is wanted. */
function* unknownBelow(
  schema: StructuralSchema | undefined,
  value: unknown,
  path: string,
): Generator<UnknownField> {
  const keepsUnknown = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (Array.isArray(value)) {
    if (keepsUnknown && schema.items === undefined) return;
    for (const [index, item] of value.entries()) {
      yield* unknownBelow(schema?.items, item, `${path}[${index}]`);
    }
  } else if (isObject(value)) {
    for (const [key, field] of Object.entries(value)) {
      const known = schema && (propertyOf(schema, key) ?? schema.additionalProperties);
      const at = childPath(path, key);
      if (known !== undefined) yield* unknownBelow(known, field, at);
      else if (!keepsUnknown) yield { path: at, field: key, known: fieldsOf(schema) };
    }
  }
}

function fieldsOf(schema: StructuralSchema | undefined): readonly string[] {
  return Object.keys(schema?.properties ?? {});
}
