/** The notebook policy of a link at IAM: made, changed, attached and taken away in a safe order. */
import type { Caller, ManagedPolicy, Principal } from '../facts.ts';
import type { Note, Problem } from '../findings.ts';
import { isOwnedBy } from '../ownership/ownership.ts';
import { isSamePrincipal } from './actions/policy-changes.ts';
import { joined, type Stage, settled, stage } from '../stage.ts';
import { isWanted, type NotebookAccessInput } from './access-input.ts';
import { graceWait, settlingWait, waitsForWays } from './access-waits.ts';
import {
  documentAwaitsEndpoints,
  formerlyAttached,
  ownAttachments,
  planForeignAttachments,
  planReattachment,
  principalKey,
} from './attachments.ts';
import { notebookPolicy } from './document/documents.ts';
import { findPolicy, wantedPolicyArn } from './find-policy.ts';
import { planFormerPolicy } from './former-policy.ts';
import { awaitsPrivateDns, type ImpactPlan, planImpact } from './impact/plan-impact.ts';
import {
  hasLostItsTags,
  planMisplaced,
  planNamesake,
  planPolicyTags,
  planRelease,
  planRename,
} from './plan-policy-ownership.ts';
import { isPermissionSetRole, isWithoutEffect } from './permission-sets.ts';
import { planSteps } from './plan-steps.ts';
import { isEnforcedEverywhere, policySeen } from './policy-grace.ts';
import { listedPrincipals, protectionOf, protectionProblems } from './protected-principals.ts';
import { heldByRivals, rivalProblems } from './rivals.ts';
import { type SafeSteps, safeSteps, type WantedPolicy } from './safe-order.ts';
import { accessWarnings } from './document/warnings.ts';
import { type Ways, ownEndpoints, waysOf, type WaysInput } from './ways.ts';
import {
  type EntryHold,
  entryHoldOf,
  isPastWaiting,
  isUnread,
  planUnread,
  readingSeen,
} from './unread-policy.ts';
import { allowsOwnEndpointsOnly } from './withheld.ts';

/** The plan for the policy, and the changes to endpoints that it allows. */
export interface NotebookAccessPlan {
  readonly stage: Stage;
  /** Whether private DNS of endpoints through which notebooks are opened may be turned on now. */
  readonly mayEnterEndpoints: boolean;
  /** Whether their private DNS may be turned off now, and they be deleted. */
  readonly mayLeaveEndpoints: boolean;
  /** Whether private DNS of all other endpoints may be turned on now: no notebook is opened there. */
  readonly mayEnterOthers: boolean;
  /** Why private DNS of the endpoints that open notebooks waits for IAM, if it does. */
  readonly entryHold?: EntryHold;
  /** Whether a policy is or was in play: then endpoints are created without private DNS. */
  readonly isInPlay: boolean;
  /** True when IAM has nothing of this link. */
  readonly isGone: boolean;
  /** See `Plan.seen`. */
  readonly seen: Readonly<Record<string, string>>;
  /** See `Ways.settledNames`. */
  readonly settledNames: Readonly<Record<string, boolean>>;
}

const notInPlay: NotebookAccessPlan = {
  stage: settled,
  mayEnterEndpoints: true,
  mayLeaveEndpoints: true,
  mayEnterOthers: true,
  isInPlay: false,
  isGone: true,
  seen: {},
  settledNames: {},
};

/** Plans the policy, and says whether the endpoints may go on. */
export function planNotebookAccess(input: NotebookAccessInput): NotebookAccessPlan {
  const found = findPolicy(input);
  if (found.kind === 'None') return notInPlay;
  if (found.kind === 'Unknown') return held(found.stage, input);
  const { caller, arn, policy } = found;
  const former = policy === undefined ? formerPolicy(input, caller) : undefined;
  if (former !== undefined) return held(former, input);
  const isOurs = policy !== undefined && isOwnedBy(policy.tags, input.owner);
  if (!isWanted(input) && !isOurs && !hasLostItsTags(policy, input)) return afterRemoval(input);
  if (isOurs && input.goal === 'absent' && input.spec.deletionPolicy === 'Retain') {
    return { ...notInPlay, stage: planRelease(policy), isInPlay: true, isGone: false };
  }
  // A policy that goes needs no endpoints to be known.
  const owned = input.owned ?? (isWanted(input) ? undefined : []);
  if (owned === undefined) {
    const repair = isOurs ? planReattachment(input, caller, policy) : settled;
    return held(joined([documentAwaitsEndpoints(arn, policy), repair]), input);
  }
  const { partition } = caller;
  const { settledNames } = input.remembered;
  const ways = waysOf({ ...input, owned, partition, settledNames });
  const plan = planPolicy({ ...input, owned }, { caller, arn, policy, ways });
  return {
    ...plan,
    seen: { ...ways.seen, ...policySeen(policy), ...readingSeen('done') },
    settledNames: ways.settledNames,
  };
}

