/** The status of a link from its spec, the former status and the end of a pass. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type {
  DriftEntry,
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../api/sagemaker-private-link.ts';
import type { Endpoint, Principal } from './facts.ts';
import type { Problem, Subject } from './findings.ts';
import type { OwnerIdentity } from './looks.ts';
import { listedPrincipals } from './notebook-access/protected-principals.ts';
import { foreignOwnerOf, isOwnedBy } from './ownership.ts';
import { findingsOf, type Findings, type PassEnd } from './pass-end.ts';
import { managedGroup } from './plan-security-group.ts';
import type { Remembered } from './plan.ts';
import { isSamePrincipal } from './policy-effects.ts';
import {
  aggregateVerdicts,
  conditionsFrom,
  type Verdict,
  verdictFromFindings,
} from './report-conditions.ts';
import { endpointStatuses } from './report-endpoints.ts';

/** What a report depends on. */
export interface ReportInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly generation: number;
  readonly deleting: boolean;
  readonly former: SageMakerPrivateLinkStatus;
  readonly remembered: Remembered;
  /** RFC 3339, to the second. */
  readonly now: string;
  /** Value of the annotation that asked for this look, if there is one. */
  readonly reconcileRequestedAt?: string;
}

/** How old `lastSweepTime` may grow while nothing else changes: it is no reason to write often. */
const sweepTimePrecisionMs = 10 * 60_000;

/** The status after a pass. Equal to the former one if there is nothing new to say. */
export function reportPass(input: ReportInput, end: PassEnd): SageMakerPrivateLinkStatus {
  const findings = findingsOf(end);
  const complete = !input.deleting && isComplete(end);
  const verdicts = [
    ...aggregateVerdicts(findings, complete, input.deleting),
    ...subjectVerdicts(input, end, findings),
  ];
  const status: SageMakerPrivateLinkStatus = {
    ...input.former,
    ...observedFields(input, end),
    ...generations(input, verdicts),
    conditions: conditionsFrom(
      verdicts,
      input.former.conditions ?? [],
      input.generation,
      input.now,
    ),
    ...appliedTagKeys(input, end),
    drift: driftOf(input, end),
  };
  return withSweepTime(input, tidied(status), end);
}

/**
 * The status of a link that is refused before AWS is asked anything: what was seen last stays,
 * beside what keeps it from being looked at.
 */
export function reportRefusal(
  input: ReportInput,
  problems: readonly Problem[],
): SageMakerPrivateLinkStatus {
  const findings = { problems, waits: [] };
  const subjects = [...new Set(problems.map(({ subject }) => subject))];
  const verdicts = [
    ...aggregateVerdicts(findings, false, input.deleting),
    ...subjects.flatMap((subject) => verdictFromFindings(subject, findings) ?? []),
  ];
  const former = input.former.conditions ?? [];
  const said = new Set<string>(['Reconciling', 'Stalled', ...verdicts.map(({ type }) => type)]);
  return tidied({
    ...input.former,
    ...generations(input, verdicts),
    conditions: [
      ...conditionsFrom(verdicts, former, input.generation, input.now),
      ...former.filter(({ type }) => !said.has(type)),
    ],
  });
}

/** The status of a suspended link: what was seen last stays; only Ready says that nobody looks. */
export function reportSuspension(input: ReportInput): SageMakerPrivateLinkStatus {
  const ready: Verdict = {
    type: 'Ready',
    status: 'Unknown',
    reason: 'Suspended',
    message: 'spec.suspend is true: nothing is looked at or changed until it is false.',
  };
  const former = input.former.conditions ?? [];
  const kept = former.filter(({ type }) => !['Ready', 'Reconciling', 'Stalled'].includes(type));
  const [condition] = conditionsFrom([ready], former, input.generation, input.now);
  return tidied({
    ...input.former,
    observedGeneration: input.generation,
    conditions: condition === undefined ? kept : [condition, ...kept],
  });
}

/** Everything that the spec wants was found as it should be, in this pass. */
function isComplete({ plan, failed, withheld }: PassEnd): boolean {
  const open = plan.looks.length + plan.actions.length + plan.waits.length + plan.problems.length;
  return open === 0 && failed.length === 0 && withheld.length === 0 && plan.desired.length > 0;
}

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

