/** Links that wait for turns of their calls, and for nothing else. */
import type {
  Condition,
  SageMakerPrivateLink,
  SageMakerPrivateLinkStatus,
} from '../../api/sagemaker-private-link.ts';
import type { Cloud } from '../../plan/cloud.ts';
import type { OwnHoldings } from '../../plan/facts.ts';
import type { OwnerIdentity } from '../../plan/looks.ts';
import { answersOf } from '../../plan/observation.ts';
import { type FailedAction, findingsOf, type PassEnd } from '../../plan/pass-end.ts';
import type { ReportInput } from '../../plan/report/report-input.ts';
import { reportPass } from '../../plan/report/report.ts';
import type { Clock } from '../../runtime/clock.ts';
import { digestOf } from '../../runtime/digest.ts';
import type { WorkItem } from '../../kubernetes/queue/work-queue.ts';
import type { Urgency } from '../../plan/urgency.ts';
import { turn } from './link-reasons.ts';
import { urgencyOf } from './urgency-of.ts';

/** The end of a pass of a link whose calls wait on, with their places as they are now. */
export interface TurnWait {
  readonly end: PassEnd;
  readonly cloud: Cloud;
  /** Whether it is time to say the places anew: once in a few minutes, if they have other words by then. */
  readonly isToBeTold: boolean;
}

/** The waits for turns of one process, at most one for each link. */
export interface TurnWaits {
  /** Remembers how a pass ended, if all that it left to do waits for turns. */
  note(link: SageMakerPrivateLink, end: PassEnd, cloud: Cloud): void;
  /**
   * Undefined if a pass is due: a turn is near, the item has another reason, the link is not as it was,
   * or nobody has looked for long.
   */
  waitOf(
    link: SageMakerPrivateLink,
    item: Pick<WorkItem, 'priority' | 'reasons'>,
  ): TurnWait | undefined;
  forget(uid: string): void;
}

interface Known {
  readonly generation: number;
  readonly end: PassEnd;
  readonly cloud: Cloud;
  readonly lookedAtMs: number;
  readonly toldAtMs: number;
  /** In the words of each wait. */
  readonly told: readonly string[];
  /** Undefined where the pass did not learn what the link has. */
  readonly holdings: KnownHoldings | undefined;
}

/** The resources of a link while it waits, as reads tell that are made for others. */
interface KnownHoldings {
  readonly owner: OwnerIdentity;
  /** Reads that began since then show all that the link's own passes have changed. By the cloud's clock. */
  readonly since: number;
  /** The resources of the link when its pass ended. */
  readonly ids: readonly string[];
  /** The digest of what the first of those reads answered. */
  readonly shown?: string;
}

/**
 * A line can be hours long. A link in it that has endpoints is looked at this often all the same: a person
 * may have changed what they depend on.
 */
const lookEveryMs = 15 * 60_000;
/**
 * The same for a link that nobody can use yet: of a thousand in line, looks would be most of all passes. Its
 * resources are compared with each read that is made for others, and the pass of its turn looks at the rest.
 */
const lookAtNewEveryMs = 8 * 60 * 60_000;
/** AWS's answers show what we changed so much later at most. */
const changesShowAfterMs = 60_000;

/** A text that is a few minutes old is old enough to be written anew. */
const tellEveryMs = 240_000;

/** Creates the waits of nobody. */
export function createTurnWaits(clock: Clock): TurnWaits {
  const known = new Map<string, Known>();
  return {
    note({ metadata: { uid, generation } }, end, cloud) {
      if (!isForTurns(end)) known.delete(uid);
      else {
        const now = clock.now();
        const holdings = holdingsAfter(end, cloud);
        const told = { toldAtMs: now, told: wordsOf(end) };
        known.set(uid, { generation, end, cloud, lookedAtMs: now, ...told, holdings });
      }
    },
    waitOf(link, item) {
      const { uid, generation } = link.metadata;
      const { reasons } = item;
      const one = known.get(uid);
      if (one === undefined || one.generation !== generation) return undefined;
      if (!reasons.every((reason) => reason === turn)) return undefined;
      const { cloud, lookedAtMs, toldAtMs } = one;
      if (clock.now() - lookedAtMs >= lookAfterMs(link, one)) return undefined;
      const holdings = stillHeld(one);
      if (holdings === 'changed') return undefined;
      const end = waitingOn(one.end, cloud, urgencyOf(link, item));
      if (end === undefined) return undefined;
      const isTime = clock.now() - toldAtMs >= tellEveryMs;
      const words = wordsOf(end);
      const isToBeTold = isTime && !(isSame(words, one.told) && saysAll(link, words));
      const told = isTime ? { toldAtMs: clock.now(), told: words } : {};
      known.set(uid, { ...one, holdings, ...told });
      return { end, cloud, isToBeTold };
    },
    forget: (uid) => void known.delete(uid),
  };
}

