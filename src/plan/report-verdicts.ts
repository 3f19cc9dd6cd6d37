/** What each condition but the aggregate ones says at the end of a pass. Pure. */
import type { Subject } from './findings.ts';
import { type Findings, type PassEnd, subjectOf } from './pass-end.ts';
import { subjectOfLook } from './failed-looks.ts';
import { messagesOf, type Verdict, verdictFromFindings } from './report-conditions.ts';
import { endpointList } from './report-fields.ts';
import type { ReportInput } from './report-input.ts';

type ReportedSubject = Exclude<Subject, 'ClientsConfigured'>;

const reportedSubjects: readonly ReportedSubject[] = [
  'NetworkResolved',
  'SecurityGroupReady',
  'EndpointsAvailable',
  'NotebookAccessEnforced',
];

/** A link without `notebookAccess` has nothing to say about it, unless something is wrong. */
function isSilent(subject: ReportedSubject, { spec }: ReportInput): boolean {
  return subject === 'NotebookAccessEnforced' && spec.notebookAccess === undefined;
}

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
    return isSilent(subject, input) ? [] : [withNotes(restingVerdict(subject, end), end)];
  });
  return [availableVerdict(input, end), ...subjects];
}

/** While a link goes away its endpoints are none that anybody should rely on. */
function deletionVerdicts(input: ReportInput): readonly Verdict[] {
  const message = 'The link is being deleted.';
  const types = (input.former.conditions ?? [])
    .map(({ type }) => type)
    .filter((type) => type === 'Available' || reportedSubjects.some((one) => one === type));
  return types.map((type) => ({
    type: type as Subject | 'Available',
    status: 'False',
    reason: 'Deleting',
    message,
  }));
}

/** What a subject is when no finding is about it: true if its part of the plan was reached. */
function restingVerdict(subject: ReportedSubject, { plan }: PassEnd): Verdict {
  if (!plan.reached.includes(subject)) {
    const message = 'Not looked at yet: the network has to be known first.';
    return { type: subject, status: 'Unknown', reason: 'Progressing', message };
  }
  const isOpen =
    plan.actions.some((action) => subjectOf(action) === subject) ||
    plan.looks.some((look) => subjectOfLook(look.kind) === subject);
  if (isOpen) {
    return { type: subject, status: 'Unknown', reason: 'Progressing', message: 'Work goes on.' };
  }
  return {
    type: subject,
    status: 'True',
    reason: 'Succeeded',
    message: restingMessage(subject, plan),
  };
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

/** What people should know stands in the message, whatever the verdict is. */
function withNotes(verdict: Verdict, { notes }: PassEnd): Verdict {
  const about = notes.filter(({ subject }) => subject === verdict.type);
  return { ...verdict, message: messagesOf([verdict, ...about]) };
}

/** Whether clients can use every endpoint, whatever else is being repaired. */
function availableVerdict(input: ReportInput, end: PassEnd): Verdict {
  const states = endpointList(input, end);
  if (states === undefined) return formerAvailability(input);
  const missing = states.filter(({ state }) => state !== 'available');
  if (missing.length === 0) {
    const message = 'Every endpoint is available at AWS.';
    return { type: 'Available', status: 'True', reason: 'Succeeded', message };
  }
  const which = missing
    .map(({ service, serviceName, state }) => `${service ?? serviceName} (${state ?? 'missing'})`)
    .join(', ');
  const reason = missing.every(({ state }) => state === 'pending')
    ? 'EndpointPending'
    : 'Progressing';
  return { type: 'Available', status: 'False', reason, message: `Not available yet: ${which}.` };
}

/** Without an answer about the endpoints the last observation stands. */
function formerAvailability({ former }: ReportInput): Verdict {
  const before = former.conditions?.find(({ type }) => type === 'Available');
  if (before === undefined) {
    const message = 'The endpoints have not been looked at yet.';
    return { type: 'Available', status: 'Unknown', reason: 'Progressing', message };
  }
  const { status, reason, message } = before;
  return { type: 'Available', status, reason: reason as Verdict['reason'], message };
}
