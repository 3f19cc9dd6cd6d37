/**
 * Documents to be in force while callers change their way to SageMaker: from the public address to
 * an endpoint when private DNS is turned on, from an old endpoint to a new one, and back.
 */
import type { PolicyDocument } from '../facts.ts';
import { type Clause, coversResource } from './clauses.ts';
import { readClauses } from './read-document.ts';
import { renderDocument } from './render-document.ts';

/**
 * The document between `current` and `next`. With D(x) for "x denies the request" and for every
 * request that comes either from the internet or through an endpoint:
 *
 *     D(transitional) = D(current) and (D(next) or U)
 *
 * where U says that `next` has no statement about this action and resource, and the request comes
 * neither from a public block of `next` nor through an endpoint of `next` or of `ownEndpointIds`.
 *
 * So nothing is denied that `current` allows, everything is denied that both deny, and where `next`
 * is about all that `current` is about, exactly what both deny is denied. U keeps the present
 * restriction where `next` has none, as long as it is in nobody's way.
 *
 * @param current the document in force; undefined if there is none or it is not a generated one,
 *   which no step between can do justice to: the answer is `next`
 * @param ownEndpointIds the link's own endpoints, which callers may begin to come through
 * @throws RangeError if `next` is not a generated document
 */
export function transitionalDocument(
  current: PolicyDocument | undefined,
  next: PolicyDocument,
  ownEndpointIds: readonly string[],
): PolicyDocument {
  const wanted = readClauses(next);
  if (wanted === undefined) throw new RangeError('the wanted document is not a generated one');
  const now = current === undefined ? undefined : readClauses(current);
  if (now === undefined) return next;
  const wantedElsewhere = now.flatMap((clause) => notCovered(clause, wanted, ownEndpointIds));
  return renderDocument(
    now.flatMap((a) => [...wanted, ...wantedElsewhere].flatMap((b) => deniedByBoth(a, b))),
  );
}

/** The clause U for what a clause is about and `wanted` is not, if there is any such thing. */
function notCovered(
  clause: Clause,
  wanted: readonly Clause[],
  ownEndpointIds: readonly string[],
): readonly Clause[] {
  const isCovered = clause.actions.every((action) =>
    clause.resources.every((resource) =>
      wanted.some(
        ({ actions, resources }) =>
          actions.includes(action) && resources.some((other) => coversResource(other, resource)),
      ),
    ),
  );
  if (isCovered) return [];
  const { actions, resources } = clause;
  const endpointIds = [...wanted.flatMap((one) => one.endpointIds), ...ownEndpointIds];
  const publicCidrs = wanted.flatMap((one) =>
    one.kind === 'OutsideNetworks' ? one.publicCidrs : [],
  );
  return [{ kind: 'OutsideNetworks', actions, resources, endpointIds, publicCidrs }];
}

/** The clause that denies what both deny; none if there is nothing of the kind. */
function deniedByBoth(a: Clause, b: Clause): readonly Clause[] {
  const actions = a.actions.filter((action) => b.actions.includes(action));
  const resources = a.resources.flatMap((one) =>
    b.resources.flatMap((other) => {
      if (coversResource(one, other)) return [other];
      return coversResource(other, one) ? [one] : [];
    }),
  );
  if (actions.length === 0 || resources.length === 0) return [];
  return sameRequests(a, b).map((clause) => ({ ...clause, actions, resources }));
}

function sameRequests(a: Clause, b: Clause): readonly Clause[] {
  if (a.kind === 'OutsideNetworks' && b.kind === 'OutsideNetworks') {
    return [
      {
        ...a,
        endpointIds: [...a.endpointIds, ...b.endpointIds],
        publicCidrs: [...a.publicCidrs, ...b.publicCidrs],
      },
    ];
  }
  if (a.kind === 'OutsidePrivateAddresses' && b.kind === 'OutsidePrivateAddresses') {
    const endpointIds = a.endpointIds.filter((id) => b.endpointIds.includes(id));
    const privateCidrs = [...a.privateCidrs, ...b.privateCidrs];
    return endpointIds.length === 0 ? [] : [{ ...a, endpointIds, privateCidrs }];
  }
  const [networks, addresses] = a.kind === 'OutsideNetworks' ? [a, b] : [b, a];
  // What comes through an endpoint has no public address, so the public blocks don't matter.
  const endpointIds = addresses.endpointIds.filter((id) => !networks.endpointIds.includes(id));
  return endpointIds.length === 0 ? [] : [{ ...addresses, endpointIds }];
}
