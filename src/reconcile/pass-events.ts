/** The news of a pass, as Kubernetes Events: transitions and changes only. Pure. */
import { apiVersion, kind, type SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { SageMakerPrivateLinkStatus } from '../api/sagemaker-private-link.ts';
import type { EventRecord } from '../kubernetes/events/event-recorder.ts';
import { resourceWords, rowOf } from '../plan/actions/action-catalogue.ts';
import type { Action } from '../plan/actions.ts';
import { differenceWords } from '../plan/endpoint/difference-words.ts';
import type { PassEnd } from '../plan/pass-end.ts';
import { newsOfDrift } from '../plan/report/news-of-drift.ts';

/** Events for the news in a status that was written; changes at AWS have their own. */
export function eventsOfPass(
  link: SageMakerPrivateLink,
  status: SageMakerPrivateLinkStatus,
  end: PassEnd,
): readonly EventRecord[] {
  return addressed(link, [
    ...driftEvents(link, end),
    ...noteEvents(link.status ?? {}, end),
    ...readinessEvents(link.status ?? {}, status),
  ]);
}

/**
 * Events for the changes that a pass made at AWS.
 *
 * @param doneAt when each action was done
 */
export function changeEvents(
  link: SageMakerPrivateLink,
  end: PassEnd,
  doneAt: ReadonlyMap<Action, Date>,
): readonly EventRecord[] {
  const events = end.done.map((action) => {
    const at = doneAt.get(action);
    const event = changeEvent(action, end.createdIds?.get(action));
    return at === undefined ? event : { ...event, at };
  });
  return addressed(link, events);
}

/** Warnings first: of an object with many events the last ones are dropped. */
export function inOrder(events: readonly EventRecord[]): readonly EventRecord[] {
  const isWarning = ({ type }: EventRecord): boolean => type === 'Warning';
  return [...events.filter(isWarning), ...events.filter((one) => !isWarning(one))];
}

function addressed(
  { metadata: { name, uid } }: SageMakerPrivateLink,
  events: readonly Unaddressed[],
): readonly EventRecord[] {
  const regarding = { apiVersion, kind, name, uid };
  return events.map((event) => ({ ...event, regarding }));
}

type Unaddressed = Omit<EventRecord, 'regarding'>;

/** So many differences are named in an event, which has room for 1,024 bytes. */
const mostDifferences = 8;

function driftEvents({ metadata, status }: SageMakerPrivateLink, end: PassEnd): Unaddressed[] {
  const news = newsOfDrift(end.found, status ?? {}, metadata.generation);
  if (news.length === 0 || metadata.deletionTimestamp !== undefined) return [];
  const words = news
    .slice(0, mostDifferences)
    .map((one) => `${one.resource} ${differenceWords(one)}`);
  const rest = news.length - words.length;
  const more = rest > 0 ? ` And ${rest} more.` : '';
  const note = `AWS differs from the spec: ${words.join('; ')}.${more}`;
  return [{ type: 'Warning', reason: 'DriftDetected', action: 'Look', note }];
}

/** Notes that the former condition does not say already: they stand in it as long as they hold. */
function noteEvents(former: SageMakerPrivateLinkStatus, { notes }: PassEnd): Unaddressed[] {
  const news = notes.filter(
    ({ subject, message }) => conditionOf(former, subject)?.message.includes(message) !== true,
  );
  return news.map(({ reason, message }) => {
    return { type: 'Warning', reason, action: 'Look', note: message };
  });
}

function changeEvent(action: Action, createdId: string | undefined): Unaddressed {
  const made = createdId === undefined ? '' : ` ${createdId}`;
  const note = `${resourceWords(action)}${made}: ${action.reason}.`;
  return { type: 'Normal', reason: rowOf(action).eventReason, action: action.kind, note };
}

function readinessEvents(
  former: SageMakerPrivateLinkStatus,
  status: SageMakerPrivateLinkStatus,
): Unaddressed[] {
  const before = readyOf(former);
  const ready = readyOf(status);
  if (ready === undefined) return [];
  if (before?.status === ready.status && before.reason === ready.reason) return [];
  const isProblem =
    ready.status === 'False' &&
    ready.reason !== 'WaitingForCallBudget' &&
    (isStalled(status) || reconcilingReason(status) === retry);
  const type = isProblem ? 'Warning' : 'Normal';
  return [{ type, reason: ready.reason, action: 'Reconcile', note: ready.message }];
}

const retry = 'ProgressingWithRetry';

function readyOf(status: SageMakerPrivateLinkStatus): ReturnType<typeof conditionOf> {
  return conditionOf(status, 'Ready');
}

function isStalled(status: SageMakerPrivateLinkStatus): boolean {
  return conditionOf(status, 'Stalled') !== undefined;
}

function reconcilingReason(status: SageMakerPrivateLinkStatus): string | undefined {
  return conditionOf(status, 'Reconciling')?.reason;
}

function conditionOf(
  status: SageMakerPrivateLinkStatus,
  type: string,
): NonNullable<SageMakerPrivateLinkStatus['conditions']>[number] | undefined {
  return status.conditions?.find((one) => one.type === type);
}
