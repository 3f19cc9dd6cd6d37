/** How old the answers may be that a pass works with. Pure. */
import type {
  SageMakerPrivateLink,
  SageMakerPrivateLinkStatus,
} from '../api/sagemaker-private-link.ts';
import type { Reason } from '../api/conditions.ts';
import type { WorkItem } from '../kubernetes/queue/work-queue.ts';
import type { Freshness } from './pass.ts';

/** How old an answer about VPCs, subnets and services may be while nothing is wrong. */
const networkMaxAgeMs = 10 * 60_000;
/** The same for a link that was never looked at: those of one `kubectl apply` arrive in a row. */
const newcomerMaxAgeMs = 5_000;
/**
 * How old an answer about our own resources may be for a link that only waited for its turn at
 * AWS's call rates: hundreds of links in line would else look at everything at each turn. The same
 * for one of which only namespaces have changed: thousands of them make many passes. Well
 * below the time for which the AWS layer remembers changes of our own, so none is forgotten.
 */
const turnMaxAgeMs = 30_000;

/**
 * Answers may be as old as the question; those about the network older while all is well. An
 * absence that is to be final is never concluded from an older answer.
 *
 * @param how.askedAt when the pass was asked for, by the cloud's clock
 */
export function freshnessOf(
  { metadata, status }: SageMakerPrivateLink,
  { priority, reasons }: Pick<WorkItem, 'priority' | 'reasons'>,
  { askedAt, absenceIsFinal }: { readonly askedAt: number; readonly absenceIsFinal: boolean },
): Freshness {
  const mayBeOlder = (priority === 'normal' && isThrottled(status)) || isAboutNamespaces(reasons);
  const isRoutine =
    mayBeOlder ||
    (priority === 'low' && isSettled(metadata.generation, status)) ||
    (priority === 'normal' && isInProgress(status));
  return {
    resourcesSince: mayBeOlder && !absenceIsFinal ? askedAt - turnMaxAgeMs : askedAt,
    networkSince: askedAt - (isRoutine ? networkMaxAgeMs : isNew(status) ? newcomerMaxAgeMs : 0),
  };
}

/** The regular looks have waited all the while, and come again with answers of their own. */
function isAboutNamespaces(reasons: readonly string[]): boolean {
  const regular = ['Namespaces', 'Sweep', 'Poll'];
  return reasons.includes('Namespaces') && reasons.every((reason) => regular.includes(reason));
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
  'WaitingForTurn',
] satisfies readonly Reason[];

/** Nothing was wrong but that AWS takes only so many calls a second. */
function isThrottled(status: SageMakerPrivateLinkStatus | undefined): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' && throttledReasons.includes(ready.reason);
}
