import { type FailedCall, findingsFromErrors } from './cloud-problems.ts';
import type { OwnHoldings } from './facts.ts';
import { subjectOfLook } from './look-table.ts';
import { answersOf, type Observation } from './observation.ts';
import { type Stage, stage } from './stage.ts';

/** Failed looks, and parts of looks, as findings of the conditions they would have answered. */
export function failedLooks(observation: Observation, deleting = false): Stage {
  const { failures } = observation;
  // A caller that may not list policies has none: see `findPolicy`. Clients' services are reported
  // beside the plan: nothing at AWS depends on them.
  const apart = ['PolicyNames', 'ClientServices'];
  const relevant = failures.filter(({ look }) => !apart.includes(look.kind));
  const failed = [
    ...relevant.map(({ look, error }) => ({ error, subject: subjectOfLook(look) })),
    ...answersOf(observation, 'Owned').flatMap(({ answer }) => unreadParts(answer)),
  ];
  return stage(findingsFromErrors(failed.map((one) => ({ ...one, deleting }))));
}

/** Rules are not among them: that they are missing is a finding of what needs them. */
function unreadParts({ unread = {} }: OwnHoldings): readonly FailedCall[] {
  const { endpoints, securityGroups } = unread;
  return [
    ...(endpoints === undefined
      ? []
      : [{ error: endpoints, subject: 'EndpointsAvailable' } as const]),
    ...(securityGroups === undefined
      ? []
      : [{ error: securityGroups, subject: 'SecurityGroupReady' } as const]),
  ];
}
