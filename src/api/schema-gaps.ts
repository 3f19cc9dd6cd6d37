import type { StructuralSchema } from './validation/structural-schema.ts';

/**
 * The parts of a kind that the schema of another version of it lacks, sorted: fields, which an API
 * server with that schema drops without a word, and values of an enum, which it refuses. Below a field
 * that is lacking nothing is named.
 *
 * @param schema as this version knows the kind
 * @param served as the API server has it
 * @returns paths such as `spec.verify` and `status.endpoints[].id`, with `*` for the keys of a map, and
 *   `spec.endpoints[].service: partner-app` for values
 */
export function schemaGaps(schema: StructuralSchema, served: StructuralSchema): readonly string[] {
  // The API server has a schema of its own for the metadata.
  const { metadata: _, ...properties } = schema.properties ?? {};
  return [...gapsBelow({ ...schema, properties }, served, '')].toSorted();
}

function* gapsBelow(
  schema: StructuralSchema,
  served: StructuralSchema,
  path: string,
): Generator<string> {
  const values = served.enum && schema.enum?.filter((value) => !served.enum?.includes(value));
  if (values && values.length > 0) yield `${path}: ${values.join(', ')}`;
  for (const [at, part, counterpart] of partsOf(schema, served, path)) {
    if (counterpart !== undefined) yield* gapsBelow(part, counterpart, at);
    else if (served['x-kubernetes-preserve-unknown-fields'] !== true) yield at;
  }
}

type Part = readonly [path: string, part: StructuralSchema, served: StructuralSchema | undefined];

function* partsOf(
  schema: StructuralSchema,
  served: StructuralSchema,
  path: string,
): Generator<Part> {
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const known = served.properties?.[name] ?? served.additionalProperties;
    yield [path === '' ? name : `${path}.${name}`, part, known];
  }
  const { additionalProperties, items } = schema;
  if (additionalProperties) {
    yield [`${path}.*`, additionalProperties, served.additionalProperties];
  }
  if (items) yield [`${path}[]`, items, served.items];
}
