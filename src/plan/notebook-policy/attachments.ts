/** The principals that have the policy or shall have it, and whose doing that is. */
import type { Action } from '../actions.ts';
import type { Caller, ManagedPolicy, Principal } from '../facts.ts';
import type { Wait } from '../findings.ts';
import { isSamePrincipal } from './actions/policy-changes.ts';
import { type Stage, settled, stage, stalledStage } from '../stage.ts';
import type { NotebookAccessInput } from './access-input.ts';
import { isPermissionSetRole } from './permission-sets.ts';
import { listedPrincipals, protectionOf } from './protected-principals.ts';
import { heldByRivals } from './rivals.ts';

/**
 * Attachments that the operator made or is to make; all others are somebody else's. Without any
 * memory (no status, no cluster) nobody can tell, and those of our own policy count as ours: to
 * leave them would leave the restriction behind.
 */
export function ownAttachments(
  { spec, remembered }: NotebookAccessInput,
  policy: ManagedPolicy | undefined,
): readonly Principal[] {
  const attached = (policy?.attachedTo ?? []).filter((one) => !isPermissionSetRole(one));
  if (remembered.policyArn === undefined) return attached;
  const ours = [...listedPrincipals(spec.notebookAccess?.attachTo), ...remembered.attachedTo];
  return attached.filter((one) => ours.some((other) => isSamePrincipal(one, other)));
}

/** Principals that were restricted already: attaching the policy again takes nothing from them. */
export function formerlyAttached({ spec, remembered }: NotebookAccessInput): readonly string[] {
  const listed = remembered.isApplied ? listedPrincipals(spec.notebookAccess?.attachTo) : [];
  return [...remembered.seenAttached, ...listed].map(principalKey);
}

/**
 * Attachments that somebody took away, made again under the document that is in force. It is all
 * that can be told while the link's endpoints are not known, and it waits for none of them.
 */
export function planReattachment(
  input: NotebookAccessInput,
  caller: Caller,
  policy: ManagedPolicy,
): Stage {
  const { arn, attachedTo, settling } = policy;
  const former = formerlyAttached(input);
  const held = heldByRivals(input.rivals, ownAttachments(input, policy));
  const has = (principals: readonly Principal[], one: Principal): boolean =>
    principals.some((other) => isSamePrincipal(one, other));
  const missing = listedPrincipals(input.spec.notebookAccess?.attachTo).filter(
    (one) =>
      former.includes(principalKey(one)) &&
      !has([...attachedTo, ...held], one) &&
      protectionOf(one, caller) === undefined,
  );
  const reason = 'it was attached before, and somebody detached it';
  const actions = missing.map((principal): Action => {
    return { kind: 'AttachPolicy', arn, principal, reason };
  });
  return stage({ actions: settling === true ? [] : actions });
}

/**
 * The document names the link's endpoints: while they are not known nobody can tell whether it is as the
 * spec says.
 */
export function documentAwaitsEndpoints(arn: string, policy: ManagedPolicy | undefined): Stage {
  const what =
    policy === undefined ? `${arn} is not made` : `The document of ${arn} stays as it is`;
  const wait: Wait = {
    subject: 'NotebookAccessEnforced',
    reason: 'Progressing',
    message: `${what} until the endpoints of this link can be read (see EndpointsAvailable).`,
    awaits: ['EndpointsAvailable'],
  };
  return stage({ waits: [wait] });
}

/** Attachments by others, in a problem that names them. */
export function planForeignAttachments(
  input: NotebookAccessInput,
  policy: ManagedPolicy | undefined,
): Stage {
  const own = ownAttachments(input, policy);
  const foreign = (policy?.attachedTo ?? []).filter(
    (one) => !isPermissionSetRole(one) && !own.some((other) => isSamePrincipal(one, other)),
  );
  if (policy === undefined || foreign.length === 0) return settled;
  const who = foreign.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return stalledStage(
    'NotebookAccessEnforced',
    'ForeignAttachment',
    `${policy.arn} is also attached to ${who}, which is not in spec.notebookAccess.attachTo and is not known to have been attached by the operator. Detach it there, or add it to attachTo.`,
  );
}

/** A principal as one word: `role/DataScientist`. IAM's names have no regard to case. */
export function principalKey({ kind, name }: Principal): string {
  return `${kind}/${name.toLowerCase()}`;
}
