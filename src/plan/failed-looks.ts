import { findingsFromErrors } from './cloud-problems.ts';
import { subjectOfLook } from './look-table.ts';
import type { Observation } from './observation.ts';
import { type Stage, stage } from './stage.ts';

/** Failed looks as findings of the conditions they would have answered. */
export function failedLooks({ failures }: Observation, deleting = false): Stage {
  // Who may not list policies has none: see `findPolicy`.
  const relevant = failures.filter(({ look }) => look.kind !== 'PolicyNames');
  return stage(
    findingsFromErrors(
      relevant.map(({ look, error }) => ({ error, subject: subjectOfLook(look), deleting })),
    ),
  );
}