/** The policy of the status is the one that the link has; without any, an earlier link's may be. */
function formerPolicy(input: NotebookAccessInput, caller: Caller): Stage | undefined {
  const { remembered, observation } = input;
  const isKnown = remembered.policyArn !== undefined || observation.namesakePolicy !== undefined;
  return isKnown ? undefined : planFormerPolicy(input, caller);
}

/**
 * The policy is gone. Principals that had it are denied until all of IAM knows that, and must not
 * lose the way by which they get in meanwhile.
 */
function afterRemoval(input: NotebookAccessInput): NotebookAccessPlan {
  const { spec, remembered, elapsed } = input;
  const wasInPlay = spec.notebookAccess !== undefined || remembered.attachedTo.length > 0;
  const isForgotten = !wasInPlay || isEnforcedEverywhere(undefined, elapsed);
  if (isForgotten) return { ...notInPlay, seen: policySeen(undefined) };
  return {
    ...notInPlay,
    stage: input.goal === 'absent' ? stage({ waits: [graceWait] }) : settled,
    mayEnterEndpoints: false,
    mayLeaveEndpoints: false,
    seen: policySeen(undefined),
  };
}

/**
 * The policy stays as it is until more is known, and so do the ways to notebooks. Endpoints that
 * open no notebook go on.
 */
function held(part: Stage, input: NotebookAccessInput): NotebookAccessPlan {
  const mayEnter = isPastWaiting(input);
  const impact = impactOf(input, mayEnter);
  return {
    stage: joined([part, planUnread(input), impact.stage]),
    mayEnterEndpoints: mayEnter && impact.mayGoOn,
    mayLeaveEndpoints: false,
    mayEnterOthers: impact.mayOthersGoOn,
    ...holdOf(input, impact),
    isInPlay: true,
    isGone: false,
    seen: isUnread(input) ? readingSeen('failed') : {},
    settledNames: {},
  };
}

function holdOf(
  input: NotebookAccessInput,
  impact: ImpactPlan,
): Pick<NotebookAccessPlan, 'entryHold'> {
  const entryHold = entryHoldOf(input, impact);
  return entryHold === undefined ? {} : { entryHold };
}

type KnownInput = NotebookAccessInput & Pick<WaysInput, 'owned'>;

/** The situation that is planned from. */
interface Found {
  readonly caller: Caller;
  readonly arn: string;
  readonly policy: ManagedPolicy | undefined;
  readonly ways: Ways;
}

function planPolicy(input: KnownInput, there: Found): NotebookAccessPlan {
  const { caller, arn, policy, ways } = there;
  const namesake = policy ?? input.observation.namesakePolicy;
  if (namesake !== undefined && namesake.arn !== arn) {
    return held(planMisplaced(namesake, arn), input);
  }
  if (namesake !== undefined && !isOwnedBy(namesake.tags, input.owner)) {
    return held(planNamesake(namesake, input), input);
  }
  const wanted = wantedPolicy(input, caller);
  if ('problems' in wanted) return held(stage({ problems: wanted.problems }), input);
  const listed = isWanted(input) ? listedPrincipals(input.spec.notebookAccess?.attachTo) : [];
  const attachable = listed.filter((one) => protectionOf(one, caller) === undefined);
  const own = ownAttachments(input, policy);
  const safe = safeSteps({
    enforced: policy?.document,
    wanted: wanted.policy,
    attached: own.map(principalKey),
    wantedAttached: attachable.map(principalKey),
    formerlyAttached: formerlyAttached(input),
    endpoints: ways.endpoints,
    awaitsEndpoints: ways.awaitsEndpoints,
  });
  const isDeadEnd = locksOutEverybody(input, ways);
  const rivals = heldByRivals(input.rivals, own).map(principalKey);
  const attach = safe.attach.filter((key) => !rivals.includes(key));
  const steps = { ...safe, attach: isDeadEnd ? onlyFormer(attach, input) : attach };
  const principals = [...own, ...attachable];
  const withheld = attachable.filter(
    (one) => !own.some((other) => isSamePrincipal(one, other)) && !isIn(steps.attach, one),
  );
  return finished(input, there, steps, [
    stage({
      problems: [
        ...protectionProblems(listed, caller),
        ...steps.problems,
        ...(isWanted(input) ? rivalProblems(input.rivals, own) : []),
      ],
    }),
    planForeignAttachments(input, policy),
    planRename(input, arn, wantedPolicyArn(input, caller)),
    planSteps({ input, arn, policy, steps, principals }),
    planPolicyTags(input, policy),
    planWarnings(input, ways),
    stage({
      waits: waitsForWays({
        policy,
        ways,
        wanted: wanted.policy,
        ...(wanted.pending === undefined ? {} : { pending: wanted.pending }),
        awaitsWays: steps.awaitsPaths,
        withheld,
        isDeadEnd,
        deadlineMs: input.elapsed.patience.wayDeadlineMs,
      }),
    }),
  ]);
}

