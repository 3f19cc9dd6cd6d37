import { AwsError } from '../../protocol/error.ts';
import { type DocumentKind, documentFault } from '../../policies/grammar.ts';
import { malformedPolicy, quotaExceeded } from '../errors.ts';

/** IAM's quota of a managed policy; whitespace is not counted. */
const maxManagedPolicyCharacters = 6144;

/** Throws IAM's errors for a text that is no identity policy, or is too long for a managed one. */
export function checkManagedPolicy(text: string): void {
  checkIdentityPolicy(text);
  const { length } = text.replace(/\s/g, '');
  if (length > maxManagedPolicyCharacters) {
    throw quotaExceeded('PolicySize', maxManagedPolicyCharacters);
  }
}

export function checkIdentityPolicy(text: string): void {
  check(text, 'identity');
}

/** The trust policy of a role: with principals and without resources. */
export function checkTrustPolicy(text: string): void {
  check(text, 'trust');
}

/** STS's limit of the text of session policies; whitespace counts (IAM user guide, quotas). */
const maxSessionPolicyCharacters = 2048;

/** Throws STS's errors for the policy that is given with a session. */
export function checkSessionPolicy(text: string): void {
  checkIdentityPolicy(text);
  if (text.length <= maxSessionPolicyCharacters) return;
  throw new AwsError(
    'PackedPolicyTooLarge',
    `The session policies exceed the limit of ${maxSessionPolicyCharacters} characters`,
  );
}

function check(text: string, kind: DocumentKind): void {
  const fault = documentFault(text, kind);
  if (fault !== undefined) throw malformedPolicy(fault);
}

/** Documents in answers are URL-encoded by RFC 3986, stricter than encodeURIComponent. */
export function encodedDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
