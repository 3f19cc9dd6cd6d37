/** The notebook policy of a link at IAM: made, changed, attached and taken away in a safe order. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { Action } from '../actions.ts';
import type { Caller, Endpoint, ManagedPolicy, Principal } from '../facts.ts';
import type { Difference, Problem, Wait } from '../findings.ts';
import type { OwnerIdentity } from '../looks.ts';
import type { Observation } from '../observation.ts';
import { isOwnedBy, policyName, policyPath } from '../ownership.ts';
import { isSamePrincipal } from '../policy-effects.ts';
import type { TagPolicy } from '../plan-tags.ts';
import { stalled } from '../result.ts';
import { joined, type Stage, settled, stage } from '../stage.ts';
import { notebookPolicy } from './documents.ts';
import { accessEndpoints, awaitsEndpoints, ownEndpoints } from './own-endpoints.ts';
import { findPolicy } from './find-policy.ts';
import { planImpact } from './plan-impact.ts';
import {
  hasLostItsTags,
  planMisplaced,
  planNamesake,
  planPolicyTags,
  planRelease,
} from './plan-policy-ownership.ts';
import { planPolicyRemoval, planPolicyVersion } from './plan-policy-version.ts';
import { listedPrincipals, protectionOf, protectionProblems } from './protected-principals.ts';
import { type SafeSteps, safeSteps, type WantedPolicy } from './safe-order.ts';
import { accessWarnings } from './warnings.ts';

/** What the plan depends on. */
export interface NotebookAccessInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly goal: 'present' | 'absent';
  readonly observation: Observation;
  /** This link's endpoints of any service and state. */
  readonly owned: readonly Endpoint[];
  /** See `AccessSituation.pathsAreFinal`. */
  readonly pathsAreFinal: boolean;
  /** Whether private DNS of some endpoint is to be turned on. */
  readonly enablesPrivateDns: boolean;
  readonly tagPolicy: TagPolicy;
  readonly remembered: RememberedAccess;
}

/** What the last status knows about the policy. */
export interface RememberedAccess {
  readonly policyArn?: string;
  /** Principals that the operator attached. */
  readonly attachedTo: readonly Principal[];
  /** Whether the spec as it is was brought about completely once. */
  readonly isApplied: boolean;
}

export interface NotebookAccessPlan {
  readonly stage: Stage;
  /** Whether private DNS may be turned on now. */
  readonly mayEnterEndpoints: boolean;
  /** Whether private DNS may be turned off now, and endpoints deleted. */
  readonly mayLeaveEndpoints: boolean;
  /** Whether a policy is or was in play: then endpoints are created without private DNS. */
  readonly isInPlay: boolean;
  /** True when IAM has nothing of this link. */
  readonly isGone: boolean;
}

const notInPlay: NotebookAccessPlan = {
  stage: settled,
  mayEnterEndpoints: true,
  mayLeaveEndpoints: true,
  isInPlay: false,
  isGone: true,
};

/** Plans the policy, and says whether the endpoints may go on. */
export function planNotebookAccess(input: NotebookAccessInput): NotebookAccessPlan {
  const found = findPolicy(input);
  if (found.kind === 'None') return notInPlay;
  if (found.kind === 'Unknown') return held(found.stage);
  const { caller, arn, policy } = found;
  const isOurs = policy !== undefined && isOwnedBy(policy.tags, input.owner);
  if (!isWanted(input) && !isOurs && !hasLostItsTags(policy, input)) return notInPlay;
  if (isOurs && input.goal === 'absent' && input.spec.deletionPolicy === 'Retain') {
    return { ...notInPlay, stage: planRelease(policy), isInPlay: true, isGone: false };
  }
  return planPolicy(input, caller, arn, policy);
}

function isWanted({ spec, goal }: NotebookAccessInput): boolean {
  return goal === 'present' && spec.notebookAccess !== undefined;
}

/** Nothing moves until more is known. */
function held(part: Stage): NotebookAccessPlan {
  return {
    stage: part,
    mayEnterEndpoints: false,
    mayLeaveEndpoints: false,
    isInPlay: true,
    isGone: false,
  };
}

function planPolicy(
  input: NotebookAccessInput,
  caller: Caller,
  arn: string,
  policy: ManagedPolicy | undefined,
): NotebookAccessPlan {
  const namesake = policy ?? input.observation.namesakePolicy;
  if (namesake !== undefined && namesake.arn !== arn) return held(planMisplaced(namesake, arn));
  if (namesake !== undefined && !isOwnedBy(namesake.tags, input.owner)) {
    return held(planNamesake(namesake, input));
  }
  const wanted = wantedPolicy(input, caller);
  if ('problems' in wanted) return held(stage({ problems: wanted.problems }));
  const listed = isWanted(input) ? listedPrincipals(input.spec.notebookAccess?.attachTo) : [];
  const attachable = listed.filter((one) => protectionOf(one, caller) === undefined);
  const own = ownAttachments(input, policy);
  const steps = safeSteps({
    enforced: policy?.document,
    wanted: wanted.policy,
    attached: own.map(principalKey),
    wantedAttached: attachable.map(principalKey),
    endpoints: accessEndpoints(input, caller),
    awaitsEndpoints: !input.pathsAreFinal && awaitsEndpoints(input, caller),
  });
  const principals = [...own, ...attachable];
  return finished(
    input,
    steps,
    [
      stage({ problems: [...protectionProblems(listed, caller), ...steps.problems] }),
      planForeignAttachments(input, policy),
      planSteps({ input, arn, policy, steps, principals }),
      planPolicyTags(input, policy),
      planWarnings(input),
      wanted.pending === undefined ? settled : stage({ waits: [wanted.pending] }),
      steps.awaitsPaths ? stage({ waits: [pathsWait] }) : settled,
    ],
    policy,
  );
}