/** The status of a link with the places of its calls as they are now, and nothing else new. */
export function reworded(
  { status = {} }: SageMakerPrivateLink,
  input: ReportInput,
  end: PassEnd,
): SageMakerPrivateLinkStatus {
  const { conditions = [] } = reportPass(input, end).status;
  const words = (one: Condition): string => {
    const now = conditions.find(({ type }) => type === one.type);
    const isSame = now?.status === one.status && now.reason === one.reason;
    return isSame ? now.message : one.message;
  };
  const former = status.conditions ?? [];
  return { ...status, conditions: former.map((one) => ({ ...one, message: words(one) })) };
}

function wordsOf({ failed }: PassEnd): readonly string[] {
  return failed.map(({ error }) => error.message);
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((word, at) => word === others[at]);
}

/** Whether the words are in the status: the last write of it may have failed. */
function saysAll({ status }: SageMakerPrivateLink, words: readonly string[]): boolean {
  const messages = (status?.conditions ?? []).map(({ message }) => message);
  return words.every((one) => messages.some((message) => message.includes(one)));
}

function lookAfterMs({ status }: SageMakerPrivateLink, { holdings }: Known): number {
  const hasEndpoints = (status?.endpoints ?? []).some(({ id }) => id !== undefined);
  return hasEndpoints || holdings === undefined ? lookEveryMs : lookAtNewEveryMs;
}

function holdingsAfter({ observation }: PassEnd, cloud: Cloud): KnownHoldings | undefined {
  const [owned] = answersOf(observation, 'Owned');
  if (owned === undefined || cloud.knownHoldings === undefined) return undefined;
  const { owner } = owned.look;
  return { owner, since: cloud.now() + changesShowAfterMs, ids: idsOf(owned.answer) };
}

function idsOf({ endpoints, securityGroups }: OwnHoldings): readonly string[] {
  return [...endpoints, ...securityGroups].map(({ id }) => id);
}

/** Compares with what reads tell that were made for others. */
function stillHeld({ holdings, cloud }: Known): KnownHoldings | undefined | 'changed' {
  if (holdings === undefined) return undefined;
  const { owner, since, ids, shown } = holdings;
  const now = cloud.knownHoldings?.(owner, since);
  if (now === undefined) return holdings;
  const present = idsOf(now);
  const shows = digestOf(now);
  const isSame = shown === undefined ? ids.every((id) => present.includes(id)) : shows === shown;
  return isSame ? { ...holdings, shown: shows } : 'changed';
}

function isForTurns({ plan, failed, findings }: PassEnd): boolean {
  const ofLooks = plan.problems.some(({ severity }) => severity === 'retry');
  const retried = findings.problems.filter(({ severity }) => severity === 'retry');
  const isHeldBack = ({ error }: FailedAction): boolean => error.code === 'CallBudgetSpent';
  return !ofLooks && retried.length > 0 && failed.every(isHeldBack);
}

/** The same end with new places; undefined if one of the turns is near. */
function waitingOn(end: PassEnd, cloud: Cloud, urgency: Urgency): PassEnd | undefined {
  const failed: FailedAction[] = [];
  for (const { action, error } of end.failed) {
    const now = cloud.stillWaits?.(action, error, urgency);
    if (now === undefined) return undefined;
    failed.push({ action, error: now });
  }
  return { ...end, failed, findings: findingsOf({ ...end, failed }) };
}
