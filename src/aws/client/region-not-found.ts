import { distance } from 'fastest-levenshtein';
import { CloudError } from '../../plan/cloud.ts';
import { CredentialsFailure } from '../accounts/credentials-failure.ts';
import { knownRegions } from './generated/regions.ts';

/** A region is taken for a misspelt one if at most so many letters differ. */
const mostTypingErrors = 3;

/** The status codes of a proxy that cannot reach a host. */
const proxyFailures: readonly unknown[] = [502, 503, 504];

/**
 * The error of a call that failed because there is no such region: its name is in no table of the
 * SDK and the address of AWS's endpoint there does not resolve. A region that is newer than the SDK
 * has an address, and one that the SDK knows is out of reach for another cause: undefined for both.
 *
 * @param error what the SDK threw, or why there are no credentials
 */
export function regionNotFound(
  action: string,
  region: string,
  error: unknown,
): CloudError | undefined {
  if (knownRegions.includes(region) || !hasNoAddress(error, region)) return undefined;
  return new CloudError({
    kind: 'Invalid',
    action,
    code: 'RegionNotFound',
    message: `there is no AWS region ${region}: the address of its endpoints does not resolve${suggestion(region)}`,
  });
}

function hasNoAddress(error: unknown, region: string): boolean {
  if (error instanceof CredentialsFailure) return hasNoAddress(error.cause, region);
  if (typeof error !== 'object' || error === null) return false;
  const { message, code, text, $metadata } = error as {
    readonly message?: unknown;
    readonly code?: unknown;
    readonly text?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown };
  };
  const words = `${String(code)} ${String(message)} ${String(text)}`;
  // Other hosts than those of the region may be out of reach: IAM is global.
  if (/\bENOTFOUND\b/.test(words)) return words.includes(region);
  return proxyFailures.includes($metadata?.httpStatusCode) && !('Code' in error);
}

/** The region that was probably meant, as the end of a sentence; empty if none is near. */
export function suggestion(region: string): string {
  const [nearest] = knownRegions
    .map((known) => ({ known, errors: distance(known, region) }))
    .toSorted((a, b) => a.errors - b.errors);
  if (nearest === undefined || nearest.errors > mostTypingErrors) return '';
  return `; did you mean ${nearest.known}?`;
}
