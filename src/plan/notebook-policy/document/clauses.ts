/**
 * The denials of a notebook policy as clauses: one for each statement of the document. A request is
 * denied if any clause denies it, so the networks that are allowed are those that every clause
 * leaves open.
 *
 * No clause denies what an AWS service does on somebody's behalf (`aws:ViaAWSService`): AWS does not
 * hand on the network that such a request began in.
 */
import { coversCidrs, mergedCidrs } from './cidr-set.ts';

interface Covered {
  /** IAM's names, sorted. */
  readonly actions: readonly string[];
  /** ARNs, sorted; one that ends in `*` stands for all that begin so. */
  readonly resources: readonly string[];
}

/** Denies what comes neither from these public addresses nor through these endpoints. */
export interface OutsideNetworks extends Covered {
  readonly kind: 'OutsideNetworks';
  readonly publicCidrs: readonly string[];
  readonly endpointIds: readonly string[];
}

/** Denies what comes through these endpoints from other addresses than these. */
export interface OutsidePrivateAddresses extends Covered {
  readonly kind: 'OutsidePrivateAddresses';
  readonly endpointIds: readonly string[];
  readonly privateCidrs: readonly string[];
}

export type Clause = OutsideNetworks | OutsidePrivateAddresses;

/** A clause in canonical form: lists sorted and without repetition, blocks merged. */
function canonicalClause(clause: Clause): Clause {
  const covered = {
    actions: sortedSet(clause.actions),
    resources: sortedSet(clause.resources),
    endpointIds: sortedSet(clause.endpointIds),
  };
  switch (clause.kind) {
    case 'OutsideNetworks':
      return { kind: clause.kind, ...covered, publicCidrs: mergedCidrs(clause.publicCidrs) };
    case 'OutsidePrivateAddresses':
      return { kind: clause.kind, ...covered, privateCidrs: mergedCidrs(clause.privateCidrs) };
    default:
      return clause satisfies never;
  }
}

/**
 * Clauses that deny the same as these with nothing to spare, in a stable order: those that another
 * one makes idle are left out, those that differ in their endpoints only are one.
 */
export function simplifiedClauses(clauses: readonly Clause[]): readonly Clause[] {
  const grouped = groupedByEndpoints(clauses.map(canonicalClause));
  const kept: Clause[] = [];
  for (const [index, clause] of grouped.entries()) {
    const others = [...kept, ...grouped.slice(index + 1)];
    if (!others.some((other) => deniesAll(other, clause))) kept.push(clause);
  }
  return kept.sort((a, b) => compareText(textOf(a), textOf(b)));
}

/** True if the resource pattern stands for everything that the other one stands for. */
export function coversResource(pattern: string, other: string): boolean {
  return pattern.endsWith('*') ? other.startsWith(pattern.slice(0, -1)) : pattern === other;
}

/** True if `wider` denies everything that `clause` denies. */
function deniesAll(wider: Clause, clause: Clause): boolean {
  const covers =
    isSubset(clause.actions, wider.actions) &&
    clause.resources.every((one) => wider.resources.some((other) => coversResource(other, one)));
  if (!covers) return false;
  if (wider.kind === 'OutsideNetworks' && clause.kind === 'OutsideNetworks') {
    return (
      isSubset(wider.endpointIds, clause.endpointIds) &&
      coversCidrs(clause.publicCidrs, wider.publicCidrs)
    );
  }
  if (wider.kind === 'OutsidePrivateAddresses' && clause.kind === 'OutsidePrivateAddresses') {
    return (
      isSubset(clause.endpointIds, wider.endpointIds) &&
      coversCidrs(clause.privateCidrs, wider.privateCidrs)
    );
  }
  return false;
}

function groupedByEndpoints(clauses: readonly Clause[]): readonly Clause[] {
  const groups = new Map<string, Clause>();
  for (const clause of clauses) {
    if (clause.kind === 'OutsideNetworks') {
      groups.set(textOf(clause), clause);
      continue;
    }
    const key = textOf({ ...clause, endpointIds: [] });
    const ids = [...(groups.get(key)?.endpointIds ?? []), ...clause.endpointIds];
    groups.set(key, { ...clause, endpointIds: sortedSet(ids) });
  }
  return [...groups.values()];
}

function textOf(clause: Clause): string {
  const networks = clause.kind === 'OutsideNetworks' ? clause.publicCidrs : clause.privateCidrs;
  return JSON.stringify([
    clause.kind,
    clause.actions,
    clause.resources,
    clause.endpointIds,
    networks,
  ]);
}

function isSubset(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.every((one) => outer.includes(one));
}

function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort(compareText);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
