import type { Action } from './actions.ts';
import { type Difference, type Note, type Problem, stalled, type Wait } from './findings.ts';
import type { Look } from './looks.ts';

/** The result of one part of the planner. Results are joined in order. */
export interface Stage {
  readonly looks: readonly Look[];
  /** Can be carried out now, in this order. */
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
  readonly problems: readonly Problem[];
  readonly differences: readonly Difference[];
  readonly notes: readonly Note[];
}

/** Nothing to ask, to do, to wait for or to say. */
export const settled: Stage = {
  looks: [],
  actions: [],
  waits: [],
  problems: [],
  differences: [],
  notes: [],
};

/** A stage with only some of its parts. */
export function stage(parts: Partial<Stage>): Stage {
  return { ...settled, ...parts };
}

/** A stage with a problem that a person has to solve, and nothing else. */
export function stalledStage(...problem: Parameters<typeof stalled>): Stage {
  return stage({ problems: [stalled(...problem)] });
}

/** All of them, in order. */
export function joined(stages: readonly Stage[]): Stage {
  return {
    looks: stages.flatMap(({ looks }) => looks),
    actions: stages.flatMap(({ actions }) => actions),
    waits: stages.flatMap(({ waits }) => waits),
    problems: stages.flatMap(({ problems }) => problems),
    differences: stages.flatMap(({ differences }) => differences),
    notes: stages.flatMap(({ notes }) => notes),
  };
}
