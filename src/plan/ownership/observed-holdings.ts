/** What a link has, in an observation. */
import type { Holdings, OwnHoldings } from '../facts.ts';
import type { Observation } from '../observation.ts';

export const noHoldings: Holdings = { endpoints: [], securityGroups: [] };

/** The observation with other holdings; what former selves have stays. */
export function withHoldings(
  observation: Observation,
  change: (former: OwnHoldings) => Partial<OwnHoldings>,
): Observation {
  const former: OwnHoldings = observation.answers.Owned ?? noHoldings;
  const answers = { ...observation.answers, Owned: { ...former, ...change(former) } };
  return { ...observation, answers };
}

/** All of them with one as it is after a change: changed in its place, added at the end, or gone. */
export function withOne<T extends { readonly id: string }>(
  all: readonly T[],
  id: string,
  after: T | undefined,
): readonly T[] {
  const isThere = all.some((one) => one.id === id);
  if (after === undefined) return isThere ? all.filter((one) => one.id !== id) : all;
  return isThere ? all.map((one) => (one.id === id ? after : one)) : [...all, after];
}
