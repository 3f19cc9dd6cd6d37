/** An action with what it replaces, and with what callers feel of it. */
import { rowOf } from '../plan/action-catalogue.ts';
import type { Before, KnownResources } from '../plan/action-table.ts';
import type { Action } from '../plan/actions.ts';
import type { Observation } from '../plan/observation.ts';

export type PlannedAction = Action & {
  readonly before?: Before;
  /** The callers whose connections end, and for how long; absent for an action that nobody feels. */
  readonly interruption?: string;
};

/** @param answers AWS's own, without the effects of the plan */
export function plannedAction(action: Action, answers: Observation['answers']): PlannedAction {
  const row = rowOf(action);
  const before = row.before?.(action, knownIn(answers));
  const interruption = row.interruption?.(action);
  return {
    ...action,
    ...(before === undefined ? {} : { before }),
    ...(interruption === undefined ? {} : { interruption }),
  };
}

function knownIn(answers: Observation['answers']): KnownResources {
  const { Owned: owned, VpcEndpoints: inVpc = [], SecurityGroups: listed = [] } = answers;
  const { policy } = answers.ManagedPolicy ?? {};
  return {
    endpoint: (id) => [...(owned?.endpoints ?? []), ...inVpc].find((one) => one.id === id),
    securityGroup: (id) =>
      [...(owned?.securityGroups ?? []), ...listed].find((one) => one.id === id),
    policy: (arn) => (policy?.arn === arn ? policy : undefined),
  };
}
