import type { Random } from '../../runtime/clock.ts';
import { type ApiConnectionError, ApiStatusError } from './api-error.ts';
import type { Verb } from './api-request.ts';
import { backoffMs } from './backoff.ts';

/**
 * Everything but a create: a repeated replace, patch or delete that had taken effect ends in a
 * conflict or a 404, which callers handle anyway. A repeated create could make a second object.
 */
function isIdempotent(verb: Verb): boolean {
  return verb !== 'create';
}

/** Connections break in many ways; certificate and protocol errors are not among these. */
const transientCodes: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'HPE_INVALID_EOF_STATE',
  'Timeout',
  'BadBody',
]);

/**
 * How long to wait before the next attempt, in milliseconds, or undefined when another one is
 * pointless or dangerous. A `Retry-After` is the server's promise that nothing was done, so it
 * allows a retry of any verb (client-go's rule), and it is never undercut.
 */
export function retryDelayMs(
  verb: Verb,
  error: ApiStatusError | ApiConnectionError,
  failures: number,
  random: Random,
): number | undefined {
  const delayMs = backoffMs({ firstMs: 200, longestMs: 5_000 }, failures, random);
  if (error instanceof ApiStatusError) {
    if (error.code !== 429 && error.code < 500) return undefined;
    if (error.retryAfterMs !== undefined) return error.retryAfterMs + delayMs;
    return error.code === 429 || isIdempotent(verb) ? delayMs : undefined;
  }
  if (error.notSent) return delayMs;
  return isIdempotent(verb) && transientCodes.has(error.code) ? delayMs : undefined;
}
