/** The waits of the notebook policy. */
import type { ManagedPolicy, Principal } from '../facts.ts';
import type { Wait } from '../findings.ts';
import { policiesAreEqual } from '../endpoint/policy-equality.ts';
import type { WantedPolicy } from './safe-order.ts';
import type { Ways } from './ways.ts';
import { notRestricted, waysAwait, withheldWaits } from './withheld.ts';

/** Everything that the waits follow from. */
export interface WaitsInput {
  readonly policy: ManagedPolicy | undefined;
  readonly ways: Ways;
  readonly wanted: WantedPolicy;
  /** Why there is no document, where the link's own endpoints are all that is allowed. */
  readonly pending?: string;
  /** Whether the final document and attachments wait for the ways. */
  readonly awaitsWays: boolean;
  /** Principals that are to get the policy and do not get it now. */
  readonly withheld: readonly Principal[];
  /** The policy would lock everybody out. */
  readonly isDeadEnd: boolean;
  readonly deadlineMs: number;
}

/** Waits of parts that differ from the spec until callers are led their new way. */
export function waitsForWays(input: WaitsInput): readonly Wait[] {
  const { policy, ways, wanted, pending, withheld } = input;
  const restrictsAnybody = (policy?.attachedTo.length ?? 0) > 0;
  const unattached = withheld.map(({ kind, name }) => `${kind} ${name}`);
  const who = { unattached, restrictsAnybody };
  if (pending !== undefined) return [pendingWait(pending, restrictsAnybody)];
  if (input.isDeadEnd && unattached.length > 0) return [deadEndWait(notRestricted(who))];
  if (!input.awaitsWays || typeof wanted === 'string') return [];
  const enforced = policy?.document;
  const { awaited } = ways;
  const waits = withheldWaits({ ...who, ...input, enforced, wanted, awaited });
  const isFinal = enforced !== undefined && policiesAreEqual(enforced, wanted);
  if (waits.length > 0 || isFinal) return waits;
  return [policy === undefined ? firstDocumentWait : documentWait];
}

/** No document can be made yet: what is in force stays. */
function pendingWait(message: string, restrictsAnybody: boolean): Wait {
  return {
    subject: 'NotebookAccessEnforced',
    reason: restrictsAnybody ? 'FormerNetworksAllowed' : 'NotRestrictedYet',
    message: `${restrictsAnybody ? 'The networks of before still get in.' : 'Nobody is restricted yet.'} ${message}`,
    awaits: waysAwait,
  };
}

function deadEndWait(who: string): Wait {
  return {
    subject: 'NotebookAccessEnforced',
    reason: 'NotRestrictedYet',
    message: `${who} Only this link’s own endpoints are allowed and none of them can be used: the policy would lock everybody out. It is attached when one is available.`,
    awaits: waysAwait,
  };
}

/** The document in between is in force, and restricts nobody whom the spec does not. */
const documentWait: Wait = {
  subject: 'NotebookAccessEnforced',
  reason: 'Progressing',
  message:
    'The policy admits more than the spec until callers are led to the endpoints (see EndpointsAvailable).',
  awaits: waysAwait,
};

/** The link attaches the policy to nobody, and there is none. */
const firstDocumentWait: Wait = {
  ...documentWait,
  message:
    'There is no policy yet: it is made when its document can name the endpoints of this link (see EndpointsAvailable).',
};

/** IAM has not had the time to enforce what it shows. */
export const graceWait: Wait = {
  subject: 'NotebookAccessEnforced',
  reason: 'Progressing',
  message:
    'IAM shows the policy as it is now; it is given some seconds to enforce that everywhere before callers are led another way.',
};

/** IAM does not show a change of ours. */
export function settlingWait({ arn }: ManagedPolicy): Wait {
  const message = `${arn} was changed; IAM is asked again until it shows that.`;
  return { subject: 'NotebookAccessEnforced', reason: 'Progressing', message };
}
