/** What is said of a link beside its status: in the log, and as events. */
import {
  apiVersion,
  finalizer,
  kind,
  type SageMakerPrivateLink,
  type SageMakerPrivateLinkStatus,
} from '../api/sagemaker-private-link.ts';
import type { EventRecord } from '../kubernetes/events/event-recorder.ts';
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
        note: `The API server refuses the status, so it is of before: ${words}. The operator needs the right to update sagemakerprivatelinks/status, and no admission policy may keep it from that.`,
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

  /** Why a link is not ready is in the log once for each change of that. */
  logState(link: SageMakerPrivateLink, status: SageMakerPrivateLinkStatus, end: PassEnd): void {
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
      ...Object.values(end.observation.failures),
      ...end.failed.map((one) => one.error),
    ];
    const calls = errors.map(({ action, code }) => ({ action, code }));
    const { reason, message } = ready;
    const account = link.spec.account ?? status.account;
    this.logOnce(link, `${reason} ${message}`, () => {
      this.logger.warn({ reason, error: message, calls, account }, 'the link is not ready');
    });
  }
}
