import { isObject, typeOf } from './json-value.ts';
import { childPath } from './nodes.ts';
import { checkName } from './object-name.ts';
import { type Violation, wrongType } from './violation.ts';

const texts = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'selfLink'] as const;
const textMaps = ['labels', 'annotations'] as const;

/** The API server's finding about an object's metadata, whatever its kind: types, and the name. */
export function* checkMetadata(object: unknown): Generator<Violation> {
  const metadata = isObject(object) ? object['metadata'] : undefined;
  if (metadata !== undefined && metadata !== null && !isObject(metadata)) {
    yield wrongType('metadata', 'object', typeOf(metadata));
    return;
  }
  const wrong = [...wrongTypes(metadata ?? {})];
  yield* wrong;
  if (!wrong.some(({ path }) => path === 'metadata.name')) yield* checkName(object);
}

function* wrongTypes(metadata: Readonly<Record<string, unknown>>): Generator<Violation> {
  for (const field of texts) yield* checkText(`metadata.${field}`, metadata[field]);
  for (const field of textMaps) {
    const path = `metadata.${field}`;
    const value = metadata[field];
    if (value === undefined || value === null) continue;
    if (!isObject(value)) yield wrongType(path, 'object', typeOf(value));
    else
      for (const [key, one] of Object.entries(value)) yield* checkText(childPath(path, key), one);
  }
  const { finalizers } = metadata;
  if (finalizers === undefined || finalizers === null) return;
  if (!Array.isArray(finalizers))
    yield wrongType('metadata.finalizers', 'array', typeOf(finalizers));
  else
    for (const [n, one] of finalizers.entries()) yield* checkText(`metadata.finalizers[${n}]`, one);
}

function* checkText(path: string, value: unknown): Generator<Violation> {
  if (value !== undefined && value !== null && typeof value !== 'string') {
    yield wrongType(path, 'string', typeOf(value));
  }
}
