import { isObject, typeOf } from './json-value.ts';
import { childPath, type Node } from './nodes.ts';
import type { StructuralSchema } from './structural-schema.ts';
import {
  duplicate,
  invalid,
  required,
  tooLong,
  tooMany,
  unsupported,
  type Violation,
  wrongType,
} from './violation.ts';

/** The errors that the schema's own keywords (types, bounds, choices) find in one value. */
export function* checkSchema({ schema, value, path }: Node): Generator<Violation> {
  if (!hasType(schema, value)) yield wrongType(path, schema.type ?? '', typeOf(value));
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    yield unsupported(path, value, schema.enum);
  }
  if (typeof value === 'string') yield* checkText(schema, value, path);
  else if (typeof value === 'number') yield* checkNumber(schema, value, path);
  else if (Array.isArray(value)) yield* checkList(schema, value, path);
  else if (isObject(value)) yield* checkObject(schema, value, path);
}

function hasType(schema: StructuralSchema, value: unknown): boolean {
  return schema.type === undefined || schema.type === typeOf(value);
}

function* checkText(schema: StructuralSchema, value: string, path: string): Generator<Violation> {
  const length = Array.from(value).length; // Code points, as the API server counts.
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  if (length > maxLength) yield tooLong(path, maxLength);
  if (length < minLength) {
    yield invalid(path, value, `${path} in body should be at least ${minLength} chars long`);
  }
}

function* checkNumber(schema: StructuralSchema, value: number, path: string): Generator<Violation> {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value > maximum) {
    yield invalid(path, value, `${path} in body should be less than or equal to ${maximum}`);
  }
  if (value < minimum) {
    yield invalid(path, value, `${path} in body should be greater than or equal to ${minimum}`);
  }
}

function* checkList(
  schema: StructuralSchema,
  value: readonly unknown[],
  path: string,
): Generator<Violation> {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (value.length > maxItems) yield tooMany(path, value.length, maxItems);
  if (value.length < minItems) {
    yield invalid(path, value.length, `${path} in body should have at least ${minItems} items`);
  }
}

function* checkObject(
  schema: StructuralSchema,
  value: Record<string, unknown>,
  path: string,
): Generator<Violation> {
  const count = Object.keys(value).length;
  const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = schema;
  if (count > maxProperties) yield tooMany(path, count, maxProperties);
  if (count < minProperties) {
    yield invalid(path, count, `${path} in body should have at least ${minProperties} properties`);
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) yield required(childPath(path, key));
  }
}

/** Each value that a list of type `set` has more than once, at its second place. */
export function* checkSet({ schema, value, keyPath }: Node): Generator<Violation> {
  if (schema['x-kubernetes-list-type'] !== 'set' || !Array.isArray(value)) return;
  const times = new Map<string, number>();
  for (const [index, item] of value.entries()) {
    const text = JSON.stringify(item);
    const before = times.get(text) ?? 0;
    times.set(text, before + 1);
    if (before === 1) yield duplicate(`${keyPath}[${index}]`, item);
  }
}
