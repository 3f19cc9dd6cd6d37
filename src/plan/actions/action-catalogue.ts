/** Every kind of action with what the machinery knows of it: the tables of the resources, joined. */
import type { Action, ActionResults, ResultOf } from '../actions.ts';
import type { ActionRow, ActionTable } from './action-table.ts';
import type { Change } from './changes.ts';
import { endpointActions } from '../endpoint/actions/table.ts';
import type { Target } from '../cloud.ts';
import type { Subject } from '../findings.ts';
import { policyActions } from '../notebook-policy/actions/table.ts';
import { securityGroupActions } from '../security-group/actions/table.ts';
import { tagActions } from '../tags/actions/table.ts';

const catalogue: ActionTable<Action, ActionResults> = {
  ...securityGroupActions,
  ...endpointActions,
  ...tagActions,
  ...policyActions,
};

/** The row of an action's kind. */
export function rowOf<A extends Action>(action: A): ActionRow<A, ResultOf<A>> {
  // The table pairs each kind with its row; the types cannot follow over a union.
  return catalogue[action.kind] as unknown as ActionRow<A, ResultOf<A>>;
}

/** The conditions that an action works for. */
export function subjectsOf(action: Action): readonly Subject[] {
  const { subject, alsoFor } = rowOf(action);
  return [subject(action), ...(alsoFor?.(action) ?? [])];
}

/** The words for the resource of an action: its ids, or its name where it has none yet. */
export function resourceWords(action: Action): string {
  const { about, resourceIds } = rowOf(action);
  return about?.(action) ?? resourceIds(action).join(', ');
}

/** The world that an action changes. */
export function targetOfAction(action: Action): Target {
  return rowOf(action).target ?? 'AWS';
}

/** Changes of facts that an action makes. */
export function changesOf<A extends Action>(action: A, result: ResultOf<A>): readonly Change[] {
  return rowOf(action).changes(action, result);
}

/** The id of the resource that an action made; undefined if it changed one that was there. */
export function createdId<A extends Action>(action: A, result: ResultOf<A>): string | undefined {
  return rowOf(action).createdId?.(result);
}
