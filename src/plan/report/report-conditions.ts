/** Conditions of a link from the end of a pass. Pure, but for the time that it is given. */
import type { ConditionType, Reason } from '../../api/conditions.ts';
import { cutText, printable } from '../../api/printable.ts';
import type { Condition } from '../../api/sagemaker-private-link.ts';
import type { Problem, Subject, Wait } from '../findings.ts';
import type { Findings } from '../pass-end.ts';
import { withoutRepeats } from './without-repeats.ts';

/** A condition before it is held against the former one. */
export interface Verdict {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
}

/** Longest message that is written, in characters: long lists of findings help nobody. */
const longestMessage = 2000;
/** For ` And 1234 more.` */
const roomForCount = 20;

/** The verdict of the findings on one subject; undefined if they say nothing. */
export function verdictFromFindings(subject: Subject, findings: Findings): Verdict | undefined {
  const about = byUrgency(findings).filter((one) => one.subject === subject);
  const [first] = about;
  if (first === undefined) return undefined;
  return { type: subject, status: 'False', reason: first.reason, message: messagesOf(about) };
}

/** The order of findings: what needs a person, what failed, what is only awaited. */
export function byUrgency({ problems, waits }: Findings): readonly (Problem | Wait)[] {
  const stalledOnes = problems.filter(({ severity }) => severity === 'stalled');
  const retried = problems.filter(({ severity }) => severity === 'retry');
  return [...stalledOnes, ...retried, ...waits];
}

/** Their messages without repeats; those that nobody would read any more are counted. */
export function messagesOf(findings: readonly { readonly message: string }[]): string {
  const messages = findings.map(({ message }) => printable(message));
  const [first = '', ...others] = withoutRepeats(messages).filter((message) => message !== '');
  let text = cutText(first, longestMessage - roomForCount);
  for (const [index, next] of others.entries()) {
    const joined = `${text} ${next}`;
    if (joined.length > longestMessage - roomForCount) {
      return `${text} And ${others.length - index} more.`;
    }
    text = joined;
  }
  return text;
}

/**
 * Ready, and the two that kstatus wants present only while True and never together.
 *
 * While anything is still awaited or retried the link is Reconciling, even if something else
 * needs a person: Stalled says that nothing more will happen by itself.
 */
export function aggregateVerdicts(
  findings: Findings,
  complete: boolean,
  deleting: boolean,
): readonly Verdict[] {
  const [first, ...rest] = byUrgency(findings);
  if (first === undefined && complete) return [succeeded];
  if (first === undefined) {
    return deleting
      ? unfinished('Deleting', 'The link is being deleted at AWS.')
      : unfinished('Progressing', 'Work goes on.');
  }
  const message = messagesOf([first, ...rest]);
  const ready: Verdict = { type: 'Ready', status: 'False', reason: first.reason, message };
  const retried = findings.problems.some(({ severity }) => severity === 'retry');
  if (findings.waits.length === 0 && !retried) return [ready, { ...ready, ...stalledNow }];
  const reason = retried ? 'ProgressingWithRetry' : (findings.waits[0]?.reason ?? 'Progressing');
  const reconciling = {
    ...reconcilingNow,
    reason: deleting ? 'Deleting' : reason,
    message,
  } as const;
  return [ready, reconciling];
}

const stalledNow = { type: 'Stalled', status: 'True' } as const;
const reconcilingNow = { type: 'Reconciling', status: 'True' } as const;

const succeeded: Verdict = {
  type: 'Ready',
  status: 'True',
  reason: 'Succeeded',
  message: 'Everything in the spec is applied and observed.',
};

/** Ready and Reconciling of a link whose work is under way. */
export function unfinished(
  reason: 'Deleting' | 'Progressing',
  message: string,
): readonly Verdict[] {
  return [
    { type: 'Ready', status: 'False', reason, message },
    { ...reconcilingNow, reason, message },
  ];
}

const asLastSeen = 'As last seen: ';

/**
 * A former condition that nobody could look at now: what was so is said to have been so, and what
 * was not yet so is held up.
 *
 * @param reason why nobody looks
 */
export function seenLast(former: Condition, reason: Reason): Verdict {
  const { status, message } = former;
  return {
    type: former.type as ConditionType,
    status,
    reason: status === 'True' ? (former.reason as Reason) : reason,
    message:
      status === 'Unknown' || message.startsWith(asLastSeen) ? message : `${asLastSeen}${message}`,
  };
}

/** Conditions in Kubernetes' form; the time moves only where the status does. */
export function conditionsFrom(
  verdicts: readonly Verdict[],
  former: readonly Condition[],
  generation: number,
  now: string,
): readonly Condition[] {
  return verdicts.map(({ type, status, reason, message }) => {
    const before = former.find((one) => one.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
    return { type, status, reason, message, lastTransitionTime, observedGeneration: generation };
  });
}
