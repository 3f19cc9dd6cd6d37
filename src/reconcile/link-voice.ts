/** Everything that is said of a link beside its status: in the log, and as events. */
import {
  apiVersion,
  type Condition,
  finalizer,
  kind,
  type SageMakerPrivateLink,
  type SageMakerPrivateLinkStatus,
} from '../api/sagemaker-private-link.ts';
import type { EventRecord } from '../kubernetes/events/event-recorder.ts';
import { failureWords, isOurOwnDoing } from '../plan/aws-errors/failure-words.ts';
import type { PassEnd } from '../plan/pass-end.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ProcessMemory } from './gone-links.ts';
import { RefusedWrite } from './refused-write.ts';

/** Speaks of the link of one pass. */
export class LinkVoice {
  private readonly recordEvent: (event: EventRecord) => void;
  private readonly memory: ProcessMemory;
  private readonly logger: Logger;

  constructor(
    { recordEvent }: { readonly recordEvent: (event: EventRecord) => void },
    memory: ProcessMemory,
    logger: Logger,
  ) {
    this.recordEvent = recordEvent;
    this.memory = memory;
    this.logger = logger;
  }

  tellOfLostFinalizer(link: SageMakerPrivateLink): void {
    this.logger.warn({ finalizer }, 'the finalizer was taken off and is put back');
    this.record(link, [
      {
        type: 'Warning',
        reason: 'FinalizerRestored',
        action: 'Reconcile',
        note: `Somebody took the finalizer ${finalizer} off; it is put back. Without it the deletion of the link would leave everything at AWS. A GitOps tool that replaces objects does that: let it apply them.`,
      },
    ]);
  }

  tellOfRefusedStatus(link: SageMakerPrivateLink, error: unknown): void {
    if (!(error instanceof RefusedWrite)) throw error;
    const { words } = error;
    this.logOnce(link, words, () => {
      this.logger.warn({ error: words }, 'the API server refuses the status');
    });
    this.record(link, [
      {
        type: 'Warning',
        reason: 'StatusRefused',
        action: 'Reconcile',
        note: `The API server refuses the status, so the one shown is out of date: ${words}. The operator needs the right to update sagemakerprivatelinks/status, and no admission policy may keep it from that.`,
      },
    ]);
  }

  /** Logs a failure when it is another one than the last of this link. */
  private logOnce({ metadata }: SageMakerPrivateLink, failure: string, log: () => void): void {
    const { loggedFailures } = this.memory;
    if (loggedFailures.get(metadata.uid) === failure) return;
    loggedFailures.set(metadata.uid, failure);
    log();
  }

  private record(
    { metadata: { name, uid } }: SageMakerPrivateLink,
    events: readonly Omit<EventRecord, 'regarding'>[],
  ): void {
    const regarding = { apiVersion, kind, name, uid };
    for (const event of events) this.recordEvent({ ...event, regarding });
  }

  /**
   * Logs a call that AWS refused or did not answer once, and again only after a pass in which that
   * did not happen: a link that needs somebody is tried again for days.
   *
   * @param role who the pass worked as at AWS
   */
  logFailedActions({ metadata }: SageMakerPrivateLink, end: PassEnd, role?: string): void {
    const { loggedActions } = this.memory;
    const former = loggedActions.get(metadata.uid);
    const now = new Set<string>();
    for (const { action, error } of end.failed) {
      const { code, message } = error;
      const failure = { action: action.kind, reason: action.reason, code, error: message, role };
      const text = JSON.stringify(failure);
      if (former?.has(text) !== true && !now.has(text)) {
        this.logger[isOurOwnDoing(error) ? 'info' : 'warn'](failure, failureWords(error));
      }
      now.add(text);
    }
    if (now.size > 0) loggedActions.set(metadata.uid, now);
    else loggedActions.delete(metadata.uid);
  }

  /** One line for each condition whose status or reason is another one than before, or that is gone. */
  logConditions(
    { status: before }: SageMakerPrivateLink,
    { status: now }: SageMakerPrivateLink,
  ): void {
    const former = new Map(before?.conditions?.map((one) => [one.type, one]));
    for (const { type: condition, status, reason, message: text } of now?.conditions ?? []) {
      const was = former.get(condition);
      former.delete(condition);
      if (was?.status === status && was.reason === reason) continue;
      const fields = { condition, status, reason, text, ...formerly(was) };
      this.logger.info(fields, 'condition changed');
    }
    for (const gone of former.values()) {
      this.logger.info({ condition: gone.type, ...formerly(gone) }, 'condition changed');
    }
  }

  /**
   * Why a link is not ready is in the log once for each change of that.
   *
   * @param role who the pass worked as at AWS
   */
  logState(
    link: SageMakerPrivateLink,
    status: SageMakerPrivateLinkStatus,
    { end, role }: { readonly end: PassEnd; readonly role: string | undefined },
  ): void {
    const ready = status.conditions?.find(({ type }) => type === 'Ready');
    const isBad =
      ready?.status === 'False' &&
      status.conditions?.some(
        ({ type, reason }) => type === 'Stalled' || reason === 'ProgressingWithRetry',
      );
    if (ready === undefined || isBad !== true) {
      this.memory.loggedFailures.delete(link.metadata.uid);
      return;
    }
    const errors = [
      ...end.observation.failures.map(({ error }) => error),
      ...end.failed.map((one) => one.error),
    ];
    const calls = errors.map(({ action, code }) => ({ action, code }));
    const { reason, message } = ready;
    const account = link.spec.account ?? status.account;
    this.logOnce(link, JSON.stringify([reason, message, calls, role]), () => {
      const fields = { reason, error: message, calls, account, role };
      this.logger.warn(fields, 'the link is not ready');
    });
  }
}

function formerly(condition: Condition | undefined): object {
  if (condition === undefined) return {};
  return { formerStatus: condition.status, formerReason: condition.reason };
}
