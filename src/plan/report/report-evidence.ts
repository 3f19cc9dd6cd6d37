/**
 * The evidence that a part of a link needs before its condition says True. The absence of findings
 * is not enough: nothing may have been looked at. Pure.
 */
import { subjectOfLook } from '../look-table.ts';
import type { Subject, Wait } from '../findings.ts';
import { listedPrincipals } from '../notebook-policy/protected-principals.ts';
import { subjectsOf } from '../actions/action-catalogue.ts';
import { type Findings, type PassEnd, withHeldUp } from '../pass-end.ts';
import { liveEndpoints } from '../endpoint/plan-endpoint.ts';
import { managedGroup, planSecurityGroup } from '../security-group/plan-security-group.ts';
import { tagPolicyOf } from '../tags/plan-tags.ts';
import { isSamePrincipal } from '../notebook-policy/actions/policy-changes.ts';
import { withDeadline } from './report-deadline.ts';
import type { ReportInput } from './report-input.ts';
import { type ClientsReport, reportClients } from '../clients/status/report-clients.ts';
import { observedFields, shownEndpoints } from './report-fields.ts';
import { closedEndpoints } from './report-usability.ts';
import { ownPolicy } from '../notebook-policy/own-policy.ts';
import { knownGroups, ownedIn } from '../ownership/observed-holdings.ts';

/** The parts of a link that have a condition of their own. */
export type ReportedSubject = Exclude<Subject, 'ClientsConfigured'>;

export const reportedSubjects: readonly ReportedSubject[] = [
  'NetworkResolved',
  'SecurityGroupReady',
  'EndpointsAvailable',
  'NotebookAccessEnforced',
];

/**
 * Everything that keeps the spec from being true at the end of a pass, as it is reported: what was
 * found, what was not seen although nothing is wrong, and what has been waited for too long.
 */
export function reportedFindings(input: ReportInput, end: PassEnd): Findings {
  const { findings } = end;
  const isSettled = findings.problems.length === 0 && findings.waits.length === 0;
  const waits = isSettled && !input.deleting ? unseenWaits(input, end) : [];
  const clients = clientsAfter(input, end).findings;
  const all = withHeldUp({
    problems: [...findings.problems, ...clients.problems],
    waits: [...findings.waits, ...waits, ...clients.waits],
  });
  return withDeadline(all, input);
}

/** The clients of the link as they are with the endpoints that this pass has seen. */
export function clientsAfter(input: ReportInput, end: PassEnd): ClientsReport {
  const { endpoints = input.former.endpoints } = observedFields(input, end);
  const closed = closedEndpoints(input, end);
  const areUsable = closed === undefined ? undefined : closed.length === 0;
  return reportClients(input, end, { endpoints, areUsable });
}

function unseenWaits(input: ReportInput, end: PassEnd): readonly Wait[] {
  return reportedSubjects.flatMap((subject): readonly Wait[] => {
    const message = isSilent(subject, input) ? undefined : whatIsUnseen(subject, input, end);
    return message === undefined ? [] : [{ subject, reason: 'Progressing', message }];
  });
}

/** A link without `notebookAccess` has nothing to say about it, unless something is wrong. */
export function isSilent(subject: ReportedSubject, { spec }: ReportInput): boolean {
  return subject === 'NotebookAccessEnforced' && spec.notebookAccess === undefined;
}

/** The missing evidence of a part without findings; undefined if all of it was seen. */
export function whatIsUnseen(
  subject: ReportedSubject,
  input: ReportInput,
  end: PassEnd,
): string | undefined {
  const { plan } = end;
  const isOpen =
    plan.actions.some((action) => subjectsOf(action).includes(subject)) ||
    plan.looks.some((look) => subjectOfLook(look) === subject);
  if (isOpen) return 'Work goes on.';
  switch (subject) {
    case 'NetworkResolved':
      return isNetworkSeen(end) ? undefined : 'The network was not looked at completely.';
    case 'SecurityGroupReady':
      return isGroupSeen(input, end) ? undefined : 'The security group was not seen.';
    case 'EndpointsAvailable':
      return unseenEndpoints(input, end);
    case 'NotebookAccessEnforced':
      return isPolicySeen(input, end) ? undefined : 'The policy was not seen with all attachments.';
  }
}

function isNetworkSeen({ plan }: PassEnd): boolean {
  return plan.vpc !== undefined && plan.subnets.length > 0;
}

/** By planning the group once more: whatever else was in the way, nothing is to be done about it. */
function isGroupSeen(
  { spec, owner, remembered }: ReportInput,
  { plan: { vpc }, observation }: PassEnd,
): boolean {
  const groups = knownGroups(ownedIn(observation, owner));
  if (vpc === undefined || groups === undefined) return false;
  const tagPolicy = tagPolicyOf(owner, spec.tags ?? {}, remembered.tagKeys);
  const group = planSecurityGroup({ owner, spec, vpc, observation, tagPolicy });
  const own = spec.securityGroup?.ids === undefined ? 1 : 0;
  return (
    group.groupIds !== undefined &&
    group.admitsTraffic &&
    groups.length === own &&
    Object.values(group.stage).every((part) => part.length === 0)
  );
}

function unseenEndpoints(input: ReportInput, end: PassEnd): string | undefined {
  const closed = closedEndpoints(input, end);
  if (shownEndpoints(input, end) === undefined) return 'The endpoints were not looked at.';
  if (closed === undefined) return 'Nobody can tell whether the security group admits clients.';
  if (closed.length > 0) {
    return `Not usable: ${closed.map(({ label, why }) => `${label} (${why})`).join(', ')}.`;
  }
  const { desired } = end.plan;
  const isWhole = desired.every(({ held }) => Object.keys(held).length === 0);
  if (!isWhole || desired.length === 0 || !areInTheirGroups(input, end)) {
    return 'The endpoints were not held against the spec.';
  }
  return undefined;
}

/** Without its groups an endpoint is not compared with them. */
function areInTheirGroups({ spec, owner }: ReportInput, { plan, observation }: PassEnd): boolean {
  const { endpoints = [], securityGroups = [] } = ownedIn(observation, owner) ?? {};
  return plan.desired.every((desired) => {
    const own = managedGroup(securityGroups, owner, desired.vpcId);
    const wanted = spec.securityGroup?.ids ?? (own === undefined ? [] : [own.id]);
    const [actual] = liveEndpoints(endpoints, desired);
    const has = actual?.securityGroupIds ?? [];
    return has.length === wanted.length && wanted.every((id) => has.includes(id));
  });
}

function isPolicySeen({ spec }: ReportInput, { observation }: PassEnd): boolean {
  const policy = ownPolicy(observation);
  if (policy === undefined) return false;
  return listedPrincipals(spec.notebookAccess?.attachTo).every((one) =>
    policy.attachedTo.some((other) => isSamePrincipal(one, other)),
  );
}
