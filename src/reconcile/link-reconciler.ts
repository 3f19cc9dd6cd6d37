/** From a key to a pass, a status, events and the time of the next pass. */
import {
  annotations,
  finalizer,
  type SageMakerPrivateLink,
  type SageMakerPrivateLinkStatus,
} from '../api/sagemaker-private-link.ts';
import type { CallOptions } from '../kubernetes/api-client.ts';
import type { EventRecord } from '../kubernetes/event-recorder.ts';
import { addFinalizer, removeFinalizer } from '../kubernetes/finalizer.ts';
import type { ResourceClient } from '../kubernetes/resource-client.ts';
import type { ResourceWatch } from '../kubernetes/resource-watch.ts';
import { writeStatus } from '../kubernetes/status-writer.ts';
import type { WorkItem, WorkQueue } from '../kubernetes/work-queue.ts';
import type { Cloud } from '../plan/cloud.ts';
import { CloudError } from '../plan/cloud.ts';
import { notImplemented } from '../plan/not-implemented.ts';
import { findingsOf, type PassEnd } from '../plan/pass-end.ts';
import { type ReportInput, reportPass, reportRefusal, reportSuspension } from '../plan/report.ts';
import type { Clock } from '../telemetry/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { durationMs } from './duration.ts';
import { fencedCloud } from './fenced-cloud.ts';
import { nextPass, type Paces } from './next-pass.ts';
import { type Freshness, runPass } from './pass.ts';
import { eventsOfPass } from './pass-events.ts';
import type { QuietTime } from './quiet-time.ts';
import { rememberedFrom } from './remembered.ts';

/** What a reconciler works with. */
export interface LinkReconcilerOptions {
  readonly clusterId: string;
  readonly resource: ResourceClient<SageMakerPrivateLink>;
  readonly watch: Pick<ResourceWatch<SageMakerPrivateLink>, 'cache' | 'absorb'>;
  readonly queue: Pick<WorkQueue, 'addAfter' | 'addRateLimited' | 'forget'>;
  /** The AWS account and region of a link. */
  readonly cloudFor: (link: SageMakerPrivateLink) => Cloud;
  readonly mayAct: () => boolean;
  readonly quietTime: QuietTime;
  readonly paces: Paces;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly recordEvent: (event: EventRecord) => void;
}

/** Result of a pass, as controller-runtime's metric counts them. */
export type PassResult = 'success' | 'requeue_after' | 'requeue' | 'error';

/** One pass for one key. */
export interface LinkReconciler {
  reconcile(item: WorkItem, signal: AbortSignal): Promise<PassResult>;
}

/** How old an answer about VPCs, subnets and services may be while nothing is wrong. */
const networkMaxAgeMs = 10 * 60_000;

/** Creates a reconciler. */
export function createLinkReconciler(options: LinkReconcilerOptions): LinkReconciler {
  return {
    async reconcile(item, signal) {
      const link = options.watch.cache.get(item.key);
      if (link === undefined) {
        options.queue.forget(item.key);
        return 'success';
      }
      return new LinkPass(options, item, signal).run(link);
    },
  };
}

class LinkPass {
  private readonly options: LinkReconcilerOptions;
  private readonly item: WorkItem;
  private readonly call: CallOptions;
  private readonly signal: AbortSignal;
  private readonly logger: Logger;

  constructor(options: LinkReconcilerOptions, item: WorkItem, signal: AbortSignal) {
    this.options = options;
    this.item = item;
    this.signal = signal;
    this.call = { signal };
    this.logger = options.logger.child({ link: item.key });
  }

  async run(link: SageMakerPrivateLink): Promise<PassResult> {
    if (link.metadata.deletionTimestamp !== undefined) return this.takeAway(link);
    if (link.spec.suspend) return this.rest(link, reportSuspension(this.reportInput(link)));
    const refusals = notImplemented(link.spec);
    if (refusals.length > 0) {
      return this.rest(link, reportRefusal(this.reportInput(link), refusals));
    }
    const kept = await this.keep(link);
    return kept === undefined ? 'success' : this.bringAbout(kept);
  }

  /** Puts the finalizer on before anything is made at AWS. Undefined if the object is going. */
  private async keep(link: SageMakerPrivateLink): Promise<SageMakerPrivateLink | undefined> {
    const { resource, watch } = this.options;
    const outcome = await addFinalizer({ resource, object: link, finalizer, call: this.call });
    if (outcome.kind === 'written') watch.absorb(outcome.object);
    return outcome.kind === 'written' || outcome.kind === 'unchanged' ? outcome.object : undefined;
  }

  private async bringAbout(link: SageMakerPrivateLink): Promise<PassResult> {
    const applied = link.status?.appliedGeneration === link.metadata.generation;
    const mend = link.spec.driftPolicy === 'Repair' || !applied;
    const end = await this.pass(link, { goal: 'present', mend, absenceIsFinal: false });
    return this.report(link, end);
  }

