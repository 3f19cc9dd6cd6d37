/** An action with what it replaces, and with what callers feel of it. */
import { rowOf } from '../plan/actions/action-catalogue.ts';
import type { Before, KnownResources } from '../plan/actions/action-table.ts';
import type { Action } from '../plan/actions.ts';
import { ownPolicy } from '../plan/notebook-policy/own-policy.ts';
import { allFound, answersOf, type Observation } from '../plan/observation.ts';

export type PlannedAction = Action & {
  readonly before?: Before;
  /** The callers whose connections end, and for how long; absent for an action that nobody feels. */
  readonly interruption?: string;
};

/** @param asIs AWS as it is, without the effects of the plan */
export function plannedAction(action: Action, asIs: Observation): PlannedAction {
  const row = rowOf(action);
  const before = row.before?.(action, knownIn(asIs));
  const interruption = row.interruption?.(action);
  return {
    ...action,
    ...(before === undefined ? {} : { before }),
    ...(interruption === undefined ? {} : { interruption }),
  };
}

function knownIn(observation: Observation): KnownResources {
  const owned = answersOf(observation, 'Owned').map(({ answer }) => answer);
  const endpoints = [
    ...owned.flatMap((one) => one.endpoints),
    ...allFound(observation, 'VpcEndpoints'),
  ];
  const groups = [
    ...owned.flatMap((one) => one.securityGroups),
    ...allFound(observation, 'SecurityGroups'),
  ];
  const policy = ownPolicy(observation);
  return {
    endpoint: (id) => endpoints.find((one) => one.id === id),
    securityGroup: (id) => groups.find((one) => one.id === id),
    policy: (arn) => (policy?.arn === arn ? policy : undefined),
  };
}
