import { subjectOf } from './action-subject.ts';
import type { Action, AuthorizeIngress } from './actions.ts';
import { meaningOf } from './aws-errors/error-table.ts';
import { findingsFromErrors } from './cloud-problems.ts';
import type { CloudError } from './cloud.ts';
import type { Difference, Note, Problem, Wait } from './findings.ts';
import type { Observation } from './observation.ts';
import type { Plan } from './plan-input.ts';

/** An action that AWS refused or did not answer. */
export interface FailedAction {
  readonly action: Action;
  readonly error: CloudError;
}

/** How a pass ended: all that a report is made of. */
export interface PassEnd {
  readonly plan: Plan;
  readonly observation: Observation;
  /** In the order in which they took effect. */
  readonly done: readonly Action[];
  /** Ids that AWS gave to what actions of `done` made. */
  readonly createdIds?: ReadonlyMap<Action, string>;
  /** Every difference that was found in the pass, repaired or not. */
  readonly found: readonly Difference[];
  /** Every note of the pass: some are only true until an action of the same pass is done. */
  readonly notes: readonly Note[];
  readonly failed: readonly FailedAction[];
  /** Actions that were only reported, because the link asks for that. */
  readonly withheld: readonly Action[];
}

/** Everything that keeps the spec from being true at the end of a pass. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly waits: readonly Wait[];
}

/** The plan's own findings and what its actions ran into. */
export function findingsOf({ plan, done, failed, withheld }: PassEnd): Findings {
  const tried = [...done, ...failed.map(({ action }) => action)];
  const last = failed.filter(({ action }) => !isTriedInParts(action, tried));
  const missing = last.flatMap(missingSources);
  const others = last.filter(
    (one) => missingSources(one).length === 0 && !isExplained(one, plan.problems),
  );
  const fromFailures = findingsFromErrors(
    others.map(({ action, error }) => ({
      error,
      subject: subjectOf(action),
      vpcId: 'vpcId' in action ? action.vpcId : plan.vpc?.id,
      groupId: 'groupId' in action ? action.groupId : undefined,
    })),
  );
  const drift = withheld.map(driftProblem);
  return withHeldUp({
    problems: [...plan.problems, ...missing, ...fromFailures.problems, ...drift],
    waits: [...plan.waits, ...fromFailures.waits],
  });
}

/**
 * Groups of the spec's ingress that AWS does not find. They may be in a peered VPC of another
 * account, where nobody could look them up before, so AWS's refusal is what tells.
 */
function missingSources({ action, error }: FailedAction): readonly Problem[] {
  if (action.kind !== 'AuthorizeIngress') return [];
  const { code, kind, message, text = message } = error;
  const { reason, advice } = meaningOf({ code, kind, text });
  if (reason === 'SecurityGroupNotFound') return unreachableSources(action, advice);
  if (error.kind !== 'NotFound') return [];
  return action.rules.flatMap(({ source }): readonly Problem[] => {
    if (!('securityGroupId' in source) || !error.message.includes(source.securityGroupId))
      return [];
    return [
      {
        subject: 'SecurityGroupReady',
        reason: 'SecurityGroupNotFound',
        severity: 'stalled',
        message: `spec.securityGroup.ingress names ${source.securityGroupId}, which AWS does not find in the VPC or a peered one. Correct it.`,
      },
    ];
  });
}

/** AWS does not say which of the groups is in a network that is not peered with the VPC. */
function unreachableSources({ rules }: AuthorizeIngress, advice: string): readonly Problem[] {
  const ids = rules.flatMap(({ source }) =>
    'securityGroupId' in source ? [source.securityGroupId] : [],
  );
  return [
    {
      subject: 'SecurityGroupReady',
      reason: 'SecurityGroupNotFound',
      severity: 'stalled',
      message: `AWS does not admit ${ids.join(' or ')}. ${advice}`,
    },
  ];
}

/** True for a refusal that the plan has found the cause of. */
function isExplained({ action, error }: FailedAction, problems: readonly Problem[]): boolean {
  const isKnown =
    (action.kind === 'DeleteSecurityGroup' && error.kind === 'InUse') ||
    (action.kind === 'AuthorizeIngress' && error.kind === 'Quota');
  return isKnown && problems.some(({ heldBack }) => heldBack === action.groupId);
}

/** True for an addition of rules that was repeated with a part of them: that one tells the rest. */
function isTriedInParts(action: Action, tried: readonly Action[]): boolean {
  if (action.kind !== 'AuthorizeIngress') return false;
  const texts = action.rules.map((rule) => JSON.stringify(rule));
  return tried.some(
    (other) =>
      other.kind === 'AuthorizeIngress' &&
      other.groupId === action.groupId &&
      other.rules.length < action.rules.length &&
      other.rules.every((rule) => texts.includes(JSON.stringify(rule))),
  );
}

/**
 * A wait makes no progress while it awaits a problem that somebody has to solve; nor does a wait
 * for that wait.
 */
function withHeldUp({ problems, waits }: Findings): Findings {
  const heldUp: Problem[] = [];
  const free: Wait[] = [];
  for (const wait of waits) {
    const cause = problems.find(({ subject }) => wait.awaits?.includes(subject));
    if (cause === undefined) free.push(wait);
    else heldUp.push({ ...cause, subject: wait.subject, message: wait.message });
  }
  const findings = { problems: [...problems, ...heldUp], waits: free };
  return heldUp.length === 0 ? findings : withHeldUp(findings);
}

function driftProblem(action: Action): Problem {
  return {
    subject: subjectOf(action),
    reason: 'DriftDetected',
    severity: 'stalled',
    message: `AWS differs from the spec (see status.drift). Withheld, because spec.driftPolicy is Report: ${action.kind} (${action.reason}).`,
  };
}
