import { schema } from '../../src/api/generated/sagemaker-private-link-schema.ts';
import { isObject } from '../../src/api/validation/json-value.ts';
import { type Node, rootNode, withDescendants } from '../../src/api/validation/nodes.ts';
import { checkSchema, checkSet } from '../../src/api/validation/schema-checks.ts';
import type { StructuralSchema } from '../../src/api/validation/structural-schema.ts';

const statusSchema: StructuralSchema = schema.properties?.['status'] ?? {};

/**
 * What the API server would refuse of a status by the CRD's schema, in its words, and which texts
 * have a character that a terminal obeys.
 */
export function statusViolations(status: unknown): readonly string[] {
  const onTheWire: unknown = JSON.parse(JSON.stringify(status ?? {}));
  return [...withDescendants(rootNode(statusSchema, onTheWire, undefined))].flatMap((node) => [
    ...[...checkSchema(node), ...checkSet(node)].map(({ message }) => message),
    ...unknownFields(node),
    ...twins(node),
    ...wrongTime(node),
    ...tooSmall(node),
    ...controlCharacters(node),
  ]);
}

/** The API server drops them without a word, so that the status differs at every pass. */
function unknownFields({ schema: of, value, path }: Node): readonly string[] {
  if (!isObject(value) || of.properties === undefined) return [];
  const known = new Set(Object.keys(of.properties));
  return Object.keys(value)
    .filter((key) => !known.has(key))
    .map((key) => `${path}.${key}: unknown field`);
}

function twins({ schema: of, value, path }: Node): readonly string[] {
  const keys = of['x-kubernetes-list-map-keys'];
  if (keys === undefined || !Array.isArray(value)) return [];
  const ids = value.map((item) => JSON.stringify(keys.map((key) => (item as never)[key])));
  return ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `${path}: twice ${id}`);
}

function wrongTime({ schema: of, value, path }: Node): readonly string[] {
  const isTime = typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return of.format === 'date-time' && !isTime ? [`${path}: no time: ${String(value)}`] : [];
}

function tooSmall({ schema: of, value, path }: Node): readonly string[] {
  return of.minimum !== undefined && Number(value) < of.minimum
    ? [`${path}: less than ${of.minimum}`]
    : [];
}

/** Control characters, and marks that turn the direction of reading or have no width. */
const unsafe = /[\p{Cc}\p{Cs}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

function controlCharacters({ value, path }: Node): readonly string[] {
  // What identifies a tag or a principal is kept as it is: it has no such characters at AWS.
  if (typeof value !== 'string' || path.startsWith('applied') || !unsafe.test(value)) return [];
  return [`${path}: control character in ${JSON.stringify(value)}`];
}
