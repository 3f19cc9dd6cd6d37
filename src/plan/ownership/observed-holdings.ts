/** The things that a link has, in an observation. */
import type { Endpoint, Holdings, OwnHoldings, SecurityGroup } from '../facts.ts';
import type { OwnerIdentity } from '../looks.ts';
import { answerTo, type Observation, withAnswer } from '../observation.ts';

export const noHoldings: Holdings = { endpoints: [], securityGroups: [] };

/** Everything that a link has; undefined while that is not known. */
export function ownedIn(observation: Observation, owner: OwnerIdentity): OwnHoldings | undefined {
  return answerTo(observation, { kind: 'Owned', owner });
}

/** Whether all parts were read: only then a resource that is not among them is not there. */
export function isWhole({ unread }: Holdings): boolean {
  return unread === undefined;
}

/** The endpoints; undefined while nobody knows them. */
export function knownEndpoints(owned: Holdings | undefined): readonly Endpoint[] | undefined {
  return owned?.unread?.endpoints === undefined ? owned?.endpoints : undefined;
}

/** The groups; undefined while nobody knows them. Those whose rules could not be read lack them. */
export function knownGroups(owned: Holdings | undefined): readonly SecurityGroup[] | undefined {
  return owned?.unread?.securityGroups === undefined ? owned?.securityGroups : undefined;
}

/** The observation with other holdings; what former selves have stays. */
export function withHoldings(
  observation: Observation,
  owner: OwnerIdentity,
  change: (former: OwnHoldings) => Partial<OwnHoldings>,
): Observation {
  const former: OwnHoldings = ownedIn(observation, owner) ?? noHoldings;
  return withAnswer(observation, { kind: 'Owned', owner }, { ...former, ...change(former) });
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
