import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys: the same text for the same content, in whatever order it was put together.
 * Fields that are undefined are left out, as in JSON.
 */
export function canonicalText(value: unknown): string {
  // The undefined of a field that is absent has no JSON.
  return JSON.stringify(value ?? null, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Without repeats, sorted by their canonical text. */
export function sortedDistinct<T>(values: readonly T[]): readonly T[] {
  const byText = new Map(values.map((value) => [canonicalText(value), value]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** So many hexadecimal digits that follow from a text alone. */
export function digestOf(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
