/** From the end of a pass to the time of the next one. */
import type { PassResult } from '../../kubernetes/controller.ts';
import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { WorkItem, WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import type { Cloud } from '../../plan/cloud.ts';
import type { Findings } from '../../plan/pass-end.ts';
import type { Clock } from '../../runtime/clock.ts';
import { durationMs } from '../../runtime/duration.ts';
import { sweepAfter } from '../hints/early-looks.ts';
import { restMaxAgeMs } from './freshness.ts';
import { turn } from './link-reasons.ts';
import { nextPass, type Paces, type Rhythm, untilTick } from './next-pass.ts';
import type { QuietTime } from './quiet-time.ts';
import type { WorkWatch } from './work-watch.ts';

interface Requeueing {
  readonly queue: Pick<WorkQueue, 'addAfter' | 'addRateLimited' | 'forget'>;
  readonly clock: Clock;
  readonly paces: Paces;
  readonly work: WorkWatch;
}

/** The end of a pass. */
interface PassEnded {
  readonly findings: Findings;
  readonly rhythm: Rhythm;
  /** Where the link's resources are; undefined: nothing was asked there. */
  readonly cloud: Cloud | undefined;
}

/** The times of a link whose pass has ended. */
export function rhythmOf(
  { spec, metadata }: SageMakerPrivateLink,
  { reasons }: Pick<WorkItem, 'reasons'>,
  { quietTime, clock }: { readonly quietTime: QuietTime; readonly clock: Clock },
): Rhythm {
  const sweepMs = sweepAfter(reasons, durationMs(spec.sweepInterval));
  if (metadata.deletionTimestamp === undefined) return { sweepMs };
  return { sweepMs, quietAt: quietTime.quietAt(metadata.uid, clock.now()) };
}

/** Puts a link into the queue for its next pass. */
export function requeue(
  { queue, clock, paces, work }: Requeueing,
  key: string,
  { findings, rhythm, cloud }: PassEnded,
): PassResult {
  const { sweepMs } = rhythm;
  const next = nextPass(findings, rhythm, clock.now(), paces);
  if (next.kind === 'backoff') {
    queue.addRateLimited(key, { priority: 'normal', reason: 'Retry' });
    return 'requeue';
  }
  queue.forget(key);
  if (next.kind === 'turn') {
    if (next.endpointIds.length > 0) work.begin(key, next.endpointIds, cloud);
    queue.addAfter(key, next.delayMs, { priority: 'normal', isOnTime: true, reason: turn });
    return 'requeue_after';
  }
  const isWatched = next.kind === 'changed' && work.begin(key, next.endpointIds, cloud);
  const isTold = next.kind === 'after' || isWatched;
  const delayMs = isTold ? next.delayMs : untilTick(clock.now(), paces.pollMs);
  const reason = next.priority === 'low' ? 'Sweep' : 'Poll';
  if (reason === 'Sweep' && findings.problems.length === 0) expectSweep(cloud, delayMs, sweepMs);
  queue.addAfter(key, delayMs, { priority: next.priority, reason });
  return 'requeue_after';
}

/** Says when the link will be swept: a read that is made shortly before, for others, will do. */
function expectSweep(cloud: Cloud | undefined, delayMs: number, sweepMs: number): void {
  if (cloud?.expectSweep === undefined) return;
  const until = cloud.now() + delayMs;
  cloud.expectSweep({ from: until - restMaxAgeMs(sweepMs), until });
}
