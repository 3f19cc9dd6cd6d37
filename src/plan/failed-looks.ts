import { findingsFromErrors } from './cloud-problems.ts';
import { subjectOfLook } from './look-table.ts';
import type { Observation } from './observation.ts';
import { type Stage, stage } from './stage.ts';

/** Failed looks as findings of the conditions they would have answered. */
export function failedLooks({ failures }: Observation, deleting = false): Stage {
  // A caller that may not list policies has none: see `findPolicy`. Clients' services are reported
  // beside the plan: nothing at AWS depends on them.
  const apart = ['PolicyNames', 'ClientServices'];
  const relevant = failures.filter(({ look }) => !apart.includes(look.kind));
  return stage(
    findingsFromErrors(
      relevant.map(({ look, error }) => ({ error, subject: subjectOfLook(look), deleting })),
    ),
  );
}
