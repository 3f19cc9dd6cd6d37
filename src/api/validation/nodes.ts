import { isDeepStrictEqual } from 'node:util';
import { isObject } from './json-value.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** A value inside a link together with the schema it has to satisfy. */
export interface Node {
  readonly schema: StructuralSchema;
  readonly value: unknown;
  /** As schema errors name it: `spec.tags.team`. */
  readonly path: string;
  /** As rules and duplicates name it: `spec.tags[team]`. */
  readonly keyPath: string;
  /** The value at the same place of the old object; undefined if there is none. */
  readonly old: unknown;
  /**
   * True if the value is a part of something that an update leaves as it was. The API server lets
   * such a value pass, so that a stricter schema does not lock old objects.
   */
  readonly unchanged: boolean;
}

/** The node of a whole object. */
export function rootNode(schema: StructuralSchema, value: unknown, old: unknown): Node {
  return { schema, value, path: '', keyPath: '', old, unchanged: isDeepStrictEqual(value, old) };
}

/** A node and everything below it that the schema knows, in the order of the document. */
export function* withDescendants(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* withDescendants(child);
}

function* childrenOf(node: Node): Generator<Node> {
  if (Array.isArray(node.value)) yield* itemsOf(node, node.value);
  else if (isObject(node.value)) yield* fieldsOf(node, node.value);
}

/** Items have no counterpart in the old object: none of the spec's lists is a map. */
function* itemsOf(node: Node, items: readonly unknown[]): Generator<Node> {
  const schema = node.schema.items;
  if (schema === undefined) return;
  for (const [index, value] of items.entries()) {
    const path = `${node.path}[${index}]`;
    const keyPath = `${node.keyPath}[${index}]`;
    yield { schema, value, path, keyPath, old: undefined, unchanged: node.unchanged };
  }
}

function* fieldsOf(node: Node, fields: Record<string, unknown>): Generator<Node> {
  for (const [key, value] of Object.entries(fields)) {
    const property = propertyOf(node.schema, key);
    const schema = property ?? node.schema.additionalProperties;
    if (schema === undefined) continue;
    const old = isObject(node.old) && Object.hasOwn(node.old, key) ? node.old[key] : undefined;
    yield {
      schema,
      value,
      path: childPath(node.path, key),
      keyPath: property ? childPath(node.keyPath, key) : `${node.keyPath}[${key}]`,
      old,
      unchanged: node.unchanged || (old !== undefined && isDeepStrictEqual(value, old)),
    };
  }
}

/** The schema of a declared property; names such as `constructor` are no declared ones. */
export function propertyOf(schema: StructuralSchema, key: string): StructuralSchema | undefined {
  const properties = schema.properties ?? {};
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}

export function childPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
