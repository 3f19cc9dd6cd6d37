/**
 * Holds for as long as IAM tells neither whether the link has a policy nor its content. Private DNS of
 * endpoints through which notebooks are opened would lead callers under a document that nobody can
 * read: whoever has it could be locked out. A link that is not known to have any waits for IAM only
 * for so long, as for every way.
 */
import type { Principal } from '../facts.ts';
import type { Wait } from '../findings.ts';
import type { LookKind } from '../looks.ts';
import { heldFor } from '../sightings.ts';
import { type Stage, stage } from '../stage.ts';
import { isWanted, type NotebookAccessInput } from './access-input.ts';
import type { ImpactPlan } from './impact/plan-impact.ts';
import { principalWords } from './principal-words.ts';
import { hasFailed } from '../observation.ts';

/** Why private DNS of endpoints that open notebooks is not turned on now, for the status. */
export interface EntryHold {
  /** A clause that fits `Private DNS of … stays off: …`, and what to do. */
  readonly message: string;
  /** Whether it ends by itself at a deadline; else a person is needed. */
  readonly hasDeadline: boolean;
}

const neededLooks: readonly LookKind[] = [
  'Caller',
  'ManagedPolicy',
  'PolicyNames',
  'PoliciesByARN',
];

/** Whether a look that tells of the policy has failed. */
export function isUnread({ observation }: NotebookAccessInput): boolean {
  return neededLooks.some((kind) => hasFailed(observation, kind));
}

const topic = 'reading of the notebook policy';

/** See `Plan.seen`. */
export function readingSeen(state: 'failed' | 'done'): Readonly<Record<string, string>> {
  return { [topic]: state };
}

/** Whether IAM has been silent for so long that a link without a known policy goes on without it. */
export function isPastWaiting(input: NotebookAccessInput): boolean {
  const { elapsed } = input;
  const isLong = heldFor(elapsed, topic, 'failed') >= elapsed.patience.wayDeadlineMs;
  return isUnread(input) && isLong && !hasKnownPolicy(input);
}

/** The last status knows of a policy, so it may bind somebody. */
function hasKnownPolicy({ remembered }: NotebookAccessInput): boolean {
  return remembered.policyArn !== undefined || remembered.seenAttached.length > 0;
}

/** Says who is restricted as far as anybody knows. */
export function planUnread(input: NotebookAccessInput): Stage {
  if (!isWanted(input) || !isUnread(input)) return stage({});
  const wait: Wait = {
    subject: 'NotebookAccessEnforced',
    reason: 'RestrictionUnknown',
    message: whoIsRestricted(input),
    // The obstacle to reading IAM is a finding of its own.
    awaits: ['NotebookAccessEnforced'],
  };
  return stage({ waits: [wait] });
}

function whoIsRestricted(input: NotebookAccessInput): string {
  const { seenAttached, policyArn = 'the policy of this link' } = input.remembered;
  if (!hasKnownPolicy(input)) {
    return 'This link is not known to restrict anybody: notebooks open from everywhere until IAM can be read.';
  }
  const who =
    seenAttached.length === 0 ? 'restricted nobody' : `restricted ${principalWords(seenAttached)}`;
  return `When IAM could be read last, ${policyArn} ${who}; nobody can tell whether that is still so.`;
}

/** Why private DNS waits; undefined if IAM is not what it waits for. */
export function entryHoldOf(input: NotebookAccessInput, impact: ImpactPlan): EntryHold | undefined {
  if (impact.unread.length > 0)
    return { message: unreadImpactWords(impact.unread), hasDeadline: false };
  if (!isUnread(input)) return undefined;
  if (hasKnownPolicy(input)) return { message: knownPolicyWords(input), hasDeadline: false };
  if (isPastWaiting(input)) return undefined;
  const hasDeadline = Number.isFinite(input.elapsed.patience.wayDeadlineMs);
  return { message: deadlineWords(input), hasDeadline };
}

const grant = 'Give the operator its way and its rights to IAM (see NotebookAccessEnforced)';

function unreadImpactWords(principals: readonly Principal[]): string {
  const who = principalWords(principals);
  return `the policies of ${who} cannot be read, and some could lock them out there. ${grant}, or set spec.notebookAccess.onImpact: Proceed to turn it on all the same.`;
}

function knownPolicyWords({ remembered }: NotebookAccessInput): string {
  const { seenAttached, policyArn } = remembered;
  const who = seenAttached.length === 0 ? 'whoever has it' : principalWords(seenAttached);
  return `${policyArn ?? 'the notebook policy'} cannot be read and could lock out ${who} there. ${grant}.`;
}

function deadlineWords({ elapsed }: NotebookAccessInput): string {
  const minutes = Math.round(elapsed.patience.wayDeadlineMs / 60_000);
  const latest = Number.isFinite(minutes)
    ? ` It is turned on without an answer ${minutes} min after the first one that failed, unless other policies forbid that; nobody is restricted then.`
    : '';
  return `IAM cannot be read, so nobody can tell whether a policy would lock out callers there. ${grant}.${latest}`;
}
