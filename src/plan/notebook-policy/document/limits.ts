/** Characters of a managed policy, without whitespace. Source: IAM quotas. */
const maxPolicyCharacters = 6_144;

/** A document as it is sent: no whitespace around the values. */
export function documentText(document: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(document);
}

/** The size that IAM holds against its limit: characters of the text without whitespace. */
export function policySize(text: string): number {
  return text.replace(/\s/g, '').length;
}

/**
 * The reason why IAM would refuse a document, in words, or undefined. IAM takes the characters
 * U+0020 to U+00FF, tab, line feed and carriage return.
 */
export function limitExceeded(text: string): string | undefined {
  const size = policySize(text);
  const foreign = /[^\u0020-\u00ff\t\n\r]/u.exec(text)?.[0];
  if (foreign !== undefined) {
    return `it has the character ${JSON.stringify(foreign)}, and IAM takes U+0020 to U+00FF only`;
  }
  if (size <= maxPolicyCharacters) return undefined;
  const over = size - maxPolicyCharacters;
  return `it has ${size} characters, ${over} more than the ${maxPolicyCharacters} that a managed policy may have`;
}