function isIn(keys: readonly string[], principal: Principal): boolean {
  return keys.includes(principalKey(principal));
}

function onlyFormer(keys: readonly string[], input: NotebookAccessInput): readonly string[] {
  const former = formerlyAttached(input);
  return keys.filter((key) => former.includes(key));
}

/** Nobody could get in: the only networks that are allowed are endpoints that nobody can use. */
function locksOutEverybody({ spec }: NotebookAccessInput, { hasAvailable }: Ways): boolean {
  const access = spec.notebookAccess;
  return access !== undefined && allowsOwnEndpointsOnly(access) && !hasAvailable;
}

function finished(
  input: NotebookAccessInput,
  { policy }: Found,
  steps: SafeSteps,
  stages: readonly Stage[],
): NotebookAccessPlan {
  const isSettling = policy?.settling === true;
  const isEverywhere = isEnforcedEverywhere(policy, input.elapsed);
  const waits = policy !== undefined && isSettling ? [settlingWait(policy)] : [];
  // Where the link stays, what waits for this says so itself.
  if (!isSettling && !isEverywhere && input.goal === 'absent') waits.push(graceWait);
  const mayMove = !isSettling && isEverywhere;
  const impact = impactOf(input, steps.mayEnterEndpoints && mayMove);
  return {
    stage: joined([...stages, stage({ waits }), impact.stage]),
    mayEnterEndpoints: steps.mayEnterEndpoints && mayMove && impact.mayGoOn,
    mayLeaveEndpoints: steps.mayLeaveEndpoints && mayMove && !locksOut(input, policy),
    mayEnterOthers: impact.mayOthersGoOn,
    ...holdOf(input, impact),
    isInPlay: true,
    isGone: policy === undefined,
    seen: {},
    settledNames: {},
  };
}

function impactOf(input: NotebookAccessInput, mayEnter: boolean): ImpactPlan {
  const isDue =
    awaitsPrivateDns(input, 'others') || (mayEnter && awaitsPrivateDns(input, 'opening'));
  return planImpact(input, isDue);
}

type Wanted =
  | { readonly policy: WantedPolicy; readonly pending?: string }
  | { readonly problems: readonly Problem[] };

function wantedPolicy(input: KnownInput, caller: Caller): Wanted {
  const access = input.spec.notebookAccess;
  if (input.goal === 'absent' || access === undefined) return { policy: 'Removed' };
  const { region } = input.spec;
  const result = notebookPolicy({
    access,
    partition: caller.partition,
    account: caller.account,
    region,
    endpointIds: ownEndpoints({ ...input, partition: caller.partition }).map(({ id }) => id),
  });
  switch (result.kind) {
    case 'Refused':
      return { problems: result.problems };
    case 'Pending': {
      const { message } = result;
      return { policy: 'Pending', pending: message };
    }
    case 'Document':
      return { policy: result.document };
  }
}

function hasOthers({ attachedTo }: ManagedPolicy): boolean {
  return attachedTo.some((one) => !isPermissionSetRole(one));
}

/** True if principals that keep a policy would lose the endpoints and have no other way. */
function locksOut(input: NotebookAccessInput, policy: ManagedPolicy | undefined): boolean {
  if (isWanted(input) || policy === undefined) return false;
  return !isWithoutEffect(policy) ? policy.attachedTo.length > 0 : hasOthers(policy);
}

function planWarnings({ spec, goal }: NotebookAccessInput, { overdue }: Ways): Stage {
  if (spec.notebookAccess === undefined || goal === 'absent') return settled;
  const messages = [
    ...accessWarnings(spec.notebookAccess, spec.endpoints),
    ...(overdue.length === 0
      ? []
      : [
          `Callers inside the VPC have not been led the way that the spec wants (${overdue.join(', ')}), and that is waited for no longer: the restriction holds wherever they come from, so they may be locked out (see EndpointsAvailable).`,
        ]),
  ];
  const notes = messages.map((message): Note => {
    return { subject: 'NotebookAccessEnforced', reason: 'NotebookAccessWarning', message };
  });
  return stage({ notes });
}
