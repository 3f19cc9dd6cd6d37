/**
 * Documents to be in force while callers change their way to SageMaker: from the public address to
 * an endpoint when private DNS is turned on, from an old endpoint to a new one, and back.
 */
import type { PolicyDocument } from '../../facts.ts';
import {
  type Clause,
  coversResource,
  type OutsideNetworks,
  type OutsidePrivateAddresses,
} from './clauses.ts';
import { readClauses } from './read-document.ts';
import { renderDocument } from './render-document.ts';

/**
 * The rules of `base`, except that what comes through `endpointIds` has the rules of `other`. For
 * every request that comes either from the internet or through an endpoint:
 *
 * - through one of `endpointIds` it is denied if `other` denies it and `base` is about its action
 *   and resource at all,
 * - otherwise it is denied if `base` denies it.
 *
 * A union of what both allow would not do: somebody whom the old document lets in through an
 * endpoint that he does not come through yet, and the new one does not let in, would get in when
 * private DNS leads him there.
 *
 * @throws RangeError if one of the documents is not a generated one
 */
export function transitionalDocument(input: {
  readonly base: PolicyDocument;
  readonly other: PolicyDocument;
  readonly endpointIds: readonly string[];
}): PolicyDocument {
  const base = mustRead(input.base);
  const other = mustRead(input.other);
  const ids = new Set(input.endpointIds);
  return renderDocument(
    base.flatMap((clause): readonly Clause[] =>
      clause.kind === 'OutsideNetworks'
        ? [...networksOf(clause, other, ids), ...addressesOf(clause, other, ids)]
        : withEndpoints(clause, (id) => !ids.has(id)),
    ),
  );
}

/** The public addresses and endpoints of a clause, with those of `other` for these endpoints. */
function networksOf(
  clause: OutsideNetworks,
  other: readonly Clause[],
  ids: ReadonlySet<string>,
): readonly Clause[] {
  const rules = other.filter((one) => one.kind === 'OutsideNetworks');
  const kept = clause.endpointIds.filter((id) => !ids.has(id));
  const common = rules.flatMap((rule) => {
    const endpointIds = [...kept, ...rule.endpointIds.filter((id) => ids.has(id))];
    return commonCoverage(clause, rule).map((covered) => ({ ...clause, ...covered, endpointIds }));
  });
  // `other` lets pass everything that it says nothing about.
  const openToAll = { ...clause, endpointIds: [...kept, ...ids] };
  return isCovered(clause, rules) ? common : [...common, openToAll];
}

/** The limits of private addresses that `other` has for these endpoints. */
function addressesOf(
  clause: OutsideNetworks,
  other: readonly Clause[],
  ids: ReadonlySet<string>,
): readonly Clause[] {
  return other
    .filter((one) => one.kind === 'OutsidePrivateAddresses')
    .flatMap((one) => withEndpoints(one, (id) => ids.has(id)))
    .flatMap((one) => commonCoverage(clause, one).map((covered) => ({ ...one, ...covered })));
}

function withEndpoints(
  clause: OutsidePrivateAddresses,
  keeps: (id: string) => boolean,
): readonly OutsidePrivateAddresses[] {
  const endpointIds = clause.endpointIds.filter(keeps);
  return endpointIds.length === 0 ? [] : [{ ...clause, endpointIds }];
}

/** The actions and resources that both are about; none if there are none. */
function commonCoverage(a: Clause, b: Clause): readonly Pick<Clause, 'actions' | 'resources'>[] {
  const actions = a.actions.filter((action) => b.actions.includes(action));
  const resources = a.resources.flatMap((one) =>
    b.resources.flatMap((other) => {
      if (coversResource(one, other)) return [other];
      return coversResource(other, one) ? [one] : [];
    }),
  );
  return actions.length === 0 || resources.length === 0 ? [] : [{ actions, resources }];
}

function isCovered(clause: Clause, rules: readonly Clause[]): boolean {
  return clause.actions.every((action) =>
    clause.resources.every((resource) =>
      rules.some(
        ({ actions, resources }) =>
          actions.includes(action) && resources.some((other) => coversResource(other, resource)),
      ),
    ),
  );
}

function mustRead(document: PolicyDocument): readonly Clause[] {
  const clauses = readClauses(document);
  if (clauses === undefined) throw new RangeError('the document is not one that is generated');
  return clauses;
}
