/** Every action with how it is sent: the tables of the resources, joined. */
import type { Action, ActionResults, ResultOf } from '../plan/actions.ts';
import type { RecentWrite } from './consistency/recent-write.ts';
import { endpointWrites } from './endpoint/write-table.ts';
import { policyWrites } from './notebook-policy/write-table.ts';
import { securityGroupWrites } from './security-group/write-table.ts';
import { tagWrites } from './tags/write-table.ts';
import type { ApplyOptions } from '../plan/cloud.ts';
import type { SendContext, WriteRow, WriteTable } from './write-table.ts';

const writes: WriteTable<Action, ActionResults> = {
  ...securityGroupWrites,
  ...endpointWrites,
  ...tagWrites,
  ...policyWrites,
};

function rowOf<A extends Action>(action: A): WriteRow<A, ResultOf<A>> {
  // The table pairs each kind with its row; the types cannot follow over a union.
  return writes[action.kind] as unknown as WriteRow<A, ResultOf<A>>;
}

/** Makes one change. Throws `CloudError`. */
export async function applyAction<A extends Action>(
  action: A,
  edges: Omit<SendContext, 'options'>,
  { signal, claim }: ApplyOptions,
): Promise<ResultOf<A>> {
  const options = { signal, claim, place: placeOf(action) };
  return rowOf(action).send(action, { ...edges, options });
}

/** Which earlier writes an action makes moot; undefined: none. See `WriteRow.overtakes`. */
export function overtakes(action: Action): ((write: RecentWrite) => boolean) | undefined {
  const { overtakes: isOvertaken } = rowOf(action);
  return isOvertaken && ((write) => isOvertaken(action, write));
}

/** Whether AWS may have made a part of a change that it refused. */
export function isOfSeveral(action: Action): boolean {
  return rowOf(action).isOfSeveral?.(action) ?? false;
}

/** The name of a change in the waiting line of its call: the same for each try of the same one. */
export function placeOf(action: Action): string {
  const { reason: _why, ...change } = action;
  return JSON.stringify(change);
}
