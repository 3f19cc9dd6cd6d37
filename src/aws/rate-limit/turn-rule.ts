/** The choice of the urgency that has the next turn. Pure. */
import { urgencies, type Urgency } from '../../plan/urgency.ts';

/** How many calls in a row of higher urgency go before one of a lower urgency that waits. */
const mostBefore = 3;

/** How many calls of higher urgency have gone out while an urgency waited, since its last turn. */
export type PassedOver = Readonly<Record<Urgency, number>>;

export const noneWasPassedOver: PassedOver = { Deletion: 0, Change: 0, Repair: 0, Resync: 0 };

/**
 * The urgency that has the next turn; undefined if nobody waits. The highest goes first, but one that
 * three calls of higher urgencies went before has a turn. So none starves: each that waits has at
 * least one of eight calls.
 */
export function nextUrgency(
  isWaiting: (urgency: Urgency) => boolean,
  passedOver: PassedOver,
): Urgency | undefined {
  const waiting = urgencies.filter(isWaiting);
  return waiting.find((urgency) => passedOver[urgency] >= mostBefore) ?? waiting[0];
}

/** The counts after a call of an urgency. An urgency that nobody waits with starts anew. */
export function afterTurn(
  served: Urgency,
  isWaiting: (urgency: Urgency) => boolean,
  passedOver: PassedOver,
): PassedOver {
  const rank = urgencies.indexOf(served);
  const counts = urgencies.map((urgency, index) => {
    if (urgency === served || !isWaiting(urgency)) return [urgency, 0] as const;
    return [urgency, passedOver[urgency] + (index > rank ? 1 : 0)] as const;
  });
  return Object.fromEntries(counts) as Record<Urgency, number>;
}
