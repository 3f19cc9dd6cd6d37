/** Whether a link has a policy at IAM, at the least cost in calls. */
import { findingsFromErrors } from '../cloud-problems.ts';
import type { Caller, ManagedPolicy } from '../facts.ts';
import type { Look } from '../looks.ts';
import {
  isOwnedBy,
  mayBeFormerPolicyName,
  policyArn,
  policyArnOfName,
  policyPath,
} from '../ownership/ownership.ts';
import { type Stage, settled, stage } from '../stage.ts';
import type { NotebookAccessInput } from './access-input.ts';
import { answerTo, failureOf, type Observation } from '../observation.ts';
import { callerIn } from '../network/caller-in.ts';

/** Names of all policies that links of the account can have. */
export const namesLook = { kind: 'PolicyNames', path: policyPath } as const satisfies Look;

/** The policy, as far as it is known. */
export type FoundPolicy =
  /** There is none of this link's name, or none that could be this link's. */
  | { readonly kind: 'None' }
  /** Not known (yet): nothing that depends on it may change. */
  | { readonly kind: 'Unknown'; readonly stage: Stage }
  | {
      readonly kind: 'Known';
      readonly caller: Caller;
      readonly arn: string;
      /** Undefined: IAM has none. It may be somebody else's. */
      readonly policy?: ManagedPolicy;
    };

/** Finds the policy, or asks for what is missing. A failed look is a finding elsewhere already. */
export function findPolicy(input: NotebookAccessInput): FoundPolicy {
  const { observation } = input;
  const existence = mayExist(input);
  if (existence === 'no') return { kind: 'None' };
  if (existence !== 'yes') return { kind: 'Unknown', stage: existence };
  const caller = callerIn(observation);
  if (caller === undefined) return asking({ kind: 'Caller' }, observation);
  const arn = heldPolicyArn(input, caller) ?? wantedPolicyArn(input, caller);
  const answer = answerTo(observation, { kind: 'ManagedPolicy', arn });
  if (answer === undefined) return asking({ kind: 'ManagedPolicy', arn }, observation);
  // A policy that is held and gone makes room for the name that the spec gives; one that was taken
  // back has the name that it had.
  const isHeld = answer.policy?.arn === arn || isTakenBack(answer.policy, input, caller);
  return {
    kind: 'Known',
    caller,
    arn: isHeld ? (answer.policy?.arn ?? arn) : wantedPolicyArn(input, caller),
    ...answer,
  };
}

function isTakenBack(
  policy: ManagedPolicy | undefined,
  { owner }: NotebookAccessInput,
  caller: Caller,
): boolean {
  if (policy === undefined || !isOwnedBy(policy.tags, owner)) return false;
  return (
    policy.arn === policyArnOfName(policy.name, caller) && mayBeFormerPolicyName(policy.name, owner)
  );
}

/** ARN that the link's policy has by its spec. */
export function wantedPolicyArn({ owner, spec }: NotebookAccessInput, caller: Caller): string {
  return policyArn(owner, caller, spec.notebookAccess?.policyName);
}

/**
 * ARN of the policy that the link has by its status, whatever name the spec gives by now: a spec
 * without notebook access gives none, and with another name a second Deny would stand beside it.
 */
export function heldPolicyArn(
  { remembered }: NotebookAccessInput,
  caller: Caller,
): string | undefined {
  const { policyArn: held } = remembered;
  return held?.startsWith(policyArnOfName('', caller)) === true ? held : undefined;
}

function asking(look: Look, observation: Observation): FoundPolicy {
  const hasLookFailed = failureOf(observation, look) !== undefined;
  return { kind: 'Unknown', stage: hasLookFailed ? settled : stage({ looks: [look] }) };
}

/**
 * Whether this link can have a policy. A link that never asked for one costs no call of its own:
 * all links share one list of names, and once a spec was brought about the status knows.
 */
function mayExist(input: NotebookAccessInput): 'yes' | 'no' | Stage {
  const { spec, remembered, observation, owner, goal } = input;
  if (spec.notebookAccess !== undefined || remembered.policyArn !== undefined) return 'yes';
  if (remembered.isApplied) return 'no';
  const names = answerTo(observation, namesLook);
  if (names !== undefined)
    return names.some((name) => mayBeFormerPolicyName(name, owner)) ? 'yes' : 'no';
  const failure = failureOf(observation, namesLook);
  if (failure === undefined) return stage({ looks: [namesLook] });
  // A caller that may not even list policies has never made one, and a link that wants none can do
  // without the answer. Only a deletion must not leave one behind.
  if (failure.kind === 'Denied' || goal === 'present') return 'no';
  return stage(findingsFromErrors([{ error: failure, subject: 'NotebookAccessEnforced' }]));
}