function subjectVerdicts(input: ReportInput, end: PassEnd, findings: Findings): readonly Verdict[] {
  if (input.deleting) return deletionVerdicts(input);
  const subjects = reportedSubjects.flatMap((subject): readonly Verdict[] => {
    const found = verdictFromFindings(subject, findings);
    if (found !== undefined) return [found];
    return isSilent(subject, input) ? [] : [restingVerdict(subject, end)];
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
  const network = plan.vpc !== undefined && plan.subnets.length > 0;
  if (!network) {
    const message = 'Not looked at yet: the network has to be known first.';
    return { type: subject, status: 'Unknown', reason: 'Progressing', message };
  }
  if (plan.actions.length > 0 || plan.looks.length > 0) {
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
  { vpc, subnets, desired, notes }: PassEnd['plan'],
): string {
  switch (subject) {
    case 'NetworkResolved':
      return `${vpc?.id ?? ''}: ${subnets.map(({ id, zone }) => `${id} (${zone})`).join(', ')}.`;
    case 'SecurityGroupReady':
      return 'The security group is as the spec says.';
    case 'EndpointsAvailable':
      return `${desired.map(({ label }) => label).join(', ')}: as the spec says and available.`;
    case 'NotebookAccessEnforced': {
      const enforced =
        'The policy is in force and attached to everything in attachTo; IAM may take some seconds to apply a change everywhere.';
      return [enforced, ...notes.map(({ message }) => message)].join(' ');
    }
  }
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

function endpointList(
  input: ReportInput,
  { plan, observation }: PassEnd,
): SageMakerPrivateLinkStatus['endpoints'] {
  const { Owned: owned, Caller: caller, EndpointServices: services = [] } = observation.answers;
  const vpcId = plan.vpc?.id ?? input.former.vpcId;
  const partition = caller?.partition ?? input.former.partition;
  if (owned === undefined || vpcId === undefined || partition === undefined) return undefined;
  const { spec, remembered } = input;
  const looked = observation.answers.NetworkInterfaces ?? [];
  const interfaces = [...remembered.networkInterfaces, ...looked];
  const known = [...owned.endpoints, ...withoutTags(input, observation)];
  return endpointStatuses({ spec, partition, vpcId, owned: known, services, interfaces });
}

/**
 * Endpoints of ours whose ownership tags somebody removed and that may not be marked again now
 * (denied, or `driftPolicy: Report`): without its id in the status it could never be.
 */
function withoutTags(
  { owner, remembered }: ReportInput,
  { answers }: PassEnd['observation'],
): readonly Endpoint[] {
  return (answers.VpcEndpoints ?? []).filter(
    ({ id, serviceName, tags }) =>
      id === remembered.endpointIds[serviceName] &&
      !isOwnedBy(tags, owner) &&
      foreignOwnerOf(tags, owner) === undefined,
  );
}

type ObservedFields = Pick<
  SageMakerPrivateLinkStatus,
  | 'account'
  | 'partition'
  | 'vpcId'
  | 'subnets'
  | 'skippedSubnets'
  | 'endpoints'
  | 'available'
  | 'securityGroup'
  | 'notebookAccess'
>;

/** Fields that show what was seen; what was not looked at keeps its former value. */
function observedFields(input: ReportInput, end: PassEnd): Partial<ObservedFields> {
  const { plan, observation } = end;
  const { Caller: caller } = observation.answers;
  const endpoints = input.deleting ? undefined : endpointList(input, end);
  return {
    ...(caller === undefined ? {} : { account: caller.account, partition: caller.partition }),
    ...(plan.vpc === undefined ? {} : { vpcId: plan.vpc.id }),
    ...(plan.subnets.length === 0 ? {} : networkFields(plan)),
    ...(endpoints === undefined ? {} : { endpoints, available: availableCount(endpoints) }),
    ...groupField(input, end),
    ...policyField(input, end),
  };
}

/** The policy as IAM shows it; `undefined` takes the field away. */
function policyField(input: ReportInput, { observation }: PassEnd): Partial<ObservedFields> {
  const { ManagedPolicy: answer } = observation.answers;
  if (answer === undefined) return {};
  const { policy } = answer;
  if (policy === undefined || !isOwnedBy(policy.tags, input.owner)) {
    return { notebookAccess: undefined } as unknown as Partial<ObservedFields>;
  }
  const ours = [
    ...listedPrincipals(input.spec.notebookAccess?.attachTo),
    ...input.remembered.access.attachedTo,
  ];
  const attached = policy.attachedTo.filter((one) =>
    ours.some((other) => isSamePrincipal(one, other)),
  );
  const names = (kind: Principal['kind']): readonly string[] =>
    attached
      .filter((one) => one.kind === kind)
      .map(({ name }) => name)
      .sort();
  const attachedTo = { roles: names('role'), users: names('user'), groups: names('group') };
  const { arn: policyArn, defaultVersionId: versionId } = policy;
  return { notebookAccess: { policyArn, versionId, attachedTo } };
}

function networkFields({ subnets, desired }: PassEnd['plan']): Partial<ObservedFields> {
  return {
    subnets: subnets.map(({ id, zone }) => ({ id, zone })),
    skippedSubnets: desired.flatMap(({ skipped }) => skipped),
  };
}

function availableCount(endpoints: NonNullable<ObservedFields['endpoints']>): string {
  const available = endpoints.filter(({ state }) => state === 'available').length;
  return `${available}/${endpoints.length}`;
}

function groupField(input: ReportInput, { plan, observation }: PassEnd): Partial<ObservedFields> {
  const groups = observation.answers.Owned?.securityGroups;
  if (groups === undefined || plan.vpc === undefined) return {};
  const [foreignId] = input.spec.securityGroup?.ids ?? [];
  if (foreignId !== undefined) return { securityGroup: { id: foreignId, managed: false } };
  const group = managedGroup(groups, input.owner, plan.vpc.id);
  return group === undefined ? {} : { securityGroup: { id: group.id, managed: true } };
}

/** `observedGeneration` moves when a generation has been handled: it is ready, or it is stalled. */
function generations(
  { generation, former }: ReportInput,
  verdicts: readonly Verdict[],
): Partial<SageMakerPrivateLinkStatus> {
  const ready = verdicts.some(({ type, status }) => type === 'Ready' && status === 'True');
  const stalled = verdicts.some(({ type }) => type === 'Stalled');
  return {
    observedGeneration: ready || stalled ? generation : (former.observedGeneration ?? -1),
    ...(ready ? { appliedGeneration: generation } : {}),
  };
}

function appliedTagKeys(
  { spec, former }: ReportInput,
  end: PassEnd,
): Partial<SageMakerPrivateLinkStatus> {
  const wanted = Object.keys(spec.tags ?? {});
  if (isComplete(end)) return { appliedTagKeys: wanted.sort() };
  return { appliedTagKeys: [...new Set([...(former.appliedTagKeys ?? []), ...wanted])].sort() };
}

/**
 * Differences that somebody else made: found after the generation had been brought about once,
 * and still there at the end of the pass.
 */
function driftOf(input: ReportInput, { plan }: PassEnd): readonly DriftEntry[] {
  if (input.deleting || input.former.appliedGeneration !== input.generation) return [];
  return plan.differences.map((difference) => {
    const before = input.former.drift?.find(
      ({ resource, field }) => resource === difference.resource && field === difference.field,
    );
    return { ...difference, since: before?.since ?? input.now };
  });
}

/** Without fields that say nothing. */
function tidied(status: SageMakerPrivateLinkStatus): SageMakerPrivateLinkStatus {
  const optional = ['drift', 'skippedSubnets', 'appliedTagKeys'] as const;
  const empty = optional.filter((field) => status[field]?.length === 0);
  const entries = Object.entries(status).filter(
    ([key, value]) => value !== undefined && !empty.some((field) => field === key),
  );
  return Object.fromEntries(entries) as unknown as SageMakerPrivateLinkStatus;
}

function withSweepTime(
  { former, now, reconcileRequestedAt }: ReportInput,
  status: SageMakerPrivateLinkStatus,
  { observation }: PassEnd,
): SageMakerPrivateLinkStatus {
  if (observation.answers.Owned === undefined) return status;
  const handled =
    reconcileRequestedAt === undefined ? {} : { lastHandledReconcileAt: reconcileRequestedAt };
  const seen = { ...status, ...handled };
  const age = Date.parse(now) - Date.parse(former.lastSweepTime ?? '1970-01-01T00:00:00Z');
  const unchanged = isDeepStrictEqual(seen, former);
  return unchanged && age < sweepTimePrecisionMs ? seen : { ...seen, lastSweepTime: now };
}