  private async takeAway(link: SageMakerPrivateLink): Promise<PassResult> {
    if (!(link.metadata.finalizers ?? []).includes(finalizer)) return 'success';
    const { quietTime, clock } = this.options;
    const quietAt = quietTime.quietAt(link.metadata.uid, clock.now());
    const absenceIsFinal = this.item.enqueuedAt >= quietAt;
    const end = await this.pass(link, { goal: 'absent', mend: true, absenceIsFinal });
    return end.plan.gone ? this.release(link) : this.report(link, end);
  }

  private async release(link: SageMakerPrivateLink): Promise<PassResult> {
    const { resource, watch, queue, quietTime } = this.options;
    const outcome = await removeFinalizer({ resource, object: link, finalizer, call: this.call });
    if (outcome.kind === 'written') watch.absorb(outcome.object);
    this.logger.info({}, 'nothing is left at AWS: the link may go');
    quietTime.forget(link.metadata.uid);
    queue.forget(this.item.key);
    return 'success';
  }

  private pass(
    link: SageMakerPrivateLink,
    how: { goal: 'present' | 'absent'; mend: boolean; absenceIsFinal: boolean },
  ): Promise<PassEnd> {
    const { options } = this;
    const cloud = fencedCloud(options.cloudFor(link), options.mayAct);
    return runPass({
      owner: this.ownerOf(link),
      spec: link.spec,
      remembered: rememberedFrom(link.status ?? {}, link.metadata.generation),
      ...how,
      cloud,
      freshness: this.freshness(link, cloud),
      signal: this.signal,
      onAction: (action, outcome) => {
        options.quietTime.noteActivity(link.metadata.uid, options.clock.now());
        if (outcome === 'begun') return;
        const fields = { action: action.kind, reason: action.reason };
        if (outcome instanceof CloudError) {
          this.logger.warn(
            { ...fields, code: outcome.code, error: outcome.message },
            'AWS refused',
          );
        } else {
          this.logger.info(fields, 'changed at AWS');
        }
      },
    });
  }

  /** Answers may be as old as the question; those about the network older while all is well. */
  private freshness({ metadata, status }: SageMakerPrivateLink, cloud: Cloud): Freshness {
    // The queue's clock and the cloud's may start at different times.
    const askedAgoMs = this.options.clock.now() - this.item.enqueuedAt;
    const resourcesSince = cloud.now() - askedAgoMs;
    const isRoutine =
      (this.item.priority === 'low' && isSettled(metadata.generation, status)) ||
      (this.item.priority === 'normal' && isInProgress(status));
    const networkSince = isRoutine ? resourcesSince - networkMaxAgeMs : resourcesSince;
    return { resourcesSince, networkSince };
  }

  private async report(link: SageMakerPrivateLink, end: PassEnd): Promise<PassResult> {
    const status = reportPass(this.reportInput(link), end);
    for (const event of eventsOfPass(link, status, end)) this.options.recordEvent(event);
    await this.write(link, (current) => reportPass(this.reportInput(current), end));
    return this.requeue(link, end);
  }

  /** Writes the status of a link that nothing is done for until it changes. */
  private async rest(
    link: SageMakerPrivateLink,
    status: SageMakerPrivateLinkStatus,
  ): Promise<PassResult> {
    await this.write(link, () => status);
    this.options.queue.forget(this.item.key);
    return 'success';
  }

  private async write(
    object: SageMakerPrivateLink,
    status: (current: SageMakerPrivateLink) => SageMakerPrivateLinkStatus,
  ): Promise<void> {
    const { resource, watch } = this.options;
    const outcome = await writeStatus({ resource, object, status, call: this.call });
    // Also when it was not written because the spec has changed: the event of that may be lost.
    if ('object' in outcome) watch.absorb(outcome.object);
  }

  private requeue({ spec }: SageMakerPrivateLink, end: PassEnd): PassResult {
    const { queue, clock, paces } = this.options;
    const next = nextPass(findingsOf(end), durationMs(spec.sweepInterval), clock.now(), paces);
    if (next.kind === 'backoff') {
      queue.addRateLimited(this.item.key, { priority: 'normal', reason: 'Retry' });
      return 'requeue';
    }
    queue.forget(this.item.key);
    const reason = next.priority === 'low' ? 'Sweep' : 'Poll';
    queue.addAfter(this.item.key, next.delayMs, { priority: next.priority, reason });
    return 'requeue_after';
  }

  private ownerOf({ metadata }: SageMakerPrivateLink): {
    clusterId: string;
    uid: string;
    name: string;
  } {
    return { clusterId: this.options.clusterId, uid: metadata.uid, name: metadata.name };
  }

  private reportInput(link: SageMakerPrivateLink): ReportInput {
    const { metadata, spec, status = {} } = link;
    const requested = metadata.annotations?.[annotations.reconcileRequestedAt];
    return {
      owner: this.ownerOf(link),
      spec,
      generation: metadata.generation,
      deleting: metadata.deletionTimestamp !== undefined,
      former: status,
      remembered: rememberedFrom(status, metadata.generation),
      now: rfc3339(this.options.clock.wallTime()),
      ...(requested === undefined ? {} : { reconcileRequestedAt: requested }),
    };
  }
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

/** To the second, as `metav1.Time` is written. */
function rfc3339(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
