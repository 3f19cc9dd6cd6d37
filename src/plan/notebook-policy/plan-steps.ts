/** The steps that may be taken now, as actions. */
import type { Action } from '../actions.ts';
import type { ManagedPolicy, Principal } from '../facts.ts';
import type { Difference, Wait } from '../findings.ts';
import { policyName, policyPath } from '../ownership/ownership.ts';
import { joined, type Stage, settled, stage } from '../stage.ts';
import { principalKey } from './attachments.ts';
import { isWanted, type NotebookAccessInput } from './access-input.ts';
import { planPolicyRemoval, planPolicyVersion } from './plan-policy-version.ts';
import type { SafeSteps } from './safe-order.ts';

/** Everything that the actions follow from. */
export interface StepsInput {
  readonly input: NotebookAccessInput;
  readonly arn: string;
  readonly policy: ManagedPolicy | undefined;
  readonly steps: SafeSteps;
  readonly principals: readonly Principal[];
}

/** Detachments first, then the document, then attachments; removal last. */
export function planSteps({ input, arn, policy, steps, principals }: StepsInput): Stage {
  const byKey = new Map(principals.map((one) => [principalKey(one), one]));
  const principalsOf = (keys: readonly string[]): readonly Principal[] =>
    keys.flatMap((key) => byKey.get(key) ?? []);
  const detachments = principalsOf(steps.detach).map(
    (principal): Action => ({
      kind: 'DetachPolicy',
      arn,
      principal,
      reason: isWanted(input)
        ? `${principal.kind} ${principal.name} is no longer in spec.notebookAccess.attachTo`
        : 'notebook access is no longer restricted by this link',
    }),
  );
  const attachments = principalsOf(steps.attach).map(
    (principal): Action => ({
      kind: 'AttachPolicy',
      arn,
      principal,
      reason: `spec.notebookAccess.attachTo lists ${principal.kind} ${principal.name}`,
    }),
  );
  const document =
    steps.document === undefined
      ? settled
      : policy === undefined
        ? stage({ actions: [creation(input, steps.document)] })
        : planPolicyVersion(policy, steps.document, input.observation);
  const removal =
    steps.deletePolicy && policy !== undefined
      ? planPolicyRemoval(policy, input.observation)
      : settled;
  // A policy that was made in this very pass is attached when IAM shows it.
  const attach = policy === undefined || policy.settling === true ? [] : attachments;
  const waits = steps.attach.length > attach.length ? [attachmentWait(arn)] : [];
  return joined([
    stage({ actions: detachments }),
    document,
    stage({ actions: attach, waits, differences: attachmentDifferences(arn, steps) }),
    removal,
  ]);
}

function attachmentWait(arn: string): Wait {
  const message = `${arn} is attached when IAM shows its document.`;
  return { subject: 'NotebookAccessEnforced', reason: 'Progressing', message };
}

function attachmentDifferences(arn: string, steps: SafeSteps): readonly Difference[] {
  return [
    ...steps.attach.map((key) => difference(arn, key, 'attached', 'not attached')),
    ...steps.detach.map((key) => difference(arn, key, 'not attached', 'attached')),
    ...(steps.document === undefined
      ? []
      : [difference(arn, 'document', 'the document of the spec', 'another document')]),
  ];
}

function difference(resource: string, field: string, desired: string, actual: string): Difference {
  return { resource, field, desired, actual };
}

function creation(
  { owner, spec, tagPolicy }: NotebookAccessInput,
  document: NonNullable<SafeSteps['document']>,
): Action {
  return {
    kind: 'CreatePolicy',
    name: policyName(owner, spec.notebookAccess?.policyName),
    path: policyPath,
    description: `From which networks notebooks may be opened, by SageMakerPrivateLink ${owner.name}`,
    document,
    tags: tagPolicy.wanted('notebook-policy'),
    reason: 'the spec restricts from where notebooks may be opened',
  };
}
