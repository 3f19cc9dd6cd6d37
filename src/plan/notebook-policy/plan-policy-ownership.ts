/** Ownership of the policy: what to do when tags are missing, and how to let go of it. */
import type { Action } from '../actions.ts';
import type { ManagedPolicy, Principal } from '../facts.ts';
import type { Note } from '../findings.ts';
import type { OwnerIdentity } from '../looks.ts';
import {
  foreignOwnerOf,
  isAdoptable,
  isOwnedBy,
  ownershipTags,
  ownershipTagsOf,
} from '../ownership/ownership.ts';
import { tagChanges } from '../tags/plan-tags.ts';
import { type Stage, settled, stage, stalledStage } from '../stage.ts';
import { askFirst, strangerWords } from '../ownership/stranger-words.ts';
import { isWanted, type NotebookAccessInput } from './access-input.ts';
import { principalWords } from './principal-words.ts';
import { listedPrincipals } from './protected-principals.ts';

/** The last status knows the policy as ours, and nobody else claims it. */
export function hasLostItsTags(
  policy: ManagedPolicy | undefined,
  { owner, remembered, goal, spec }: NotebookAccessInput,
): boolean {
  // A policy that is let go has lost them by the operator's own doing.
  const isReleased = goal === 'absent' && spec.deletionPolicy === 'Retain';
  return (
    policy !== undefined &&
    !isReleased &&
    policy.arn === remembered.policyArn &&
    !isOwnedBy(policy.tags, owner) &&
    foreignOwnerOf(policy.tags, owner) === undefined
  );
}

/** The policy and its attachments stay as they are and have no owner any more. */
export function planRelease({ arn, tags, attachedTo }: ManagedPolicy): Stage {
  const keys = Object.values(ownershipTags).filter((key) => key in tags);
  const reason = 'deletionPolicy is Retain: the policy stays and has no owner any more';
  const message = `deletionPolicy is Retain, so ${arn} stays attached to ${principalWords(attachedTo) || 'nobody'}: they are restricted to the networks of this link until somebody detaches it.`;
  return stage({
    actions: [{ kind: 'UntagPolicy', arn, keys, reason }],
    notes: [{ subject: 'NotebookAccessEnforced', reason: 'ResourcesLeft', message }],
  });
}

/** A policy of our name under another path or in other case: IAM can't move or rename a policy. */
export function planMisplaced(namesake: ManagedPolicy, arn: string): Stage {
  return stalledStage(
    'NotebookAccessEnforced',
    'OwnershipConflict',
    `IAM policy ${namesake.arn} has the name that this link's policy ${arn} is to have; IAM tells names apart neither by path nor by case. Ask whoever made it first; then have it deleted there.`,
  );
}

/** A policy of our name that does not carry our tags. */
export function planNamesake(namesake: ManagedPolicy, input: NotebookAccessInput): Stage {
  const { owner, spec } = input;
  if (hasLostItsTags(namesake, input)) return planPolicyClaim(namesake, input, 'lost');
  const mayAdopt = isAdoptable(namesake.tags, owner);
  if (mayAdopt && spec.adoption === 'IfUnowned') return planPolicyClaim(namesake, input, 'adopted');
  return stalledStage(
    'NotebookAccessEnforced',
    'OwnershipConflict',
    `The name of this link's policy is taken by ${namesake.arn}, ${strangerWords(namesake.tags, owner)}. ${askFirst(namesake.tags, owner)} Then ${mayAdopt ? 'set spec.adoption: IfUnowned to take it over, or ' : ''}have it deleted there.`,
  );
}

/** Why a policy is marked as the link's. */
export type PolicyClaimCause = 'lost' | 'adopted';

/** Marks a policy as the link's. */
export function planPolicyClaim(
  policy: ManagedPolicy,
  input: NotebookAccessInput,
  cause: PolicyClaimCause,
): Stage {
  const { owner } = input;
  const { arn } = policy;
  const reasons = {
    lost: `the ownership tags of ${arn} were removed`,
    adopted: `${arn} is the notebook policy of a link of this name and ${formerOwner(policy, owner)}`,
  };
  const tags = ownershipTagsOf(owner, 'notebook-policy');
  return stage({
    actions: [{ kind: 'TagPolicy', arn, tags, reason: reasons[cause] }],
    differences: [
      {
        resource: arn,
        field: `tag ${ownershipTags.uid}`,
        desired: owner.uid,
        actual: policy.tags[ownershipTags.uid] ?? 'missing',
      },
    ],
    notes: cause === 'adopted' ? [policyAdoptionNote(policy, input)] : [],
  });
}

function formerOwner({ tags }: ManagedPolicy, owner: OwnerIdentity): string {
  const former = foreignOwnerOf(tags, owner);
  return former === undefined ? 'has no owner' : `belonged to ${former}`;
}

/** Principals that a policy restricts when it is taken over, and those that it will. */
function policyAdoptionNote(policy: ManagedPolicy, { owner, spec }: NotebookAccessInput): Note {
  const names = (principals: readonly Principal[]): string =>
    principalWords(principals) || 'nobody';
  const { arn, attachedTo } = policy;
  const listed = listedPrincipals(spec.notebookAccess?.attachTo);
  return {
    subject: 'NotebookAccessEnforced',
    reason: 'Adoption',
    about: arn,
    message: `${arn}, which ${formerOwner(policy, owner)}, is taken over. Attached to: ${names(attachedTo)} -> ${names(listed)}. Its document becomes that of this spec.`,
  };
}

/** The status knows a policy of another name than the spec gives: IAM renames none. */
export function planRename(input: NotebookAccessInput, held: string, wanted: string): Stage {
  const isGiven = isWanted(input) && input.spec.notebookAccess?.policyName !== undefined;
  // Without a given name any that the policy has will do: an earlier link's, taken back.
  if (!isGiven || held === wanted) return settled;
  return stalledStage(
    'NotebookAccessEnforced',
    'InvalidSpec',
    `This link's policy is ${held}, and IAM renames no policy: it stays in force, and ${wanted} is not made beside it. Set spec.notebookAccess.policyName as it was; or remove spec.notebookAccess, wait until status.notebookAccess is gone, and add it with the new name.`,
  );
}

/** Brings the policy's tags to what the spec says. */
export function planPolicyTags(
  { tagPolicy, goal }: NotebookAccessInput,
  policy: ManagedPolicy | undefined,
): Stage {
  if (policy === undefined || goal === 'absent') return settled;
  const { arn } = policy;
  const { set, remove, reasons, differences } = tagChanges(
    arn,
    policy.tags,
    'notebook-policy',
    tagPolicy,
  );
  const actions: Action[] = [];
  if (set !== undefined) actions.push({ kind: 'TagPolicy', arn, tags: set, reason: reasons.set });
  if (remove !== undefined) {
    actions.push({ kind: 'UntagPolicy', arn, keys: remove, reason: reasons.remove });
  }
  return stage({ actions, differences });
}
