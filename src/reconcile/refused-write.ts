import { finalizer } from '../api/sagemaker-private-link.ts';
import { ApiStatusError } from '../kubernetes/client/api-error.ts';
import type { Problem } from '../plan/findings.ts';
import { scrub } from '../telemetry/redaction.ts';

/** The API server does not let the operator write: a right is missing, or an admission policy says no. */
export class RefusedWrite extends Error {
  /** `finalizer`, `status`: what was not written. */
  readonly part: 'finalizer' | 'status';
  /** The API server's own words, without what looks like a secret. */
  readonly words: string;

  constructor(part: RefusedWrite['part'], cause: ApiStatusError) {
    super(cause.message, { cause });
    this.name = 'RefusedWrite';
    this.part = part;
    this.words = scrub(cause.status.message ?? cause.message);
  }
}

/** Bad request, forbidden and invalid: a repetition most likely gets the same answer. */
const refusals: ReadonlySet<number> = new Set([400, 403, 422]);

/** The result of a write, whose refusal is told from a failure that may pass. */
export async function refusable<T>(part: RefusedWrite['part'], write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const isRefusal = error instanceof ApiStatusError && refusals.has(error.code);
    throw isRefusal ? new RefusedWrite(part, error) : error;
  }
}

/**
 * Refusals in a row that may pass by themselves; the queue's delays make 15 s of them. An API server
 * that has just started forbids what it allows, until its authorizer has read the roles and bindings.
 */
const passingRefusals = 4;

/**
 * Nothing is made without the finalizer, since nobody could take it away again.
 *
 * @param failures failures in a row before this one: a person is needed only if the refusal lasts
 */
export function finalizerRefusal(words: string, failures: number): Problem {
  return {
    subject: 'EndpointsAvailable',
    reason: 'FinalizerRefused',
    severity: failures < passingRefusals ? 'retry' : 'stalled',
    message: `The API server refuses the finalizer ${finalizer}, without which nothing is made at AWS: ${words}. Let the operator's service account put it on and take it off.`,
  };
}
