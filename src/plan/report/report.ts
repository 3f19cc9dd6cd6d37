/** The status of a link from its spec, the former status and the end of a pass. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { withinBounds } from '../../api/status-bounds.ts';
import type { Reason } from '../../api/conditions.ts';
import type {
  Condition,
  DriftEntry,
  SageMakerPrivateLinkStatus,
} from '../../api/sagemaker-private-link.ts';
import {
  type AppliedMemory,
  foundMemory,
  joinedMemory,
  memoryOf,
  remembersAll,
  withinRoom,
} from '../ownership/applied-memory.ts';
import type { Problem } from '../findings.ts';
import type { Findings, PassEnd } from '../pass-end.ts';
import {
  aggregateVerdicts,
  conditionsFrom,
  seenLast,
  unfinished,
  type Verdict,
  verdictFromFindings,
} from './report-conditions.ts';
import { clientsAfter, reportedFindings } from './report-evidence.ts';
import { observedFields } from './report-fields.ts';
import type { ReportInput } from './report-input.ts';
import { subjectVerdicts } from './report-verdicts.ts';
import { reportVerification } from '../verification/report-verification.ts';
import { isWhole, ownedIn } from '../ownership/observed-holdings.ts';

/** How a pass is told. */
export interface PassReport {
  /** Equal to the former one if there is nothing new to say. */
  readonly status: SageMakerPrivateLinkStatus;
  /** Everything that the status holds to be open. */
  readonly findings: Findings;
}

/** Reports a pass. */
export function reportPass(input: ReportInput, end: PassEnd): PassReport {
  const findings = reportedFindings(input, end);
  const complete = !input.deleting && isComplete(end);
  const clients = clientsAfter(input, end).field;
  const observed = observedFields(input, end);
  const { endpoints = input.former.endpoints } = observed;
  const verification = reportVerification(input, {
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(clients === undefined ? {} : { clients }),
  });
  const verdicts = [
    ...aggregateVerdicts(findings, complete, input.deleting),
    ...subjectVerdicts(input, end, findings),
    ...(verification.verdict === undefined ? [] : [verification.verdict]),
  ];
  const status = {
    ...input.former,
    ...observed,
    clients,
    verify: verification.field,
    ...handledRequest(input),
    ...generations(input, verdicts),
    ...(complete && isBroughtAbout(findings) ? { appliedGeneration: input.generation } : {}),
    conditions: conditionsFrom(
      verdicts,
      input.former.conditions ?? [],
      input.generation,
      input.now,
    ),
    ...memoryAfter(input, end),
    drift: driftOf(input, end),
    truncated: undefined,
  };
  return { status: withSweepTime(input, tidied(status), end), findings };
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
    ...handledRequest(input),
    ...generations(input, verdicts),
    conditions: [
      ...conditionsFrom(verdicts, former, input.generation, input.now),
      ...notLookedAt(
        former.filter(({ type }) => !said.has(type)),
        verdicts[0]?.reason ?? 'Progressing',
      ),
    ],
  });
}

/** The status to write before AWS is changed; undefined if none has to be. */
export function reportIntent(
  input: Pick<ReportInput, 'spec' | 'former' | 'generation' | 'now'>,
): SageMakerPrivateLinkStatus | undefined {
  const { spec, former, generation, now } = input;
  const wanted = memoryOf(spec);
  if (remembersAll(former, wanted)) return undefined;
  const begun = unfinished('Progressing', 'The spec is being applied.');
  return tidied({
    ...former,
    observedGeneration: former.observedGeneration ?? -1,
    conditions: [
      ...conditionsFrom(begun, former.conditions ?? [], generation, now),
      ...withoutAggregates(former.conditions ?? []),
    ],
    ...withinRoom(joinedMemory(former, wanted), { first: [wanted], spare: false }),
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
  const kept = notLookedAt(withoutAggregates(former), 'Suspended');
  const [condition] = conditionsFrom([ready], former, input.generation, input.now);
  return tidied({
    ...input.former,
    ...handledRequest(input),
    observedGeneration: input.generation,
    conditions: condition === undefined ? kept : [condition, ...kept],
  });
}

/** The former conditions of the parts of a link that nobody looks at now. */
function notLookedAt(former: readonly Condition[], why: Reason): readonly Condition[] {
  return former.map((one) => ({ ...one, ...seenLast(one, why) }));
}

/** The conditions of the parts of a link. */
function withoutAggregates(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter(({ type }) => !['Ready', 'Reconciling', 'Stalled'].includes(type));
}

/** Everything that the spec wants was found as it should be, in this pass. */
function isComplete({ plan, failed, withheld }: PassEnd): boolean {
  const open = plan.looks.length + plan.actions.length + plan.waits.length + plan.problems.length;
  return open === 0 && failed.length === 0 && withheld.length === 0 && plan.desired.length > 0;
}

/** AWS is as the spec says, however the namespaces of the cluster are: what differs later is drift. */
function isBroughtAbout({ problems, waits }: Findings): boolean {
  return [...problems, ...waits].every(({ subject }) => subject === 'ClientsConfigured');
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

/**
 * A spec that is brought about completely needs no memory of former ones. A link that never
 * completes remembers all of them, as far as there is room: first what is still found at AWS.
 */
function memoryAfter({ spec, former }: ReportInput, end: PassEnd): AppliedMemory {
  const wanted = memoryOf(spec);
  if (isComplete(end)) return wanted;
  const first = [wanted, foundMemory(end.observation)];
  return withinRoom(joinedMemory(former, wanted), { first, spare: true });
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

type StatusFields = {
  readonly [Field in keyof SageMakerPrivateLinkStatus]:
    | SageMakerPrivateLinkStatus[Field]
    | undefined;
};

/** Without fields that say nothing, and as the schema of the status allows. */
function tidied(fields: StatusFields): SageMakerPrivateLinkStatus {
  const optional: readonly string[] = ['drift', 'skippedSubnets'];
  const entries = Object.entries(fields).filter(([key, value]) => {
    const isEmpty = Array.isArray(value) && value.length === 0;
    return value !== undefined && !(isEmpty && optional.includes(key));
  });
  return withinBounds(Object.fromEntries(entries) as unknown as SageMakerPrivateLinkStatus);
}

/** The answer to a request for a look, also when nothing is looked at: somebody waits for it. */
function handledRequest({
  reconcileRequestedAt,
}: ReportInput): Partial<SageMakerPrivateLinkStatus> {
  if (reconcileRequestedAt === undefined) return {};
  return { lastHandledReconcileAt: reconcileRequestedAt };
}

/** The time of the look goes with other news: of itself it is no reason to write an object. */
function withSweepTime(
  { former, now, owner }: ReportInput,
  status: SageMakerPrivateLinkStatus,
  { observation }: PassEnd,
): SageMakerPrivateLinkStatus {
  const owned = ownedIn(observation, owner);
  if (owned === undefined || !isWhole(owned)) return status;
  const isNews = former.lastSweepTime === undefined || !isDeepStrictEqual(status, former);
  return isNews ? { ...status, lastSweepTime: now } : status;
}
