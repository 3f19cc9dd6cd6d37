import { rowOf, subjectsOf } from './actions/action-catalogue.ts';
import type { Action } from './actions.ts';
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
  /** Everything that keeps the spec from being true: see `findingsOf`. */
  readonly findings: Findings;
}

/** Everything that keeps the spec from being true at the end of a pass. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly waits: readonly Wait[];
}

/** The plan's own findings and what its actions ran into: made once, at the end of a pass. */
export function findingsOf({
  plan,
  done,
  failed,
  withheld,
}: Pick<PassEnd, 'plan' | 'done' | 'failed' | 'withheld'>): Findings {
  const tried = [...done, ...failed.map(({ action }) => action)];
  const last = failed.filter(({ action }) => !isTriedInParts(action, tried));
  const own = last.flatMap(ownProblems);
  const others = last.filter(
    (one) => ownProblems(one).length === 0 && !isExplained(one, plan.problems),
  );
  const fromFailures = findingsFromErrors(
    others.flatMap(({ action, error }) => {
      const where = { vpcId: plan.vpc?.id, ...rowOf(action).place?.(action) };
      return subjectsOf(action).map((subject) => ({ error, subject, ...where }));
    }),
  );
  const drift = withheld.flatMap(driftProblems);
  return withHeldUp({
    problems: [...plan.problems, ...own, ...fromFailures.problems, ...drift],
    waits: [...plan.waits, ...fromFailures.waits],
  });
}

/** Problems that only the refusal tells. */
function ownProblems({ action, error }: FailedAction): readonly Problem[] {
  return rowOf(action).problems?.(action, error) ?? [];
}

/** True for a refusal that the plan has found the cause of. */
function isExplained({ action, error }: FailedAction, problems: readonly Problem[]): boolean {
  const { explained, resourceIds } = rowOf(action);
  if (explained === undefined || error.kind !== explained) return false;
  return problems.some(
    ({ heldBack }) => heldBack !== undefined && resourceIds(action).includes(heldBack),
  );
}

/** True for an action that was repeated with a part of it: that one tells the rest. */
function isTriedInParts(action: Action, tried: readonly Action[]): boolean {
  const { hasPart } = rowOf(action);
  if (hasPart === undefined) return false;
  return tried.some((other) => other.kind === action.kind && hasPart(action, other));
}

/**
 * A wait makes no progress while it awaits a problem that somebody has to solve; nor does a wait
 * for that wait.
 */
export function withHeldUp({ problems, waits }: Findings): Findings {
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

function driftProblems(action: Action): readonly Problem[] {
  return subjectsOf(action).map((subject) => ({
    subject,
    reason: 'DriftDetected',
    severity: 'stalled',
    message: `AWS differs from the spec (see status.drift). Withheld, because spec.driftPolicy is Report: ${action.kind} (${action.reason}).`,
  }));
}
