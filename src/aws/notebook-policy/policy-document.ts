import { LRUCache } from 'lru-cache';
import type { PolicyDocument } from '../../plan/facts.ts';

/** The documents of thousands of endpoints are one text, and one document then. */
const known = new LRUCache<string, PolicyDocument>({ max: 64 });

/**
 * Parses a policy document as AWS returns it: plain JSON from EC2, URL-encoded (RFC 3986, where a
 * plus sign is a plus sign) from IAM. Undefined for no text and for text that is no JSON object.
 */
export function parsePolicyDocument(text: string | undefined): PolicyDocument | undefined {
  if (text === undefined) return undefined;
  const document = known.get(text) ?? parsed(text);
  if (document !== undefined) known.set(text, document);
  return document;
}

function parsed(text: string): PolicyDocument | undefined {
  try {
    const json = text.trimStart().startsWith('{') ? text : decodeURIComponent(text);
    const value: unknown = JSON.parse(json);
    return isDocument(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isDocument(value: unknown): value is PolicyDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
