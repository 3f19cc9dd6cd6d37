/**
 * In which order the policy, its attachments and the endpoints may change, so that the operator
 * itself never causes an outage and never opens a door:
 *
 * - who has access before and after the change has it all the time,
 * - who has none before and after the change never has any.
 *
 * Callers inside the VPC change their way when private DNS is turned on or off, when an endpoint is
 * deleted or replaced: with a public address before, through an endpoint after. So the ways change
 * only under a document with the old rules for the old way and the new rules for the new way, and a
 * principal gets a new restriction only when its way is the final one. Nothing waits for a way for
 * ever: one that is overdue counts as the one that callers have. The reasons are in
 * docs/decisions/0013-notebook-access-order.md and 0022-effects-as-aws-shows-them.md.
 */
import type { PolicyDocument } from '../facts.ts';
import type { Problem } from '../findings.ts';
import { policiesAreEqual } from '../endpoint/policy-equality.ts';
import { documentText, limitExceeded } from './document/limits.ts';
import { readClauses } from './document/read-document.ts';
import { transitionalDocument } from './document/transitional.ts';

/**
 * The wanted policy: a document; `Pending` while it can't be made yet (`notebookPolicy`);
 * `Removed` when there shall be no policy, as in the deletion of a link.
 */
export type WantedPolicy = PolicyDocument | 'Pending' | 'Removed';

/** One of the link's own endpoints through which notebooks are opened. */
export interface AccessEndpoint {
  readonly id: string;
  /**
   * Whether private DNS leads callers inside the VPC to it now. `Maybe` while a change of it is
   * under way, or so fresh that names may still answer as before: then callers come either way.
   */
  readonly isDialled: 'Yes' | 'No' | 'Maybe';
  /** Whether it shall, when the change is done. */
  readonly willBeDialled: boolean;
  /** The change of the way has been waited for long enough: callers are taken to stay where they are. */
  readonly isOverdue: boolean;
}

export interface AccessSituation {
  /** The policy's default version, parsed; undefined if there is no policy. */
  readonly enforced: PolicyDocument | undefined;
  readonly wanted: WantedPolicy;
  /** Principals that the operator has attached, under any names that are told apart. */
  readonly attached: readonly string[];
  readonly wantedAttached: readonly string[];
  /** Principals that were under the restriction already and got rid of it: theirs is no new one. */
  readonly formerlyAttached: readonly string[];
  /** All that exist. */
  readonly endpoints: readonly AccessEndpoint[];
  /** Whether an endpoint that will be dialled does not exist yet, and is not overdue. */
  readonly awaitsEndpoints: boolean;
}

/** Steps that may be done now, in any order or all at once; all others have to wait. */
export interface SafeSteps {
  readonly detach: readonly string[];
  /** To be made the default version, or the first one; absent if the right one is in force. */
  readonly document?: PolicyDocument;
  readonly attach: readonly string[];
  readonly deletePolicy: boolean;
  /**
   * Whether private DNS may be turned on, or moved from an old endpoint to the one that replaces
   * it. Endpoints may be created without private DNS at any time: nobody is led to them.
   */
  readonly mayEnterEndpoints: boolean;
  /** Whether private DNS may be turned off, and an endpoint that has it be deleted. */
  readonly mayLeaveEndpoints: boolean;
  /** Whether the final document and attachments wait until callers have been led their new way. */
  readonly awaitsPaths: boolean;
  /** Keep the change from going on; nothing is weakened meanwhile. */
  readonly problems: readonly Problem[];
}

