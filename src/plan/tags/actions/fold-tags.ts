import type { ChangeOf } from '../../actions/changes.ts';
import type { Holdings, OwnHoldings, Tags } from '../../facts.ts';
import type { OwnerIdentity } from '../../looks.ts';
import { allFound, type Observation, withAnswer, withAnswers } from '../../observation.ts';
import { noHoldings, ownedIn, withHoldings } from '../../ownership/observed-holdings.ts';
import { holdingsOf, isOwnedBy } from '../../ownership/ownership.ts';

interface Tagged {
  readonly id: string;
  readonly tags: Tags;
}

/** The observation with other tags of one resource of EC2, wherever it is seen. */
export function foldTags(
  observation: Observation,
  { id, after }: ChangeOf<'Tags'>,
  owner: OwnerIdentity,
): Observation {
  let isOursNow = false;
  function retagged<T extends Tagged>(one: T): T {
    if (one.id !== id) return one;
    const tags = after(one.tags) ?? one.tags;
    isOursNow ||= isOwnedBy(tags, owner);
    return { ...one, tags };
  }
  const retaggedAll = ({ endpoints, securityGroups }: Holdings): Holdings => ({
    endpoints: endpoints.map(retagged),
    securityGroups: securityGroups.map(retagged),
  });
  const { namesakeGroup } = observation;
  const base: Observation = {
    ...withAnswers(observation, 'VpcEndpoints', (inVpc) => inVpc.map(retagged)),
    ...(namesakeGroup === undefined ? {} : { namesakeGroup: retagged(namesakeGroup) }),
  };
  const all = withHoldings(base, owner, (owned) => ({
    ...retaggedAll(owned),
    ...(owned.former === undefined ? {} : { former: retaggedAll(owned.former) }),
  }));
  return isOursNow ? claimed(all, owner) : all;
}

/** Everything that carries our tags now belongs to what we own; the rest does not. */
function claimed(observation: Observation, owner: OwnerIdentity): Observation {
  const owned: OwnHoldings = ownedIn(observation, owner) ?? noHoldings;
  const inVpc = allFound(observation, 'VpcEndpoints');
  const { former = noHoldings } = owned;
  const { namesakeGroup } = observation;
  const named = namesakeGroup === undefined ? [] : [namesakeGroup];
  const known = {
    endpoints: distinct([...owned.endpoints, ...inVpc, ...former.endpoints]),
    securityGroups: distinct([...owned.securityGroups, ...named, ...former.securityGroups]),
    ...(owned.unread === undefined ? {} : { unread: owned.unread }),
  };
  return withAnswer(observation, { kind: 'Owned', owner }, holdingsOf(known, owner));
}

/** Each thing once: as it is named first. */
function distinct<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return all.filter(({ id }, index) => all.findIndex((one) => one.id === id) === index);
}
