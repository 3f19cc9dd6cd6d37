import type { PolicyDocument } from '../../plan/facts.ts';

/**
 * Parses a policy document as AWS returns it: plain JSON from EC2, URL-encoded (RFC 3986, where a
 * plus sign is a plus sign) from IAM. Undefined for no text and for text that is no JSON object.
 */
export function parsePolicyDocument(text: string | undefined): PolicyDocument | undefined {
  if (text === undefined) return undefined;
  try {
    const json = text.trimStart().startsWith('{') ? text : decodeURIComponent(text);
    const parsed: unknown = JSON.parse(json);
    return isDocument(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isDocument(value: unknown): value is PolicyDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
