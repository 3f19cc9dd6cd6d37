/** The parts of a restriction not yet in force, in words that nobody can take for safety. */
import type { NotebookAccessSpec } from '../../api/sagemaker-private-link.ts';
import type { PolicyDocument } from '../facts.ts';
import type { Subject, Wait } from '../findings.ts';
import { coversCidrs } from './document/cidr-set.ts';
import type { Clause } from './document/clauses.ts';
import { readClauses } from './document/read-document.ts';

/** The parts of a link that have to go on before callers have been led their new way. */
export const waysAwait: readonly Subject[] = [
  'NetworkResolved',
  'SecurityGroupReady',
  'EndpointsAvailable',
];

/** Everything that the words follow from. */
export interface WithheldInput {
  readonly enforced: PolicyDocument | undefined;
  readonly wanted: PolicyDocument | undefined;
  /** Principals, in words, that are to be attached and are not yet. */
  readonly unattached: readonly string[];
  /** Whether anybody is attached. */
  readonly restrictsAnybody: boolean;
  /** Endpoints, by what a user calls them, whose ways are waited for. */
  readonly awaited: readonly string[];
  readonly deadlineMs: number;
}

/** One wait for each kind of thing that is not as the spec says yet; none if everything is. */
export function withheldWaits(input: WithheldInput): readonly Wait[] {
  const former = formerNetworks(input.enforced, input.wanted);
  const because = `${until(input)}`;
  const waits: Wait[] = [];
  if (input.unattached.length > 0) {
    waits.push(
      wait('NotRestrictedYet', `${notRestricted(input)} The policy is attached ${because}`),
    );
  }
  if (input.restrictsAnybody && former.length > 0) {
    const verb = former.length === 1 ? 'gets' : 'get';
    waits.push(
      wait(
        'FormerNetworksAllowed',
        `${former.join(', ')} still ${verb} in, although spec.notebookAccess no longer allows it. The rule changes ${because}`,
      ),
    );
  }
  return waits;
}

/** The plain words for a restriction that is not there. */
export function notRestricted({
  unattached,
  restrictsAnybody,
}: Pick<WithheldInput, 'unattached' | 'restrictsAnybody'>): string {
  if (!restrictsAnybody) return 'Nobody is restricted yet.';
  return `Not restricted yet: ${unattached.join(', ')}.`;
}

function until({ awaited, deadlineMs }: WithheldInput): string {
  const which = awaited.length === 0 ? 'their endpoints' : awaited.join(', ');
  const minutes = Math.round(deadlineMs / 60_000);
  const latest = Number.isFinite(minutes)
    ? `, at the latest ${minutes} min after the last progress of that`
    : '';
  return `when callers inside the VPC have been led the way that the spec wants (${which})${latest}: before, they could be locked out.`;
}

function wait(reason: Wait['reason'], message: string): Wait {
  return { subject: 'NotebookAccessEnforced', reason, message };
}

/** Public blocks and endpoints that the first document lets in and the second one does not. */
function formerNetworks(
  enforced: PolicyDocument | undefined,
  wanted: PolicyDocument | undefined,
): readonly string[] {
  const [former, next] = [networksOf(enforced), networksOf(wanted)];
  if (former === undefined || next === undefined) return [];
  return [
    ...former.publicCidrs.filter((block) => !coversCidrs(next.publicCidrs, [block])),
    ...former.endpointIds.filter((id) => !next.endpointIds.includes(id)),
  ];
}

function networksOf(
  document: PolicyDocument | undefined,
):
  | { readonly publicCidrs: readonly string[]; readonly endpointIds: readonly string[] }
  | undefined {
  const clauses = document === undefined ? undefined : readClauses(document);
  if (clauses === undefined) return undefined;
  const rules = clauses.filter(
    (one): one is Extract<Clause, { kind: 'OutsideNetworks' }> => one.kind === 'OutsideNetworks',
  );
  return {
    publicCidrs: [...new Set(rules.flatMap(({ publicCidrs }) => publicCidrs))],
    endpointIds: [...new Set(rules.flatMap(({ endpointIds }) => endpointIds))],
  };
}

/** Whether nothing but the link's own endpoints is allowed, so that without them nobody gets in. */
export function allowsOwnEndpointsOnly(access: NotebookAccessSpec): boolean {
  return (
    access.allowEndpoints &&
    (access.allowedCIDRs ?? []).length === 0 &&
    (access.additionalEndpointIds ?? []).length === 0
  );
}
