/** Nothing is in progress for ever. Pure, but for the time that it is given. */
import type { Problem, Wait } from '../findings.ts';
import type { Findings } from '../pass-end.ts';
import { messagesOf } from './report-conditions.ts';
import type { ReportInput } from './report-input.ts';

/**
 * How long a link may wait for one thing. AWS takes minutes for an endpoint, and rarely more than
 * half an hour to let go of a security group.
 */
const progressDeadlineMs = 60 * 60_000;

/**
 * The findings, in which a wait that has lasted for too long needs a person. While anything is
 * retried there is no deadline: that has delays of its own, and says what it failed with.
 */
export function withDeadline(findings: Findings, { former, now }: ReportInput): Findings {
  const { problems, waits } = findings;
  const isRetried = problems.some(({ severity }) => severity === 'retry');
  if (waits.length === 0 || isRetried) return findings;
  const overdue = { problems: [...problems, ...waits.map(overdueProblem)], waits: [] };
  const find = (type: string) => former.conditions?.find((one) => one.type === type);
  const reconciling = find('Reconciling');
  if (reconciling !== undefined) {
    const isSame = reconciling.message === messagesOf([...problems, ...waits]);
    const age = Date.parse(now) - Date.parse(reconciling.lastTransitionTime);
    return isSame && age > progressDeadlineMs ? overdue : findings;
  }
  const stalled = find('Stalled');
  return stalled?.message === messagesOf(overdue.problems) ? overdue : findings;
}

function overdueProblem({ subject, message }: Wait): Problem {
  return {
    subject,
    reason: 'ProgressDeadlineExceeded',
    severity: 'stalled',
    message: `${message} It has been so for more than an hour: look at AWS what keeps it. The operator goes on by itself when it is over.`,
  };
}
