/** The verdicts of all conditions but the aggregate ones at the end of a pass. Pure. */
import type { Condition } from '../../api/sagemaker-private-link.ts';
import { rowOf } from '../actions/action-catalogue.ts';
import type { Subject } from '../findings.ts';
import type { Findings, PassEnd } from '../pass-end.ts';
import {
  byUrgency,
  messagesOf,
  seenLast,
  type Verdict,
  verdictFromFindings,
} from './report-conditions.ts';
import {
  isSilent,
  type ReportedSubject,
  reportedSubjects,
  whatIsUnseen,
} from './report-evidence.ts';
import type { ReportInput } from './report-input.ts';
import { type ClosedEndpoint, closedEndpoints } from './report-usability.ts';

/** The verdict about each part of the link, and about whether clients can use it. */
export function subjectVerdicts(
  input: ReportInput,
  end: PassEnd,
  findings: Findings,
): readonly Verdict[] {
  if (input.deleting) return deletionVerdicts(input);
  const subjects = reportedSubjects.flatMap((subject): readonly Verdict[] => {
    const found = verdictFromFindings(subject, findings);
    if (found !== undefined) return [withNotes(found, end)];
    if (isSilent(subject, input)) return [];
    return [withNotes(restingVerdict(subject, input, end, findings), end)];
  });
  return [availableVerdict(input, end, findings), ...subjects, ...clientsVerdict(input, findings)];
}

/** A link without clients has nothing to say about them, unless former ones are still cleaned. */
function clientsVerdict(
  { spec, clients, former }: ReportInput,
  findings: Findings,
): readonly Verdict[] {
  const type = 'ClientsConfigured';
  const found = verdictFromFindings(type, findings);
  if (found !== undefined) return [found];
  if (spec.clients === undefined) return [];
  const before = (former.conditions ?? []).find((one) => one.type === type);
  if (clients === undefined) return before === undefined ? [] : [seenLast(before, 'Progressing')];
  const message = 'Every selected namespace has what the spec says, with the addresses of now.';
  return [{ type, status: 'True', reason: 'Succeeded', message }];
}

const goingTypes = ['Available', ...reportedSubjects, 'ClientsConfigured', 'Reachable'];

/** While a link goes away its endpoints are none that anybody should rely on. */
function deletionVerdicts(input: ReportInput): readonly Verdict[] {
  const message = 'The link is being deleted.';
  const types = (input.former.conditions ?? [])
    .map(({ type }) => type)
    .filter((type) => goingTypes.some((one) => one === type));
  return types.map((type) => ({
    type: type as Subject | 'Available' | 'Reachable',
    status: 'False',
    reason: 'Deleting',
    message,
  }));
}

/** The verdict on a subject without findings: true if it was seen to be. */
function restingVerdict(
  subject: ReportedSubject,
  input: ReportInput,
  end: PassEnd,
  findings: Findings,
): Verdict {
  const unseen = whatIsUnseen(subject, input, end);
  if (unseen === undefined) {
    const message = restingMessage(subject, end.plan);
    return { type: subject, status: 'True', reason: 'Succeeded', message };
  }
  const cause = causeOf(findings, subject);
  const where = cause.subject === undefined ? '' : ` ${cause.subject} says what holds it up.`;
  return { type: subject, status: 'Unknown', reason: cause.reason, message: `${unseen}${where}` };
}

/** The cause that holds up a part without a fault of its own: an earlier part, else the urgent. */
function causeOf(
  findings: Findings,
  subject: ReportedSubject | 'Available',
): { readonly reason: Verdict['reason']; readonly subject?: Subject } {
  const order: readonly Subject[] =
    subject === 'Available'
      ? ['EndpointsAvailable', 'SecurityGroupReady', 'NetworkResolved']
      : reportedSubjects;
  const urgent = byUrgency(findings);
  const bySubject = order.flatMap((one) => urgent.find((each) => each.subject === one) ?? []);
  const [cause] = [...bySubject, ...urgent];
  return cause ?? { reason: 'Progressing' };
}

function restingMessage(
  subject: ReportedSubject,
  { vpc, subnets, desired }: PassEnd['plan'],
): string {
  switch (subject) {
    case 'NetworkResolved':
      return `${vpc?.id ?? ''}: ${subnets.map(({ id, zone }) => `${id} (${zone})`).join(', ')}.`;
    case 'SecurityGroupReady':
      return 'The security group is as the spec says.';
    case 'EndpointsAvailable':
      return `${desired.map(({ label }) => label).join(', ')}: as the spec says and available.`;
    case 'NotebookAccessEnforced':
      return 'The policy is in force and attached to everything in attachTo; IAM may take some seconds to apply a change everywhere.';
  }
}

/** Notes stand in the message, whatever the verdict is. */
function withNotes(verdict: Verdict, { notes }: PassEnd): Verdict {
  const about = notes.filter(({ subject }) => subject === verdict.type);
  return { ...verdict, message: messagesOf([verdict, ...about]) };
}

/** Whether clients can use every endpoint, whatever else is being repaired. */
function availableVerdict(input: ReportInput, end: PassEnd, findings: Findings): Verdict {
  const closed = closedEndpoints(input, end);
  const isKnown = closed !== undefined && (closed.length > 0 || !hasDoubtfulChange(end));
  if (!isKnown) return formerAvailability(input.former.conditions ?? [], findings);
  if (closed.length === 0) {
    const message = 'Every endpoint is available at AWS, and its security group admits clients.';
    return { type: 'Available', status: 'True', reason: 'Succeeded', message };
  }
  const which = closed.map(({ label, why }) => `${label} (${why})`).join(', ');
  const reason = onlyPending(closed) ? 'EndpointPending' : causeOf(findings, 'Available').reason;
  return { type: 'Available', status: 'False', reason, message: `Not usable now: ${which}.` };
}

/** A change without an answer may have put an endpoint back to pending, or closed its group. */
function hasDoubtfulChange({ failed }: PassEnd): boolean {
  return failed.some(
    ({ action, error }) =>
      rowOf(action).mayCloseEndpoints === true &&
      ['Unavailable', 'Aborted', 'Unknown'].includes(error.kind),
  );
}

function onlyPending(closed: readonly ClosedEndpoint[]): boolean {
  return closed.every(({ why }) => why === 'pending');
}

/** Without an answer about the endpoints the last observation stands. */
function formerAvailability(former: readonly Condition[], findings: Findings): Verdict {
  const before = former.find(({ type }) => type === 'Available');
  const { reason } = causeOf(findings, 'Available');
  if (before === undefined) {
    const message = 'It is not known yet whether clients can use the endpoints.';
    return { type: 'Available', status: 'Unknown', reason, message };
  }
  return seenLast(before, reason);
}
