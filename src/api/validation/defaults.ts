import { isObject } from './json-value.ts';
import { propertyOf } from './nodes.ts';
import type { StructuralSchema } from './structural-schema.ts';

/**
 * A copy with the schema's defaults filled in. As on the API server, a null stands for an absent
 * field; in a list it stays, and is refused later.
 */
export function applyDefaults(schema: StructuralSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => applyDefaults(items, item));
  }
  return isObject(value) ? fillObject(schema, value) : value;
}

function fillObject(schema: StructuralSchema, value: Record<string, unknown>): unknown {
  const fields: [string, unknown][] = [];
  for (const [key, field] of Object.entries(value)) {
    const known = propertyOf(schema, key) ?? schema.additionalProperties;
    const isPruned = field === null && known !== undefined;
    if (!isPruned) fields.push([key, known === undefined ? field : applyDefaults(known, field)]);
  }
  const given = new Set(fields.map(([key]) => key));
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.default !== undefined && !given.has(key)) {
      fields.push([key, applyDefaults(property, property.default)]);
    }
  }
  return Object.fromEntries(fields);
}
