/** From a key to a pass, a status, events and the time of the next pass. */
import {
  finalizer,
  type SageMakerPrivateLink,
  type SageMakerPrivateLinkStatus,
} from '../api/sagemaker-private-link.ts';
import type { CallOptions } from '../kubernetes/api-calls.ts';
import type { PassResult } from '../kubernetes/controller.ts';
import { addFinalizer, removeFinalizer } from '../kubernetes/finalizer.ts';
import { type StatusOutcome, writeStatus } from '../kubernetes/status-writer.ts';
import type { WorkItem } from '../kubernetes/queue/work-queue.ts';
import { accountRefusal } from '../plan/cloud-problems.ts';
import { type Cloud, CloudError } from '../plan/cloud.ts';
import type { Action } from '../plan/actions.ts';
import type { Findings, PassEnd } from '../plan/pass-end.ts';
import { tooLong } from '../plan/report/too-long.ts';
import {
  reportIntent,
  reportPass,
  reportRefusal,
  reportSuspension,
} from '../plan/report/report.ts';
import type { ReportInput } from '../plan/report/report-input.ts';
import type { Logger } from '../telemetry/logger.ts';
import { wasWorkedOn } from './held-resources.ts';
import { requeue, rhythmOf } from './waits/requeue.ts';
import { cloudOrRefusal, placeOf } from './cloud-or-refusal.ts';
import { runPass, runPassUnless } from './pass.ts';
import { type PassGoal, passInputOf } from './pass-input-of.ts';
import { createRests, type RestBasis } from './rests.ts';
import { type ExpectedNetwork, expectNetwork } from './first-looks.ts';
import { rememberedOf, reportInputOf } from './report-input-of.ts';
import { createTurnWaits, reworded, type TurnWait } from './waits/turn-waits.ts';
import { createWorkWatch } from './waits/work-watch.ts';
import type { LinkReconcilerOptions } from './link-reconciler-options.ts';
import { noteGone, type ProcessMemory } from './gone-links.ts';
import { changeEvents, eventsOfPass, inOrder } from './pass-events.ts';
import { LinkVoice } from './link-voice.ts';
import { noteSweep } from './waits/sweep-times.ts';
import { rfc3339 } from '../runtime/rfc3339.ts';
import type { OwnerIdentity } from '../plan/looks.ts';
import { finalizerRefusal, refusable, RefusedWrite } from './refused-write.ts';
import { callerIn } from '../plan/network/caller-in.ts';

/** One pass for one key. */
export interface LinkReconciler {
  reconcile(item: WorkItem, signal: AbortSignal): Promise<PassResult>;
  /** Takes notice of the network of a link that has come, or was there when the process began. */
  noteAdded(network: ExpectedNetwork): void;
  /** Takes notice of a link that is gone: one that the operator did not let go is a warning. */
  noteGone(link: SageMakerPrivateLink): void;
  /** Watches nothing at AWS any more. No pass may be under way, and none follows. */
  close(): void;
}

/** Creates a reconciler, which remembers nothing yet. */
export function createLinkReconciler(options: LinkReconcilerOptions): LinkReconciler {
  const memory: ProcessMemory = {
    work: createWorkWatch(options.queue),
    turns: createTurnWaits(options.clock),
    rests: createRests(),
    released: new Set(),
    loggedFailures: new Map(),
    loggedActions: new Map(),
  };
  return {
    noteAdded: (network) => expectNetwork(network, options.cloudFor),
    noteGone: (link) => noteGone(options, memory, link),
    close: () => memory.work.endAll(),
    async reconcile(item, signal) {
      const link = options.watch.cache.get(item.key);
      if (link === undefined) {
        options.queue.forget(item.key);
        return 'success';
      }
      const pass = new LinkPass(options, memory, item, signal);
      const wait = memory.turns.waitOf(link, item);
      if (wait !== undefined) return pass.waitOn(link, wait);
      const state = options.watch.cache.stateOf(item.key);
      return pass.run(link, state).finally(() => options.onPass?.(item.key));
    },
  };
}

/** A pass whose status was written, or was not because it is over. */
interface ToldPass {
  readonly status: SageMakerPrivateLinkStatus | undefined;
  /** The link with the status before. */
  readonly former: SageMakerPrivateLink;
  /** True if the status said so already. */
  readonly isTold: boolean;
  readonly findings: Findings;
}

/** The place of a pass, and its basis if it can find its link at rest. */
interface Reported {
  readonly cloud: Cloud;
  readonly basis?: RestBasis;
}

