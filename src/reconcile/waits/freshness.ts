/** How old the answers may be that a pass works with. Pure. */
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkStatus,
} from '../../api/sagemaker-private-link.ts';
import type { Reason } from '../../api/conditions.ts';
import type { WorkItem } from '../../kubernetes/queue/work-queue.ts';
import { durationMs } from '../../runtime/duration.ts';
import { turn, workEnded } from './link-reasons.ts';
import { isHinted, networkHinted } from '../hints/early-looks.ts';
import type { Freshness } from '../pass.ts';

/** How old an answer about VPCs, subnets and services may be while nothing is wrong. */
const networkMaxAgeMs = 10 * 60_000;
/** The same for a link that was never looked at: those of one `kubectl apply` arrive in a row. */
const newcomerMaxAgeMs = 5_000;
/**
 * How old an answer about our own resources may be for a link that only waited for its turn at
 * AWS's call rates: hundreds of links in line would else look at everything at each turn. The same
 * for one of which only namespaces have changed: thousands of them make many passes.
 */
const turnMaxAgeMs = 30_000;
/**
 * How old the answer about all that the link owns may be where only the end of AWS's work was
 * waited for, or a turn: each link of a thousand would else have everything read for it. The
 * endpoints that it waited for have just been read, and our own changes are in the answer however
 * old it is. A change by others is found by the sweep.
 */
const holdingsMaxAgeMs = 5 * 60_000;

/**
 * How old an answer may be that finds a link at rest in its sweep, in milliseconds: a read that comes a
 * little before the tick, because AWS is asked about other links, answers the sweep, too.
 */
export function restMaxAgeMs(sweepMs: number): number {
  return Math.min(10_000, sweepMs / 6);
}

/**
 * Answers may be as old as the question; those about the network older while all is well. An
 * absence that is to be final is never concluded from an older answer.
 *
 * @param how.askedAt when the pass was asked for, by the cloud's clock
 */
export function freshnessOf(
  { metadata, spec, status }: SageMakerPrivateLink,
  { priority, reasons }: Pick<WorkItem, 'priority' | 'reasons'>,
  { askedAt, absenceIsFinal }: { readonly askedAt: number; readonly absenceIsFinal: boolean },
): Freshness {
  // Of a change by others that something told of, an older answer knows nothing.
  const isTurn = priority === 'normal' && isThrottled(status) && !isHinted(reasons);
  const isEnd = priority === 'normal' && isAfter(reasons, workEnded);
  const mayBeOlder = isTurn || isAfter(reasons, 'Namespaces');
  const isRoutine =
    mayBeOlder ||
    (!reasons.includes(networkHinted) &&
      ((priority === 'low' && isSettled(metadata.generation, status)) ||
        (priority === 'normal' && isInProgress(status))));
  const isSweep = priority === 'low' && isAfter(reasons, 'Sweep') && !absenceIsFinal;
  const since = (maxAgeMs: number): number => (absenceIsFinal ? askedAt : askedAt - maxAgeMs);
  // The first spec of a link wants no policy, so only a former self's can be there, from before.
  const hasNoPolicy = metadata.generation === 1 && spec.notebookAccess === undefined;
  return {
    resourcesSince: mayBeOlder ? since(turnMaxAgeMs) : askedAt,
    networkSince: askedAt - (isRoutine ? networkMaxAgeMs : isNew(status) ? newcomerMaxAgeMs : 0),
    ...(isTurn || isEnd ? { holdingsSince: since(holdingsMaxAgeMs) } : {}),
    ...(isSweep && isSettled(metadata.generation, status)
      ? { restSince: askedAt - restMaxAgeMs(durationMs(spec.sweepInterval)) }
      : {}),
    ...(hasNoPolicy ? { policyNamesSince: since(networkMaxAgeMs) } : {}),
  };
}

/**
 * Whether a pass has this reason alone. The regular looks have waited all the while, and come again
 * with answers of their own.
 */
function isAfter(reasons: readonly string[], reason: string): boolean {
  const others = [reason, 'Sweep', 'Poll', turn];
  return reasons.includes(reason) && reasons.every((one) => others.includes(one));
}

function isSettled(generation: number, status: SageMakerPrivateLinkStatus | undefined): boolean {
  const isStalled = (status?.conditions ?? []).some(({ type }) => type === 'Stalled');
  return status?.observedGeneration === generation && !isStalled;
}

/** While only AWS is waited for, the network need not be asked about at every poll. */
function isInProgress(status: SageMakerPrivateLinkStatus | undefined): boolean {
  const reconciling = status?.conditions?.find(({ type }) => type === 'Reconciling');
  return reconciling !== undefined && reconciling.reason !== 'ProgressingWithRetry';
}

function isNew(status: SageMakerPrivateLinkStatus | undefined): boolean {
  return status?.lastSweepTime === undefined;
}

const throttledReasons: readonly string[] = [
  'Throttled',
  'WaitingForCallBudget',
] satisfies readonly Reason[];

/** Nothing was wrong but that AWS takes only so many calls a second. */
function isThrottled(status: SageMakerPrivateLinkStatus | undefined): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' && throttledReasons.includes(ready.reason);
}
