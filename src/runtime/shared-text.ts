/** One copy of texts that are read again and again: ids, names and words of thousands of answers. */

/** Texts longer than this are hardly ever the same. */
const longest = 128;
/** About as many words, zones, subnets and services as one operator meets in a minute. */
const mostYoung = 4_096;

let young = new Map<string, string>();
let old = new Map<string, string>();

/**
 * The same text, as the copy that others who asked for it have. Texts that nobody has asked for
 * while thousands of others came are forgotten.
 */
export function sharedText(text: string): string {
  if (text.length > longest) return text;
  const recent = young.get(text);
  if (recent !== undefined) return recent;
  const known = old.get(text) ?? text;
  if (young.size >= mostYoung) {
    old = young;
    young = new Map();
  }
  young.set(known, known);
  return known;
}

/** Those of the texts that are there, shared, in a list of their number: one that grew has room for 17. */
export function sharedTexts(texts: readonly (string | undefined)[] = []): readonly string[] {
  const known = texts.filter((text) => text !== undefined);
  return known.map(sharedText);
}

/**
 * Puts shared texts into a value that was just parsed from JSON and belongs to the caller alone.
 *
 * @returns the same value
 */
export function withSharedTexts<T>(value: T): T {
  return shared(value) as T;
}

function shared(value: unknown): unknown {
  if (typeof value === 'string') return sharedText(value);
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) value[at] = shared(one);
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  for (const [name, one] of Object.entries(fields)) fields[name] = shared(one);
  return value;
}
