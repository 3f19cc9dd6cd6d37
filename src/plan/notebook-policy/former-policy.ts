/**
 * Policies under default names that earlier selves of a link left: their names carry the former UID,
 * so they are not found by this link's ARN, and a new policy would be a second Deny beside them.
 */
import { findingsFromErrors } from '../cloud-problems.ts';
import type { Caller, ManagedPolicy } from '../facts.ts';
import {
  mayBeFormerPolicyName,
  ownerWords,
  ownershipOf,
  policyArnOfName,
  policyName,
} from '../ownership/ownership.ts';
import { isSamePrincipal } from './actions/policy-changes.ts';
import { type Stage, settled, stage, stalledStage } from '../stage.ts';
import { isWanted, type NotebookAccessInput } from './access-input.ts';
import { planPolicyClaim } from './plan-policy-ownership.ts';
import { principalWords } from './principal-words.ts';
import { listedPrincipals } from './protected-principals.ts';
import { answerTo, failureOf } from '../observation.ts';
import { namesLook } from './find-policy.ts';

/**
 * The stage that comes before a policy is made, for a link that has none at its ARN and knows of
 * none: a look, taking a policy back, or a conflict. Undefined: nothing is in the way.
 */
export function planFormerPolicy(input: NotebookAccessInput, caller: Caller): Stage | undefined {
  const { observation, owner } = input;
  const names = answerTo(observation, namesLook);
  if (names === undefined) return withoutNames(input);
  const own = policyName(input.owner, input.spec.notebookAccess?.policyName);
  const arns = names
    .filter((name) => name !== own && mayBeFormerPolicyName(name, input.owner))
    .map((name) => policyArnOfName(name, caller))
    .sort();
  if (arns.length === 0) return undefined;
  const look = { kind: 'PoliciesByARN', arns, owner } as const;
  // A failed look is a finding elsewhere; nothing is made while nobody knows whose they are.
  if (failureOf(observation, look) !== undefined) return settled;
  const policies = answerTo(observation, look);
  if (policies === undefined) return stage({ looks: [look] });
  return planFound(policies, input);
}

function withoutNames({ observation }: NotebookAccessInput): Stage | undefined {
  const failure = failureOf(observation, namesLook);
  if (failure === undefined) return stage({ looks: [namesLook] });
  // A caller that may not list policies learns of none, and is not kept from making one.
  if (failure.kind === 'Denied') return undefined;
  return stage(findingsFromErrors([{ error: failure, subject: 'NotebookAccessEnforced' }]));
}

function planFound(
  policies: readonly ManagedPolicy[],
  input: NotebookAccessInput,
): Stage | undefined {
  const { owner, spec } = input;
  const kindOf = ({ tags }: ManagedPolicy): string => ownershipOf(tags, owner).kind;
  if (!isWanted(input)) return undefined;
  const inForce = policies.filter((one) => isInForce(one, kindOf(one), input));
  const [first, ...others] = inForce;
  const isGiven = spec.notebookAccess?.policyName !== undefined;
  const mayAdopt = spec.adoption === 'IfUnowned' && !isGiven;
  if (first === undefined) {
    const left = policies.find((one) => kindOf(one) === 'former-self');
    return left === undefined || !mayAdopt ? undefined : planPolicyClaim(left, input, 'adopted');
  }
  if (mayAdopt && others.length === 0) return planPolicyClaim(first, input, 'adopted');
  return conflict(inForce, input, mayAdopt);
}

/** An earlier link's restricts whoever has it; nobody's matters where this link restricts as well. */
function isInForce(
  { attachedTo }: ManagedPolicy,
  kind: string,
  { spec }: NotebookAccessInput,
): boolean {
  if (kind === 'former-self') return attachedTo.length > 0;
  const listed = listedPrincipals(spec.notebookAccess?.attachTo);
  return (
    kind === 'unowned' &&
    attachedTo.some((one) => listed.some((other) => isSamePrincipal(one, other)))
  );
}

function conflict(
  policies: readonly ManagedPolicy[],
  { owner, spec }: NotebookAccessInput,
  mayAdopt: boolean,
): Stage {
  const words = policies.map(({ arn, tags, attachedTo }) => {
    const whose = ownerWords(ownershipOf(tags, owner), owner) ?? 'nobody by its tags';
    return `${arn}, which belongs to ${whose}, is attached to ${principalWords(attachedTo)}`;
  });
  const rest = 'detach and delete it.';
  const advice = mayAdopt
    ? 'Only one can be taken back: detach and delete the others.'
    : spec.notebookAccess?.policyName === undefined
      ? `Set spec.adoption: IfUnowned to take it back, or ${rest}`
      : `It has another name than spec.notebookAccess.policyName, so it is not taken back. Take spec.notebookAccess away and add it with the name of that policy and adoption: IfUnowned, or ${rest}`;
  return stalledStage(
    'NotebookAccessEnforced',
    'OwnershipConflict',
    `${words.join('; ')}: no second policy is made beside it, because each denies what only the other allows. ${advice}`,
  );
}
