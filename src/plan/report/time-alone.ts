/**
 * Whether a link goes on when nothing happens but that some seconds pass. Pure: the planner is asked
 * once more about the same observation, as if everything had stayed as it is for long enough.
 */
import type { PassEnd } from '../pass-end.ts';
import type { Plan, PlanInput } from '../plan-input.ts';
import { planLink } from '../plan.ts';
import { type Elapsed, heldFor } from '../sightings.ts';
import { ownPolicy } from '../notebook-policy/own-policy.ts';

/** The input of a pass's last plan; its observation is the one of the pass's end. */
export type LastPlanInput = Omit<PlanInput, 'observation'>;

/**
 * True when one of the settle times is all that holds the link up, or IAM has yet to show a change
 * of ours: whoever makes single passes has to wait for that himself, because nothing at AWS keeps
 * the time and another process would measure anew. The deadline for ways is none of these: it is
 * minutes long, and AWS may be at work.
 */
export function goesOnByTimeAlone(input: LastPlanInput, end: PassEnd): boolean {
  const { plan, observation, findings } = end;
  const isShownSoon = ownPolicy(observation)?.settling === true;
  const isTurnSoon = findings.problems.some(({ retryAfterMs }) => retryAfterMs !== undefined);
  if (isShownSoon || isTurnSoon) return true;
  const elapsed = afterSettling(input.elapsed, plan);
  return hasMore(planLink({ ...input, observation, elapsed, absenceIsFinal: true }), plan);
}

/** The same sightings when the settle times have passed. */
function afterSettling(elapsed: Elapsed, { seen }: Plan): Elapsed {
  const { dnsSettleMs, iamSettleMs } = elapsed.patience;
  const settledMs = Math.max(dnsSettleMs, iamSettleMs);
  const sightings = Object.entries(seen).map(([topic, state]) => {
    return [topic, { state, forMs: Math.max(settledMs, heldFor(elapsed, topic, state)) }] as const;
  });
  return { ...elapsed, sightings: Object.fromEntries(sightings) };
}

function hasMore(later: Plan, now: Plan): boolean {
  if (later.gone !== now.gone || later.waits.length < now.waits.length) return true;
  const known = new Set([...now.actions, ...now.looks].map((one) => JSON.stringify(one)));
  return [...later.actions, ...later.looks].some((one) => !known.has(JSON.stringify(one)));
}
