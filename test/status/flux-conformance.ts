import { conditionOf, conditionsOf, isTrue, type StatusObject } from './status-object.ts';

/** Conditions that are bad news while True, the most important one first. */
const negative = ['Stalled', 'Reconciling'] as const;

/** When the status was written. */
export type Moment =
  /** At the end of a pass. */
  | 'end'
  /** A progress note while a pass is at work, for which Flux has fewer rules. */
  | 'middle';

interface Rule {
  /** The name in fluxcd/pkg runtime/conditions/check. */
  readonly name: string;
  readonly says: string;
  /** Absent: at both moments. */
  readonly only?: Moment;
  readonly broken: (object: StatusObject) => boolean;
}

function generationOf(object: StatusObject): number {
  return object.metadata?.generation ?? 0;
}

function observedGenerationOf(object: StatusObject): number {
  return object.status?.observedGeneration ?? 0;
}

/** True if a condition of this type is True and Ready is present with a status that is not False. */
function readyIsNotFalseWhile(object: StatusObject, type: string): boolean {
  const ready = conditionOf(object, 'Ready');
  return isTrue(object, type) && ready !== undefined && ready.status !== 'False';
}

/**
 * The rules of fluxcd/pkg runtime/conditions/check: `NewChecker` for the end of a pass,
 * `NewInProgressChecker` for its middle. WARN0002 is about negative conditions of a controller's
 * own; this kind has none beside Reconciling and Stalled, for which Flux skips it, so here it holds
 * in the stricter form that Stalled and Ready agree.
 */
const rules: readonly Rule[] = [
  {
    name: 'FAIL0001',
    says: 'no negative condition may be True while Ready is True',
    only: 'end',
    broken: (o) => isTrue(o, 'Ready') && negative.some((type) => isTrue(o, type)),
  },
  {
    name: 'FAIL0002',
    says: 'Ready must always be present',
    broken: (o) => conditionOf(o, 'Ready') === undefined,
  },
  {
    name: 'FAIL0003',
    says: 'Ready must be False while Reconciling is True',
    only: 'end',
    broken: (o) => readyIsNotFalseWhile(o, 'Reconciling'),
  },
  {
    name: 'FAIL0004',
    says: 'Ready must be False while Stalled is True',
    broken: (o) => readyIsNotFalseWhile(o, 'Stalled'),
  },
  {
    name: 'FAIL0005',
    says: 'Reconciling and Stalled must not both be present',
    broken: (o) => negative.every((type) => conditionOf(o, type) !== undefined),
  },
  {
    name: 'FAIL0006',
    says: 'observedGeneration must not be above the generation',
    broken: (o) => observedGenerationOf(o) > generationOf(o),
  },
  {
    name: 'FAIL0007',
    says: 'Ready must not be True while observedGeneration is below the generation',
    only: 'end',
    broken: (o) => isTrue(o, 'Ready') && observedGenerationOf(o) < generationOf(o),
  },
  {
    name: 'FAIL0008',
    says: 'Ready must not be True while a condition is about an older generation',
    only: 'end',
    broken: (o) =>
      isTrue(o, 'Ready') &&
      conditionsOf(o).some((c) => (c.observedGeneration ?? 0) < generationOf(o)),
  },
  {
    name: 'FAIL0009',
    says: 'while Ready is True every condition must carry the observedGeneration of the status',
    only: 'end',
    broken: (o) =>
      isTrue(o, 'Ready') &&
      conditionsOf(o).some((c) => (c.observedGeneration ?? 0) !== observedGenerationOf(o)),
  },
  {
    name: 'FAIL0011',
    says: 'Reconciling must be True while Ready is Unknown',
    only: 'middle',
    broken: (o) => conditionOf(o, 'Ready')?.status === 'Unknown' && !isTrue(o, 'Reconciling'),
  },
  {
    name: 'WARN0001',
    says: 'a negative condition should be absent while Ready is True',
    only: 'end',
    broken: (o) =>
      isTrue(o, 'Ready') && negative.some((type) => conditionOf(o, type) !== undefined),
  },
  {
    name: 'WARN0002',
    says: 'Ready should repeat reason and message of Stalled',
    only: 'end',
    broken: stalledAndReadyDisagree,
  },
  {
    name: 'WARN0003',
    says: 'Reconciling should be removed instead of being False',
    broken: (o) => conditionOf(o, 'Reconciling')?.status === 'False',
  },
  {
    name: 'WARN0004',
    says: 'Stalled should be removed instead of being False',
    broken: (o) => conditionOf(o, 'Stalled')?.status === 'False',
  },
  {
    name: 'WARN0005',
    says: 'every condition should have an observedGeneration',
    broken: (o) => conditionsOf(o).some((c) => (c.observedGeneration ?? 0) < 1),
  },
];

function stalledAndReadyDisagree(object: StatusObject): boolean {
  const stalled = conditionOf(object, 'Stalled');
  const ready = conditionOf(object, 'Ready');
  if (stalled === undefined || ready === undefined) {
    return false;
  }
  return ready.reason !== stalled.reason || ready.message !== stalled.message;
}

/**
 * What Flux's own conformance checks would say about a status that the operator wrote: one line
 * for each broken rule, none when it conforms. Warnings count as violations here.
 */
export function fluxViolations(object: StatusObject, moment: Moment = 'end'): string[] {
  return rules
    .filter(({ only, broken }) => (only ?? moment) === moment && broken(object))
    .map((rule) => `${rule.name}: ${rule.says}`);
}