class LinkPass {
  private readonly options: LinkReconcilerOptions;
  private readonly item: WorkItem;
  private readonly call: CallOptions;
  private readonly signal: AbortSignal;
  private readonly logger: Logger;
  private readonly memory: ProcessMemory;
  private readonly voice: LinkVoice;
  /** When each action of the pass was done. */
  private readonly doneAt = new Map<Action, Date>();
  /** The identity of the pass at AWS, where that is known. */
  private role: string | undefined;
  /** The link as the cache had it. */
  private begun: Pick<RestBasis, 'link' | 'state'> | undefined;

  constructor(
    options: LinkReconcilerOptions,
    memory: ProcessMemory,
    item: WorkItem,
    signal: AbortSignal,
  ) {
    this.options = options;
    this.memory = memory;
    this.item = item;
    this.signal = signal;
    this.call = { signal };
    this.logger = options.logger.child({ link: item.key });
    this.voice = new LinkVoice(options, memory, this.logger);
  }

  /** @param state of the link, by which its rest is known */
  async run(link: SageMakerPrivateLink, state: object | undefined): Promise<PassResult> {
    this.begun = { link, state };
    this.memory.work.end(this.item.key);
    return this.orRefused(link, this.work(link));
  }

  /** In place of a pass while calls wait for their turns: nothing is asked, and it is told rarely. */
  async waitOn(link: SageMakerPrivateLink, wait: TurnWait): Promise<PassResult> {
    const { end, cloud, isToBeTold } = wait;
    const text = (current: SageMakerPrivateLink): SageMakerPrivateLinkStatus =>
      reworded(current, this.reportInput(current), end);
    const telling = isToBeTold ? this.write(link, text) : Promise.resolve();
    return this.orRefused(
      link,
      telling.then(() => this.requeue(link, end.findings, cloud)),
    );
  }

