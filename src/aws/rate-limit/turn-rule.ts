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

/** How many of each urgency there are. */
export type Counts = Readonly<Record<Urgency, number>>;

/**
 * How many turns others have before the ticket that stands at an index among those of its urgency, if
 * nobody else comes. While the same urgencies wait their turns repeat in a cycle, so whole cycles are
 * counted at once: each of ten thousand callers asks.
 *
 * @param lengths how many wait of each urgency, the ticket included
 */
export function turnsBefore(
  { urgency, index }: { readonly urgency: Urgency; readonly index: number },
  lengths: Counts,
  passedOver: PassedOver,
): number {
  const taken: Record<Urgency, number> = { ...noneWasPassedOver };
  const isWaiting = (one: Urgency): boolean => taken[one] < lengths[one];
  let counts = passedOver;
  let turns = 0;
  /** Turns taken at each state of the counts, while the same urgencies wait. */
  const seen = new Map<string, Counts>();
  for (let next = nextUrgency(isWaiting, counts); next !== undefined; ) {
    if (next === urgency && taken[urgency] === index) return turns;
    const state = urgencies.map((one) => counts[one]).join(' ');
    const then = seen.get(state);
    if (then !== undefined) {
      turns += skipCycles(taken, then, { ...lengths, [urgency]: index + 1 });
      seen.clear();
      continue;
    }
    seen.set(state, { ...taken });
    taken[next] += 1;
    turns += 1;
    if (!isWaiting(next)) seen.clear();
    counts = afterTurn(next, isWaiting, counts);
    next = nextUrgency(isWaiting, counts);
  }
  return turns;
}

/**
 * Takes as many whole cycles of turns as leave somebody of each urgency. Returns how many turns those are.
 *
 * @param then the turns taken a cycle ago
 * @param ends how many turns each urgency has at most
 */
function skipCycles(taken: Record<Urgency, number>, then: Counts, ends: Counts): number {
  const gained = urgencies.map((one) => [one, taken[one] - then[one]] as const);
  const cycles = gained.flatMap(([one, gain]) =>
    gain === 0 ? [] : [Math.max(0, Math.floor((ends[one] - 1 - taken[one]) / gain))],
  );
  const times = Math.min(...cycles);
  for (const [one, gain] of gained) taken[one] += times * gain;
  return times * gained.reduce((sum, [, gain]) => sum + gain, 0);
}
