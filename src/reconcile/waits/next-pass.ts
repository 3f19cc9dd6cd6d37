/** The time of a link's next pass, from how its last one ended. Pure. */
import type { Wait } from '../../plan/findings.ts';
import type { Findings } from '../../plan/pass-end.ts';

/** Paces of looking again, in milliseconds. */
export interface Paces {
  /** Something is in progress at AWS. @default 5000 */
  readonly pollMs: number;
  /** Somebody has to change something that no watch shows us (permissions, VPCs). @default 300000 */
  readonly stalledMs: number;
}

/** 5 s while AWS works (an endpoint takes about a minute); 5 min while a person is needed. */
export const defaultPaces: Paces = { pollMs: 5_000, stalledMs: 300_000 };

/** The requeue that follows a pass. */
export type NextPass =
  | { readonly kind: 'after'; readonly delayMs: number; readonly priority: 'normal' | 'low' }
  /** As soon as AWS shows something new of the endpoints, and after the delay in any case. */
  | {
      readonly kind: 'changed';
      readonly endpointIds: readonly string[];
      readonly delayMs: number;
      readonly priority: 'normal';
    }
  /**
   * As soon as the turns of calls are near that the call budget holds back, or AWS shows something new
   * of the endpoints.
   */
  | {
      readonly kind: 'turn';
      readonly endpointIds: readonly string[];
      readonly delayMs: number;
    }
  /** A failure that may pass: the queue's own growing delay. */
  | { readonly kind: 'backoff' };

/** A link's own times. */
export interface Rhythm {
  readonly sweepMs: number;
  /** From when on a link that goes has been quiet, in milliseconds of the clock. */
  readonly quietAt?: number;
}

/**
 * The next pass of a link.
 *
 * Delays end on ticks of a grid that all links share, so that links that wait for the same length
 * of time look at AWS together and one read serves them all.
 */
export function nextPass(
  findings: Findings,
  { sweepMs, quietAt }: Rhythm,
  nowMs: number,
  paces: Paces = defaultPaces,
): NextPass {
  const retried = findings.problems.filter(({ severity }) => severity === 'retry');
  if (retried.length > 0) {
    const delays = retried.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
    // A place in the line for AWS's call rates is known to the millisecond: no guess is needed.
    if (delays.length < retried.length) return { kind: 'backoff' };
    const endpointIds = findings.waits.flatMap((wait) => wait.endpointIds ?? []);
    return { kind: 'turn', endpointIds, delayMs: untilTurns(delays) };
  }
  const endpointIds = workOfAws(findings.waits);
  if (endpointIds.length > 0) {
    return { kind: 'changed', endpointIds, delayMs: paces.stalledMs, priority: 'normal' };
  }
  const isForQuiet = findings.waits.length > 0 && findings.waits.every((wait) => wait.isForQuiet);
  if (isForQuiet && quietAt !== undefined && quietAt > nowMs) {
    // A look before could say nothing else. A tick at that very moment might be a rounding too early.
    const tick = (Math.floor(quietAt / paces.pollMs) + 1) * paces.pollMs;
    return { kind: 'after', delayMs: tick - nowMs, priority: 'normal' };
  }
  if (findings.waits.length > 0) {
    return { kind: 'after', delayMs: untilTick(nowMs, paces.pollMs), priority: 'normal' };
  }
  const periodMs = findings.problems.length > 0 ? Math.min(paces.stalledMs, sweepMs * 5) : sweepMs;
  return { kind: 'after', delayMs: untilTick(nowMs, periodMs), priority: 'low' };
}

/** Turns that come so soon after the first one are waited for together, and one pass takes all. */
const togetherMs = 30_000;

function untilTurns(delays: readonly number[]): number {
  const first = Math.min(...delays);
  return Math.max(...delays.filter((delayMs) => delayMs <= first + togetherMs));
}

/** The endpoints that AWS works on, if nothing else is waited for. */
function workOfAws(waits: readonly Wait[]): readonly string[] {
  const isOther = ({ endpointIds = [] }: Wait): boolean => endpointIds.length === 0;
  return waits.some(isOther) ? [] : waits.flatMap(({ endpointIds = [] }) => endpointIds);
}

/** Time until the tick that is nearest to one period from now: half to one and a half periods. */
export function untilTick(nowMs: number, periodMs: number): number {
  const tick = Math.ceil((nowMs + periodMs / 2) / periodMs) * periodMs;
  return tick - nowMs;
}