  private async orRefused(
    link: SageMakerPrivateLink,
    work: Promise<PassResult>,
  ): Promise<PassResult> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof RefusedWrite)) throw error;
      return this.refused(link, error);
    }
  }

  private async work(link: SageMakerPrivateLink): Promise<PassResult> {
    if (link.metadata.deletionTimestamp !== undefined) return this.takeAway(link);
    if (link.spec.suspend) {
      return this.rest(link, (current) => reportSuspension(this.reportInput(current)));
    }
    const refusals = tooLong(link.spec);
    if (refusals.length > 0) {
      return this.rest(link, (current) => reportRefusal(this.reportInput(current), refusals));
    }
    const cloud = cloudOrRefusal(placeOf(link), this.options.cloudFor);
    if (cloud instanceof CloudError) return this.refuse(link, cloud);
    const kept = await this.keep(link);
    const begun = kept === undefined ? undefined : await this.announce(kept);
    return begun === undefined ? 'success' : this.bringAbout(begun, cloud);
  }

  /** Puts the finalizer on before anything is made at AWS. Undefined if the object is going. */
  private async keep(link: SageMakerPrivateLink): Promise<SageMakerPrivateLink | undefined> {
    const { watch } = this.options;
    const request = this.finalizerRequest(link);
    const outcome = await refusable('finalizer', addFinalizer(request));
    if (outcome.kind === 'written') {
      watch.absorb(outcome.object);
      if (wasWorkedOn(link.status)) this.voice.tellOfLostFinalizer(link);
    }
    return outcome.kind === 'written' || outcome.kind === 'unchanged' ? outcome.object : undefined;
  }

  /** Of a link that nothing is done for, too: its deletion has to take away what it has. */
  private async keepIfWorkedOn(
    link: SageMakerPrivateLink,
  ): Promise<SageMakerPrivateLink | undefined> {
    if (link.metadata.deletionTimestamp !== undefined || !wasWorkedOn(link.status)) return link;
    return this.keep(link);
  }

  /** Says what the API server refuses: on the object, or where that is refused, in an event. */
  private async refused(link: SageMakerPrivateLink, error: RefusedWrite): Promise<PassResult> {
    const { part, words } = error;
    if (part === 'finalizer') {
      const problem = finalizerRefusal(words, this.item.failures);
      await this.write(link, (current) =>
        reportRefusal(this.reportInput(current), [problem]),
      ).catch((cause: unknown) => this.voice.tellOfRefusedStatus(link, cause));
    } else {
      this.voice.tellOfRefusedStatus(link, error);
    }
    this.options.queue.addRateLimited(this.item.key, { priority: 'normal', reason: 'Retry' });
    return 'requeue';
  }

  /**
   * Writes what must not be lost before AWS is changed. Undefined if the object has changed: that
   * brings a new pass.
   */
  private async announce(link: SageMakerPrivateLink): Promise<SageMakerPrivateLink | undefined> {
    const intent = ({ spec, metadata, status: former = {} }: SageMakerPrivateLink) =>
      reportIntent({ spec, former, generation: metadata.generation, now: this.now() });
    if (intent(link) === undefined) return link;
    const outcome = await this.write(link, (current) => intent(current) ?? current.status ?? {});
    return outcome.kind === 'dropped' ? undefined : outcome.object;
  }

  /** Says that the link's account is refused, and looks again slowly: the account map may change. */
  private async refuse(link: SageMakerPrivateLink, error: CloudError): Promise<PassResult> {
    const { deletionTimestamp } = link.metadata;
    const going =
      deletionTimestamp === undefined ? undefined : { account: link.status?.account, finalizer };
    const problem = accountRefusal(error, going);
    if (problem === undefined) throw error;
    const findings = { problems: [problem], waits: [] };
    const kept = await this.keepIfWorkedOn(link);
    if (kept === undefined) return 'success';
    await this.write(kept, (current) => reportRefusal(this.reportInput(current), [problem]));
    return this.requeue(link, findings);
  }

  private async bringAbout(link: SageMakerPrivateLink, cloud: Cloud): Promise<PassResult> {
    const applied = link.status?.appliedGeneration === link.metadata.generation;
    const repair = link.spec.driftPolicy === 'Repair' || !applied;
    const how = { goal: 'present', repair, absenceIsFinal: false } as const;
    const input = this.passInput(link, cloud, how);
    const { clients, rivals, elapsed } = input;
    // Of one that this pass has changed another state is known.
    const state = this.begun?.link === link ? this.begun.state : undefined;
    const basis = { link, state, owner: input.owner, clients, rivals, elapsed };
    const end = await runPassUnless(input, this.memory.rests.formerPass(basis));
    this.note(link, cloud, end);
    if (!('plan' in end)) return this.requeue(link, { problems: [], waits: [] }, cloud);
    return this.report(link, end, { cloud, basis });
  }

  private async takeAway(link: SageMakerPrivateLink): Promise<PassResult> {
    // Others' finalizers may still hold a link whose own was taken off: then there is time left.
    const isHeld = (link.metadata.finalizers ?? []).includes(finalizer);
    const isLost = !this.memory.released.has(link.metadata.uid) && wasWorkedOn(link.status);
    if (!isHeld && !isLost) return 'success';
    const cloud = cloudOrRefusal(placeOf(link), this.options.cloudFor);
    if (cloud instanceof CloudError) return this.refuse(link, cloud);
    const { quietTime, clock } = this.options;
    const quietAt = quietTime.quietAt(link.metadata.uid, clock.now());
    const absenceIsFinal = this.item.enqueuedAt >= quietAt;
    const how = { goal: 'absent', repair: true, absenceIsFinal } as const;
    const end = await runPass(this.passInput(link, cloud, how));
    this.note(link, cloud, end);
    if (end.plan.gone) return this.release(link);
    // A release that failed before was of another state of AWS.
    this.memory.released.delete(link.metadata.uid);
    return this.report(link, end, { cloud });
  }

  private async release(link: SageMakerPrivateLink): Promise<PassResult> {
    const { watch, queue, quietTime } = this.options;
    const { uid } = link.metadata;
    const request = this.finalizerRequest(link);
    // The watch may tell that the object is gone before the answer comes, or where none comes.
    this.memory.released.add(uid);
    const outcome = await refusable('finalizer', removeFinalizer(request));
    if (outcome.kind === 'written') watch.absorb(outcome.object);
    this.logger.info({}, 'nothing is left at AWS: the link may go');
    quietTime.forget(uid);
    this.options.sightingTimes.forget(uid);
    queue.forget(this.item.key);
    return 'success';
  }

  private passInput(link: SageMakerPrivateLink, cloud: Cloud, how: PassGoal) {
    const { item, signal, logger, doneAt, options } = this;
    const [owner, remembered] = [this.ownerOf(link), rememberedOf(link)];
    const own = { item, signal, logger, doneAt, owner, remembered };
    return passInputOf(options, link, { ...own, cloud, how });
  }

  /** Takes notice of the end of a pass, or of all that one knows that ended at rest. */
  private note(
    link: SageMakerPrivateLink,
    cloud: Cloud,
    end: PassEnd | Pick<PassEnd, 'observation'>,
  ): void {
    const { sightingTimes, clock, lastSweep } = this.options;
    this.role = cloud.role ?? callerIn(end.observation)?.arn;
    if ('plan' in end) {
      this.voice.logFailedActions(link, end, this.role);
      sightingTimes.note(link.metadata.uid, end.plan.seen, clock.now());
    }
    noteSweep(lastSweep, { owner: this.ownerOf(link), spec: link.spec, at: clock.wallTime() }, end);
  }

  /**
   * Writes the status, and then tells what it says: an event that the status does not bear out would
   * lead people astray. Changes at AWS are told in any case.
   */
  private async report(link: SageMakerPrivateLink, end: PassEnd, { cloud, basis }: Reported) {
    const changes = changeEvents(link, end, this.doneAt);
    let told: ToldPass;
    try {
      told = await this.writeReport(link, end);
      const { status, former } = told;
      const said = status === undefined ? [] : eventsOfPass(former, status, end);
      for (const event of inOrder([...said, ...changes])) this.options.recordEvent(event);
      if (status !== undefined) this.voice.logState(link, status, { end, role: this.role });
    } catch (error) {
      for (const event of changes) this.options.recordEvent(event);
      throw error;
    }
    this.memory.turns.note(link, end, cloud);
    const { findings: open, isTold } = told;
    if (basis !== undefined) this.memory.rests.note(basis, end, { isTold, open });
    return this.requeue(link, open, cloud);
  }

  /** Reports once; after a conflict again, because the former status is another one then. */
  private async writeReport(link: SageMakerPrivateLink, end: PassEnd): Promise<ToldPass> {
    let former = link;
    let report = reportPass(this.reportInput(link), end);
    const outcome = await this.write(link, (current) => {
      if (current !== former) report = reportPass(this.reportInput(current), end);
      former = current;
      return report.status;
    });
    const status = outcome.kind === 'dropped' ? undefined : outcome.object.status;
    const isTold = outcome.kind === 'unchanged';
    return { status, former, isTold, findings: report.findings };
  }

  /** Writes the status of a link that nothing is done for until it changes. */
  private async rest(
    link: SageMakerPrivateLink,
    status: (current: SageMakerPrivateLink) => SageMakerPrivateLinkStatus,
  ): Promise<PassResult> {
    const kept = await this.keepIfWorkedOn(link);
    if (kept !== undefined) await this.write(kept, status);
    this.options.queue.forget(this.item.key);
    return 'success';
  }

  private async write(
    object: SageMakerPrivateLink,
    status: (current: SageMakerPrivateLink) => SageMakerPrivateLinkStatus,
  ): Promise<StatusOutcome<SageMakerPrivateLink>> {
    const { resource, watch } = this.options;
    const request = { resource, object, status, call: this.call };
    const outcome = await refusable('status', writeStatus(request));
    // Also when it was not written because the spec has changed: the event of that may be lost.
    if ('object' in outcome && outcome.object !== object) watch.absorb(outcome.object);
    if (outcome.kind === 'written') this.voice.logConditions(outcome.former, outcome.object);
    return outcome;
  }

  private finalizerRequest(object: SageMakerPrivateLink) {
    const { resource } = this.options;
    const isCut = object.metadata.areFinalizersCut;
    return { resource, object, finalizer, isCut, call: this.call };
  }

  private requeue(link: SageMakerPrivateLink, findings: Findings, cloud?: Cloud): PassResult {
    const { queue, clock, paces } = this.options;
    const ended = { findings, rhythm: rhythmOf(link, this.item, this.options), cloud };
    return requeue({ queue, clock, paces, work: this.memory.work }, this.item.key, ended);
  }

  private ownerOf({ metadata }: SageMakerPrivateLink): OwnerIdentity {
    return { clusterId: this.options.clusterId, uid: metadata.uid, name: metadata.name };
  }

  private reportInput(link: SageMakerPrivateLink): ReportInput {
    const { clientsOf, verificationOf } = this.options;
    return reportInputOf(link, {
      owner: this.ownerOf(link),
      clients: clientsOf(link),
      verification: verificationOf(link),
      now: this.now(),
    });
  }

  private now(): string {
    return rfc3339(this.options.clock.wallTime());
  }
}
