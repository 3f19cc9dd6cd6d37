/** From the end of a pass to the time of the next one. */
import type { PassResult } from '../../kubernetes/controller.ts';
import type { WorkQueue } from '../../kubernetes/queue/work-queue.ts';
import type { Cloud } from '../../plan/cloud.ts';
import type { Findings } from '../../plan/pass-end.ts';
import type { Clock } from '../../runtime/clock.ts';
import { restMaxAgeMs } from './freshness.ts';
import { turn } from './link-reasons.ts';
import { nextPass, type Paces, untilTick } from './next-pass.ts';
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
  readonly sweepMs: number;
  /** Where the link's resources are; undefined: nothing was asked there. */
  readonly cloud: Cloud | undefined;
}

/** Puts a link into the queue for its next pass. */
export function requeue(
  { queue, clock, paces, work }: Requeueing,
  key: string,
  { findings, sweepMs, cloud }: PassEnded,
): PassResult {
  const next = nextPass(findings, sweepMs, clock.now(), paces);
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
