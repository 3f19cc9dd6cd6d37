/**
 * In which order the policy, its attachments and the endpoints may change, so that the operator
 * itself never causes an outage and never opens a door:
 *
 * - who has access before and after the change has it all the time,
 * - who has none before and after the change never has any.
 *
 * Callers inside the VPC change their way when private DNS is turned on or off, when an endpoint is
 * deleted or replaced: with a public address before, through an endpoint after. So the ways change
 * only under a document that allows both, and a principal gets a new restriction only when its way
 * is the final one. docs/decisions/notebook-access-order.md has the reasons.
 */
import type { PolicyDocument } from '../facts.ts';
import type { Problem } from '../findings.ts';
import { policiesAreEqual } from '../policy-equality.ts';
import { documentText, limitExceeded } from './limits.ts';
import { transitionalDocument } from './transitional.ts';

/**
 * What the link asks for: a document; `Pending` while it can't be made yet (`notebookPolicy`);
 * `Removed` when there shall be no policy, as in the deletion of a link.
 */
export type WantedPolicy = PolicyDocument | 'Pending' | 'Removed';

export interface AccessSituation {
  /** The policy's default version, parsed; undefined if there is no policy. */
  readonly enforced: PolicyDocument | undefined;
  readonly wanted: WantedPolicy;
  /** Principals that the operator has attached, under any names that are told apart. */
  readonly attached: readonly string[];
  readonly wantedAttached: readonly string[];
  /** The link's own endpoints through which notebooks are opened, all that exist. */
  readonly ownEndpointIds: readonly string[];
  /**
   * Whether every way is the final one: each wanted endpoint is there and available with private
   * DNS as wanted, and none is left that is to go.
   */
  readonly pathsAreFinal: boolean;
}

/** What may be done now, in any order or all at once; what is not named has to wait. */
export interface SafeSteps {
  readonly detach: readonly string[];
  /** To be made the default version, or the first one; absent if the right one is in force. */
  readonly document?: PolicyDocument;
  readonly attach: readonly string[];
  readonly deletePolicy: boolean;
  /**
   * Whether private DNS may be turned on or off, and endpoints deleted. Endpoints may be created
   * without private DNS at any time: nobody comes through them by himself.
   */
  readonly pathsMayChange: boolean;
  /** Keep the change from going on; nothing is weakened meanwhile. */
  readonly problems: readonly Problem[];
}

/** The next steps of the change from what is to what is wanted. All empty and true: it is done. */
export function safeSteps(situation: AccessSituation): SafeSteps {
  const { enforced, wanted, attached, wantedAttached } = situation;
  if (wanted === 'Removed') {
    return {
      ...nothing,
      detach: attached,
      deletePolicy: enforced !== undefined && attached.length === 0,
      pathsMayChange: attached.length === 0,
    };
  }
  // Who loses the restriction must not meet a tighter document or another way under it.
  const detach = attached.filter((one) => !wantedAttached.includes(one));
  if (wanted === 'Pending') {
    return { ...nothing, detach, pathsMayChange: enforced === undefined };
  }
  const target = targetOf(situation, wanted, detach.length > 0);
  const excess = limitExceeded(documentText(target));
  if (excess !== undefined) return { ...nothing, detach, problems: [tooLarge(excess)] };
  const isInForce = enforced !== undefined && policiesAreEqual(enforced, target);
  const isDone = isInForce && target === wanted;
  return {
    ...nothing,
    detach,
    ...(isInForce ? {} : { document: target }),
    attach: isDone ? wantedAttached.filter((one) => !attached.includes(one)) : [],
    pathsMayChange: detach.length === 0 && (isInForce || enforced === undefined),
  };
}

const nothing: SafeSteps = {
  detach: [],
  attach: [],
  deletePolicy: false,
  pathsMayChange: false,
  problems: [],
};

/** The wanted document itself once nothing can be caught between two of them. */
function targetOf(
  { enforced, ownEndpointIds, pathsAreFinal }: AccessSituation,
  wanted: PolicyDocument,
  isDetaching: boolean,
): PolicyDocument {
  if (enforced === undefined || (pathsAreFinal && !isDetaching)) return wanted;
  return transitionalDocument(enforced, wanted, ownEndpointIds);
}

function tooLarge(excess: string): Problem {
  return {
    subject: 'NotebookAccessEnforced',
    reason: 'InvalidSpec',
    severity: 'stalled',
    message: `While endpoints change, the notebook policy has to allow the networks of before and after, and that document is too large: ${excess}. Make the change in two steps: first the endpoints with spec.notebookAccess as it was, then spec.notebookAccess.`,
  };
}