/** The next steps of the change from what is to what is wanted. */
export function safeSteps(situation: AccessSituation): SafeSteps {
  const { enforced, wanted, attached, wantedAttached, formerlyAttached } = situation;
  if (wanted === 'Removed') {
    const isFree = attached.length === 0;
    return {
      ...nothing,
      detach: attached,
      deletePolicy: enforced !== undefined && isFree,
      mayEnterEndpoints: isFree,
      mayLeaveEndpoints: isFree,
    };
  }
  // A principal that loses the restriction must not meet another document or way under it.
  const detach = attached.filter((one) => !wantedAttached.includes(one));
  if (detach.length > 0) return { ...nothing, detach };
  if (wanted === 'Pending') {
    const isFree = enforced === undefined;
    return { ...nothing, mayEnterEndpoints: isFree, mayLeaveEndpoints: isFree };
  }
  const { phase, document } = target(situation, wanted);
  const excess = limitExceeded(documentText(document));
  if (excess !== undefined) return { ...nothing, problems: [tooLarge(excess)] };
  const isInForce = enforced !== undefined && policiesAreEqual(enforced, document);
  const isFree = isInForce || enforced === undefined;
  return {
    ...nothing,
    // A first document is made when it can name every endpoint: until then it would protect nobody,
    // since nobody is attached, and cost IAM a version for each endpoint.
    ...(isInForce || (enforced === undefined && situation.awaitsEndpoints) ? {} : { document }),
    attach: isInForce
      ? wantedAttached
          .filter((one) => !attached.includes(one))
          .filter((one) => phase === 'Final' || formerlyAttached.includes(one))
      : [],
    mayEnterEndpoints: isFree,
    mayLeaveEndpoints: enforced === undefined || (isInForce && phase !== 'Entering'),
    awaitsPaths: phase !== 'Final',
  };
}

const nothing: SafeSteps = {
  detach: [],
  attach: [],
  deletePolicy: false,
  mayEnterEndpoints: false,
  mayLeaveEndpoints: false,
  awaitsPaths: false,
  problems: [],
};

/**
 * First those who come from public addresses are led to endpoints, then others from endpoints to
 * public addresses. In the first phase public addresses keep the rules that they have, in the second
 * the endpoints that are left do; everything else has the new rules at once.
 */
function target(
  { enforced, endpoints, awaitsEndpoints }: AccessSituation,
  wanted: PolicyDocument,
): { readonly phase: 'Entering' | 'Leaving' | 'Final'; readonly document: PolicyDocument } {
  const moving = endpoints.filter(({ isOverdue }) => !isOverdue);
  const entered = moving.filter((one) => one.isDialled !== 'Yes' && one.willBeDialled);
  const left = moving.filter((one) => one.isDialled !== 'No' && !one.willBeDialled);
  const isEntering = entered.length > 0 || awaitsEndpoints;
  if (!isEntering && left.length === 0) return { phase: 'Final', document: wanted };
  const phase = isEntering ? 'Entering' : 'Leaving';
  // An edited document is no base to go on from: it is repaired at once.
  const clauses = enforced === undefined ? undefined : readClauses(enforced);
  if (enforced === undefined || clauses === undefined) return { phase, document: wanted };
  // All of them together: one that is followed sooner than another one needs no version of its own.
  const leftIds = new Set(idsOf(moving.filter(({ willBeDialled }) => !willBeDialled)));
  if (!isEntering) {
    const document = transitionalDocument({
      base: wanted,
      other: enforced,
      endpointIds: [...leftIds],
    });
    return { phase, document };
  }
  // While an endpoint is missing, an id that only the enforced document has may be the one of an
  // endpoint that an older read does not show.
  const documents = [...(awaitsEndpoints ? [] : clauses), ...(readClauses(wanted) ?? [])];
  const known = documents.flatMap((one) => one.endpointIds);
  const endpointIds = [...new Set([...known, ...idsOf(endpoints)])].filter(
    (id) => !leftIds.has(id),
  );
  return { phase, document: transitionalDocument({ base: enforced, other: wanted, endpointIds }) };
}

function idsOf(endpoints: readonly AccessEndpoint[]): readonly string[] {
  return endpoints.map(({ id }) => id);
}

function tooLarge(excess: string): Problem {
  return {
    subject: 'NotebookAccessEnforced',
    reason: 'InvalidSpec',
    severity: 'stalled',
    message: `While endpoints change, the notebook policy has rules of before and after, and that document is too large: ${excess}. Make the change in two steps: first the endpoints with spec.notebookAccess as it was, then spec.notebookAccess.`,
  };
}
