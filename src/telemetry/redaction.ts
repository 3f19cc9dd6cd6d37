import { mappedStack } from '../runtime/mapped-stack.ts';

/** The text in the place of a secret. */
export const redacted = '[redacted]';

interface Rule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/**
 * Secrets by their shape. The order matters: the wider forms (a whole header) come first, so that
 * the narrower ones do not leave half of them behind.
 */
const rules: readonly Rule[] = [
  // PEM private keys, of any algorithm.
  {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    replacement: redacted,
  },
  // `Authorization: ...` as a header line or as JSON, up to the end of the line or of the string.
  {
    pattern: /((?:proxy-)?authorization["']?\s*[:=]\s*["']?)[^"'\r\n}]+/gi,
    replacement: `$1${redacted}`,
  },
  // User and password in an address, such as that of a proxy.
  { pattern: /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/:@]*:[^\s/@]+@/gi, replacement: `$1${redacted}@` },
  { pattern: /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, replacement: `$1 ${redacted}` },
  // AWS's session token and secret key, in headers, queries, JSON, shell and INI forms.
  {
    pattern:
      /((?:x-amz-security-token|aws_?session_?token|session_?token|aws_?secret_?access_?key|secret_?access_?key|x-amz-signature|x-aws-ec2-metadata-token|web_?identity_?token)(?:["']|%22)?\s*(?:[:=]|%3D)\s*["']?)[^"'\s&,;}]+/gi,
    replacement: `$1${redacted}`,
  },
  {
    pattern:
      /((?:["']?(?:client[-_])?(?:password|passwd|secret|token|id[-_]token|refresh[-_]token|access[-_]token)["']?)\s*[:=]\s*["']?)[^"'\s&,;}]{4,}/gi,
    replacement: `$1${redacted}`,
  },
  // JSON web tokens: three base64url parts, the first of which is a JSON object.
  {
    pattern: /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?/g,
    replacement: redacted,
  },
  // AWS access key ids: long-term (AKIA) and temporary (ASIA), and the rarer ABIA, ACCA.
  { pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b/g, replacement: redacted },
  // AWS session tokens by their usual beginnings (base64 of a fixed header).
  { pattern: /\b(?:IQoJb3|FwoGZX|FQoGZX|FQoDYX)[A-Za-z0-9+/=]{16,}/g, replacement: redacted },
];

/** Replaces everything in a text that looks like a secret. Safe on any text; idempotent. */
export function scrub(text: string): string {
  let clean = text;
  for (const rule of rules) clean = clean.replace(rule.pattern, rule.replacement);
  return clean;
}

/** Field names whose value is never shown, whatever it looks like. Compared in lower case. */
const secretFields: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'idtoken',
  'id-token',
  'refreshtoken',
  'refresh-token',
  'accesstoken',
  'sessiontoken',
  'secretaccesskey',
  'accesskeyid',
  'webidentitytoken',
  'x-amz-security-token',
  'x-aws-ec2-metadata-token',
  'clientkeydata',
  'client-key-data',
  'keydata',
  'privatekey',
]);

const deepestLevel = 8;

/** A copy of a value for a log line: secrets out, errors as plain objects, cycles cut. */
export function scrubValue(value: unknown, level = 0): unknown {
  if (typeof value === 'string') return scrub(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (level >= deepestLevel) return '[deeper]';
  if (value instanceof Date) return value;
  if (value instanceof Error) return scrubError(value, level);
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, level + 1));
  const clean: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    clean[name] = secretFields.has(name.toLowerCase()) ? redacted : scrubValue(field, level + 1);
  }
  return clean;
}

function scrubError(error: Error, level: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    type: error.constructor.name,
    message: scrub(error.message),
    ...(code === undefined ? {} : { code: scrubValue(code, level + 1) }),
    ...(error.stack === undefined ? {} : { stack: scrub(mappedStack(error.stack)) }),
    ...(error.cause === undefined ? {} : { cause: scrubValue(error.cause, level + 1) }),
  };
}
