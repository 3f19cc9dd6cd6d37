/** From a key to a pass, a status, events and the time of the next pass. */
import {
  annotations,
  finalizer,
  type SageMakerPrivateLink,
  type SageMakerPrivateLinkStatus,
} from '../api/sagemaker-private-link.ts';
import type { Reason } from '../api/conditions.ts';
import type { CallOptions } from '../kubernetes/api-client.ts';
import type { EventRecord } from '../kubernetes/event-recorder.ts';
import { addFinalizer, removeFinalizer } from '../kubernetes/finalizer.ts';
import type { ResourceClient } from '../kubernetes/resource-client.ts';
import type { ResourceWatch } from '../kubernetes/resource-watch.ts';
import { type StatusOutcome, writeStatus } from '../kubernetes/status-writer.ts';
import type { WorkItem, WorkQueue } from '../kubernetes/work-queue.ts';
import { accountRefusal } from '../plan/cloud-problems.ts';
import { failureWords, isOurOwnDoing } from '../plan/aws-errors/failure-words.ts';
import { type Cloud, CloudError } from '../plan/cloud.ts';
import { notImplemented } from '../plan/not-implemented.ts';
import { type Findings, findingsOf, type PassEnd } from '../plan/pass-end.ts';
import { reportIntent, reportPass, reportRefusal, reportSuspension } from '../plan/report.ts';
import type { ReportInput } from '../plan/report-input.ts';
import type { Patience } from '../plan/sightings.ts';
import type { Clock } from '../telemetry/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { durationMs } from './duration.ts';
import { fencedCloud } from './fenced-cloud.ts';
import { nextPass, type Paces } from './next-pass.ts';
import { type Freshness, runPass } from './pass.ts';
import { eventsOfPass } from './pass-events.ts';
import type { QuietTime } from './quiet-time.ts';
import { rememberedFrom } from './remembered.ts';
import type { SightingTimes } from './sighting-times.ts';