function finished(
  input: NotebookAccessInput,
  steps: SafeSteps,
  stages: readonly Stage[],
  policy: ManagedPolicy | undefined,
): NotebookAccessPlan {
  const settling = policy?.settling === true ? [settlingWait(policy)] : [];
  const impact = planImpact(input, steps.mayEnterEndpoints && settling.length === 0);
  const whole = joined([...stages, stage({ waits: settling }), impact.stage]);
  return {
    stage: whole,
    mayEnterEndpoints: steps.mayEnterEndpoints && settling.length === 0 && impact.mayGoOn,
    mayLeaveEndpoints: steps.mayLeaveEndpoints && settling.length === 0 && !locksOut(input, policy),
    isInPlay: true,
    isGone: policy === undefined,
  };
}

/** Who is restricted before the ways are the final ones could be locked out. */
const pathsWait: Wait = {
  subject: 'NotebookAccessEnforced',
  reason: 'Progressing',
  message:
    'The policy comes into force as the spec says when callers have been led to the endpoints (see EndpointsAvailable).',
  awaits: ['NetworkResolved', 'SecurityGroupReady', 'EndpointsAvailable'],
};

function settlingWait({ arn }: ManagedPolicy): Wait {
  const message = `${arn} was changed; IAM is asked again until it shows that.`;
  return { subject: 'NotebookAccessEnforced', reason: 'Progressing', message };
}

type Wanted =
  | { readonly policy: WantedPolicy; readonly pending?: Wait }
  | { readonly problems: readonly Problem[] };

function wantedPolicy(input: NotebookAccessInput, caller: Caller): Wanted {
  const access = input.spec.notebookAccess;
  if (input.goal === 'absent' || access === undefined) return { policy: 'Removed' };
  const { region } = input.spec;
  const result = notebookPolicy({
    access,
    partition: caller.partition,
    account: caller.account,
    region,
    endpointIds: ownEndpoints(input, caller).map(({ id }) => id),
  });
  switch (result.kind) {
    case 'Refused':
      return { problems: result.problems };
    case 'Pending': {
      const { message } = result;
      const pending = {
        subject: 'NotebookAccessEnforced',
        reason: 'Progressing',
        message,
        awaits: pathsWait.awaits,
      } as const;
      return { policy: 'Pending', pending: pending as Wait };
    }
    case 'Document':
      return { policy: result.document };
  }
}

/** Who keeps a policy that goes would lose the endpoints and be denied everywhere else. */
function locksOut(input: NotebookAccessInput, policy: ManagedPolicy | undefined): boolean {
  return !isWanted(input) && (policy?.attachedTo.length ?? 0) > 0;
}

/**
 * Attachments that the operator made or is to make; all others are somebody else's. Without any
 * memory (no status, no cluster) nobody can tell, and those of our own policy count as ours: to
 * leave them would leave the restriction behind.
 */
function ownAttachments(
  { spec, remembered }: NotebookAccessInput,
  policy: ManagedPolicy | undefined,
): readonly Principal[] {
  if (remembered.policyArn === undefined) return policy?.attachedTo ?? [];
  const ours = [...listedPrincipals(spec.notebookAccess?.attachTo), ...remembered.attachedTo];
  return (policy?.attachedTo ?? []).filter((one) =>
    ours.some((other) => isSamePrincipal(one, other)),
  );
}

function planForeignAttachments(
  input: NotebookAccessInput,
  policy: ManagedPolicy | undefined,
): Stage {
  const own = ownAttachments(input, policy);
  const foreign = (policy?.attachedTo ?? []).filter(
    (one) => !own.some((other) => isSamePrincipal(one, other)),
  );
  if (policy === undefined || foreign.length === 0) return settled;
  const who = foreign.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return stage(
    stalled(
      'NotebookAccessEnforced',
      'ForeignAttachment',
      `${policy.arn} is also attached to ${who}, which is not in spec.notebookAccess.attachTo and is not known to have been attached by the operator. Detach it there, or add it to attachTo.`,
    ),
  );
}

interface StepsInput {
  readonly input: NotebookAccessInput;
  readonly arn: string;
  readonly policy: ManagedPolicy | undefined;
  readonly steps: SafeSteps;
  readonly principals: readonly Principal[];
}

function planSteps({ input, arn, policy, steps, principals }: StepsInput): Stage {
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
  { owner, tagPolicy }: NotebookAccessInput,
  document: NonNullable<SafeSteps['document']>,
): Action {
  return {
    kind: 'CreatePolicy',
    name: policyName(owner),
    path: policyPath,
    description: `From which networks notebooks may be opened, by SageMakerPrivateLink ${owner.name}`,
    document,
    tags: tagPolicy.wanted('notebook-policy'),
    reason: 'the spec restricts from where notebooks may be opened',
  };
}

function planWarnings({ spec, goal }: NotebookAccessInput): Stage {
  if (spec.notebookAccess === undefined || goal === 'absent') return settled;
  const notes = accessWarnings(spec.notebookAccess, spec.endpoints).map((message) => ({
    subject: 'NotebookAccessEnforced' as const,
    reason: 'NotebookAccessWarning' as const,
    message,
  }));
  return stage({ notes });
}

/** A principal as one word: `role/DataScientist`. IAM's names have no regard to case. */
function principalKey({ kind, name }: Principal): string {
  return `${kind}/${name.toLowerCase()}`;
}
