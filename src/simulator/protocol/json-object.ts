import { parseDocument } from 'yaml';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object that a text is, or undefined: what AWS says to any other text, the caller knows. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object in a JSON text has a name twice, of which a parser keeps one in silence. */
export function hasDoubledName(text: string): boolean {
  const { errors } = parseDocument(text, { schema: 'json', uniqueKeys: true });
  return errors.some(({ code }) => code === 'DUPLICATE_KEY');
}