/** What a reconciler works with. */
export interface LinkReconcilerOptions {
  readonly clusterId: string;
  readonly resource: ResourceClient<SageMakerPrivateLink>;
  readonly watch: Pick<ResourceWatch<SageMakerPrivateLink>, 'cache' | 'absorb'>;
  readonly queue: Pick<WorkQueue, 'addAfter' | 'addRateLimited' | 'forget'>;
  /** The AWS account and region of a link. Throws a `CloudError` for an account it may not use. */
  readonly cloudFor: (link: SageMakerPrivateLink) => Cloud;
  readonly mayAct: () => boolean;
  readonly quietTime: QuietTime;
  readonly sightingTimes: SightingTimes;
  readonly patience: Patience;
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
/** The same for a link that was never looked at: those of one `kubectl apply` arrive in a row. */
const newcomerMaxAgeMs = 5_000;
/**
 * How old an answer about our own resources may be for a link that only waited for its turn at
 * AWS's call rates: hundreds of links in line would else look at everything at each turn. Well
 * below the time for which the AWS layer remembers changes of our own, so none is forgotten.
 */
const turnMaxAgeMs = 30_000;

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
    if (link.spec.suspend)
      return this.rest(link, (current) => reportSuspension(this.reportInput(current)));
    const refusals = notImplemented(link.spec);
    if (refusals.length > 0) {
      return this.rest(link, (current) => reportRefusal(this.reportInput(current), refusals));
    }
    const cloud = this.cloudOf(link);
    if (cloud instanceof CloudError) return this.refuse(link, cloud);
    const kept = await this.keep(link);
    const begun = kept === undefined ? undefined : await this.announce(kept);
    return begun === undefined ? 'success' : this.bringAbout(begun, cloud);
  }

  /** Puts the finalizer on before anything is made at AWS. Undefined if the object is going. */
  private async keep(link: SageMakerPrivateLink): Promise<SageMakerPrivateLink | undefined> {
    const { resource, watch } = this.options;
    const outcome = await addFinalizer({ resource, object: link, finalizer, call: this.call });
    if (outcome.kind === 'written') watch.absorb(outcome.object);
    return outcome.kind === 'written' || outcome.kind === 'unchanged' ? outcome.object : undefined;
  }

  /**
   * Writes what must not be lost before AWS is changed. Undefined if the object has changed: that
   * brings a new pass.
   */
  private async announce(link: SageMakerPrivateLink): Promise<SageMakerPrivateLink | undefined> {
    if (reportIntent(this.reportInput(link)) === undefined) return link;
    const outcome = await this.write(
      link,
      (current) => reportIntent(this.reportInput(current)) ?? current.status ?? {},
    );
    return outcome.kind === 'dropped' ? undefined : outcome.object;
  }

  /** The link's place at AWS, or why it has none: its account is not one that it may be in. */
  private cloudOf(link: SageMakerPrivateLink): Cloud | CloudError {
    try {
      return fencedCloud(this.options.cloudFor(link), this.options.mayAct);
    } catch (error) {
      if (error instanceof CloudError) return error;
      throw error;
    }
  }

  /** Says that the link's account is refused, and looks again slowly: the account map may change. */
  private async refuse(link: SageMakerPrivateLink, error: CloudError): Promise<PassResult> {
    const { deletionTimestamp } = link.metadata;
    const going =
      deletionTimestamp === undefined ? undefined : { account: link.status?.account, finalizer };
    const problem = accountRefusal(error, going);
    if (problem === undefined) throw error;
    const findings = { problems: [problem], waits: [] };
    await this.write(link, (current) => reportRefusal(this.reportInput(current), [problem]));
    return this.requeue(link, findings);
  }

  private async bringAbout(link: SageMakerPrivateLink, cloud: Cloud): Promise<PassResult> {
    const applied = link.status?.appliedGeneration === link.metadata.generation;
    const mend = link.spec.driftPolicy === 'Repair' || !applied;
    const end = await this.pass(link, cloud, { goal: 'present', mend, absenceIsFinal: false });
    return this.report(link, end);
  }

  private async takeAway(link: SageMakerPrivateLink): Promise<PassResult> {
    if (!(link.metadata.finalizers ?? []).includes(finalizer)) return 'success';
    const cloud = this.cloudOf(link);
    if (cloud instanceof CloudError) return this.refuse(link, cloud);
    const { quietTime, clock } = this.options;
    const quietAt = quietTime.quietAt(link.metadata.uid, clock.now());
    const absenceIsFinal = this.item.enqueuedAt >= quietAt;
    const end = await this.pass(link, cloud, { goal: 'absent', mend: true, absenceIsFinal });
    return end.plan.gone ? this.release(link) : this.report(link, end);
  }

  private async release(link: SageMakerPrivateLink): Promise<PassResult> {
    const { resource, watch, queue, quietTime } = this.options;
    const outcome = await removeFinalizer({ resource, object: link, finalizer, call: this.call });
    if (outcome.kind === 'written') watch.absorb(outcome.object);
    this.logger.info({}, 'nothing is left at AWS: the link may go');
    quietTime.forget(link.metadata.uid);
    this.options.sightingTimes.forget(link.metadata.uid);
    queue.forget(this.item.key);
    return 'success';
  }

  private async pass(
    link: SageMakerPrivateLink,
    cloud: Cloud,
    how: { goal: 'present' | 'absent'; mend: boolean; absenceIsFinal: boolean },
  ): Promise<PassEnd> {
    const { options } = this;
    const { sightingTimes, patience, clock } = options;
    const { uid } = link.metadata;
    const end = await runPass({
      elapsed: { sightings: sightingTimes.of(uid, clock.now()), patience },
      owner: this.ownerOf(link),
      spec: link.spec,
      remembered: this.reportInput(link).remembered,
      ...how,
      cloud,
      freshness: this.freshness(link, cloud, how.absenceIsFinal),
      signal: this.signal,
      onAction: (action, outcome, id) => {
        options.quietTime.noteActivity(link.metadata.uid, options.clock.now());
        if (outcome === 'begun') return;
        const fields = { action: action.kind, reason: action.reason };
        if (outcome instanceof CloudError) {
          const failure = { ...fields, code: outcome.code, error: outcome.message };
          const level = isOurOwnDoing(outcome) ? 'info' : 'warn';
          this.logger[level](failure, failureWords(outcome));
        } else {
          this.logger.info(id === undefined ? fields : { ...fields, id }, 'changed at AWS');
        }
      },
    });
    sightingTimes.note(uid, end.plan.seen, clock.now());
    return end;
  }

  /**
   * Answers may be as old as the question; those about the network older while all is well. An
   * absence that is to be final is never concluded from an older answer.
   */
  private freshness(
    { metadata, status }: SageMakerPrivateLink,
    cloud: Cloud,
    absenceIsFinal: boolean,
  ): Freshness {
    // The queue's clock and the cloud's may start at different times.
    const askedAgoMs = this.options.clock.now() - this.item.enqueuedAt;
    const asked = cloud.now() - askedAgoMs;
    const { priority } = this.item;
    const waitedForTurn = priority === 'normal' && isThrottled(status);
    const isRoutine =
      waitedForTurn ||
      (priority === 'low' && isSettled(metadata.generation, status)) ||
      (priority === 'normal' && isInProgress(status));
    return {
      resourcesSince: waitedForTurn && !absenceIsFinal ? asked - turnMaxAgeMs : asked,
      networkSince: asked - (isRoutine ? networkMaxAgeMs : isNew(status) ? newcomerMaxAgeMs : 0),
    };
  }

  private async report(link: SageMakerPrivateLink, end: PassEnd): Promise<PassResult> {
    const status = reportPass(this.reportInput(link), end);
    for (const event of eventsOfPass(link, status, end)) this.options.recordEvent(event);
    await this.write(link, (current) => reportPass(this.reportInput(current), end));
    return this.requeue(link, findingsOf(end));
  }

  /** Writes the status of a link that nothing is done for until it changes. */
  private async rest(
    link: SageMakerPrivateLink,
    status: (current: SageMakerPrivateLink) => SageMakerPrivateLinkStatus,
  ): Promise<PassResult> {
    await this.write(link, status);
    this.options.queue.forget(this.item.key);
    return 'success';
  }

  private async write(
    object: SageMakerPrivateLink,
    status: (current: SageMakerPrivateLink) => SageMakerPrivateLinkStatus,
  ): Promise<StatusOutcome<SageMakerPrivateLink>> {
    const { resource, watch } = this.options;
    const outcome = await writeStatus({ resource, object, status, call: this.call });
    // Also when it was not written because the spec has changed: the event of that may be lost.
    if ('object' in outcome) watch.absorb(outcome.object);
    return outcome;
  }

  private requeue({ spec }: SageMakerPrivateLink, findings: Findings): PassResult {
    const { queue, clock, paces } = this.options;
    const next = nextPass(findings, durationMs(spec.sweepInterval), clock.now(), paces);
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
    const deleting = metadata.deletionTimestamp !== undefined;
    return {
      owner: this.ownerOf(link),
      spec,
      generation: metadata.generation,
      deleting,
      former: status,
      remembered: rememberedFrom(status, metadata.generation, deleting),
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

/** To the second, as `metav1.Time` is written. */
function rfc3339(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
