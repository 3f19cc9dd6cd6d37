/**
 * One pass over a link: look, plan, act, and plan again until nothing is left to ask or to do.
 * It never waits for AWS to finish something: that ends the pass.
 */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import { createdId, rowOf, targetOfAction } from '../plan/actions/action-catalogue.ts';
import type { Action } from '../plan/actions.ts';
import { CloudError, type Ports } from '../plan/cloud.ts';
import type { VpcDnsAttributes } from '../plan/facts.ts';
import type { ClientsView } from '../plan/clients/status/clients-view.ts';
import { withEffect, withRefusal } from '../plan/actions/effects.ts';
import type { Difference, Note } from '../plan/findings.ts';
import { isAboutResources, targetOfLook } from '../plan/look-table.ts';
import type { Look, OwnerIdentity } from '../plan/looks.ts';
import {
  failureOf,
  nothingObserved,
  type Observation,
  withAnswer,
  withFailure,
} from '../plan/observation.ts';
import { type FailedAction, findingsOf, type PassEnd } from '../plan/pass-end.ts';
import type { Plan, Remembered } from '../plan/plan-input.ts';
import { planLink } from '../plan/plan.ts';
import type { Rival } from '../plan/notebook-policy/rivals.ts';
import type { Elapsed } from '../plan/sightings.ts';
import { takeTurn } from '../runtime/turn.ts';
import type { Claim } from '../plan/urgency.ts';

/** Everything that a pass works on and with. */
export interface PassInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly goal: 'present' | 'absent';
  readonly remembered: Remembered;
  /** False: differences are only found, not repaired (`driftPolicy: Report`). */
  readonly repair: boolean;
  readonly absenceIsFinal: boolean;
  /** For how long things had been as they are when the pass began. */
  readonly elapsed: Elapsed;
  /** See `PlanInput.rivals`. */
  readonly rivals?: readonly Rival[];
  /** See `PlanInput.clients`. */
  readonly clients?: ClientsView;
  /** The ways to the worlds that looks and actions are for. */
  readonly ports: Ports;
  /** Where its changes stand among the calls that wait. See `ApplyOptions.claim`. */
  readonly claim?: Claim;
  /** How old the answers to looks may be: times of the cloud's clock, in milliseconds. */
  readonly freshness: Freshness;
  /**
   * The DNS attributes of the VPC as they are presumed to be. They are asked for before anything is done
   * or said to be open because of them. @default they are asked for
   */
  readonly presumedDns?: VpcDnsAttributes;
  /** Aborts when the process may no longer act: shutdown, or leadership lost. */
  readonly signal: AbortSignal;
  /** Called before each action is sent and after it ended, for logs and metrics. */
  readonly onAction?: OnAction;
}

/** `there`: what the action would have made was there already, so AWS changed nothing. */
export type ActionOutcome = 'begun' | 'done' | 'there' | CloudError;

/** @param createdId with `done`: the id that AWS gave to what the action made */
export type OnAction = (action: Action, outcome: ActionOutcome, createdId?: string) => void;

/** Oldest acceptable begin of a read, by what is read. */
export interface Freshness {
  /** The link's own resources, and those of others in its VPC. */
  readonly resourcesSince: number;
  /** VPCs, subnets, services and groups of others: these change rarely. */
  readonly networkSince: number;
  /** All that the link owns, beside endpoints that AWS works on. @default `resourcesSince` */
  readonly holdingsSince?: number;
  /**
   * The link's own resources, and those of others in its VPC, while nothing is done or said to be open
   * because of the answers: these are asked for anew before. @default `resourcesSince`
   */
  readonly restSince?: number;
  /** Names of policies, for a link that can have none of its own. @default `resourcesSince` */
  readonly policyNamesSince?: number;
}

/**
 * A pass that asks and acts more often than this has a fault; it ends, and the next one goes on. The
 * largest link takes some 200 calls.
 */
const mostRounds = 500;

/**
 * Runs one pass. Failed calls are part of its end, not exceptions.
 *
 * @throws the signal's reason when it was aborted
 */
export async function runPass(input: PassInput): Promise<PassEnd> {
  return planAndAct(input, new Map());
}

/** A pass over the same link that found nothing to do. */
export interface FormerPass {
  /** Everything that it asked, in the order of its answers. */
  readonly looks: readonly Look[];
  /** Whether another pass that knows this would end as it did. */
  isAsBefore(observation: Observation): boolean;
}

/**
 * The same, unless the answers to all that a former pass asked are as they were: then they are all
 * there is, and nothing is planned. A plan follows from the answers before it, so the same answers lead
 * to the same looks.
 */
export async function runPassUnless(
  input: PassInput,
  former: FormerPass | undefined,
): Promise<PassEnd | Pick<PassEnd, 'observation'>> {
  if (former === undefined) return runPass(input);
  const { looks } = former;
  const folds = await Promise.all(looks.map((look) => ask(input, look)));
  // The answers of a read come to all links that wait for it at once.
  await takeTurn();
  input.signal.throwIfAborted();
  const observation = folds.reduce((known, fold) => fold(known), nothingObserved);
  if (former.isAsBefore(observation)) return { observation };
  const answered = looks.map((look, index) => [keyOf(look), folds[index] as Fold] as const);
  return planAndAct(input, new Map(answered));
}

/** @param ahead answers that this pass has asked for already, by look */
async function planAndAct(input: PassInput, ahead: ReadonlyMap<string, Fold>): Promise<PassEnd> {
  let state: PassState = {
    ahead,
    observation: nothingObserved,
    asked: new Set(),
    tried: new Set(),
    done: [],
    createdIds: new Map(),
    found: new Map(),
    notes: new Map(),
    failed: [],
    presumed: [],
  };
  let asking = input;
  for (let round = 0; round < mostRounds; round += 1) {
    // The answers of a read come to all links that wait for it at once.
    await takeTurn();
    input.signal.throwIfAborted();
    const plan = planOf(input, state);
    for (const one of plan.differences) state.found.set(`${one.resource} ${one.field}`, one);
    for (const one of plan.notes) state.notes.set(one.about ?? one.message, one);
    const looks = plan.looks.filter((look) => !state.asked.has(keyOf(look)));
    if (looks.length > 0) {
      state = await afterLooks(asking, state, looks);
      const { observation } = state;
      // A look that failed was asked now.
      const presumed = looks
        .filter(isPresumed(asking))
        .filter((look) => !failureOf(observation, look));
      state = { ...state, presumed: [...state.presumed, ...presumed] };
      continue;
    }
    if (state.presumed.length > 0 && !isQuiet(plan)) {
      asking = doubting(input);
      const doubted = { ...state, ahead: new Map() };
      state = { ...(await afterLooks(asking, doubted, state.presumed)), presumed: [] };
      continue;
    }
    // Only the first: what depends on it is planned again with its outcome known, so that a
    // prerequisite that AWS refuses ends what needs it, and nothing else.
    const next = input.repair
      ? plan.actions.find((one) => !state.tried.has(keyOf(one)))
      : undefined;
    if (next === undefined) return endOf(input, state, plan);
    state = await afterAction(input, state, next);
  }
  return endOf(input, state, planOf(input, state));
}

interface PassState {
  readonly ahead: ReadonlyMap<string, Fold>;
  readonly observation: Observation;
  readonly asked: ReadonlySet<string>;
  /** Actions that were sent, in words; none is sent twice in one pass but for `withRoomFor`. */
  readonly tried: ReadonlySet<string>;
  readonly done: readonly Action[];
  readonly createdIds: Map<Action, string>;
  readonly found: Map<string, Difference>;
  readonly notes: Map<string, Note>;
  readonly failed: readonly FailedAction[];
  /** Looks whose answers are presumed. */
  readonly presumed: readonly Look[];
}

/** Whether the answer to a look is good for a link at rest alone. */
function isPresumed({ presumedDns, freshness }: PassInput): (look: Look) => boolean {
  return (look) =>
    (look.kind === 'VpcDnsAttributes' && presumedDns !== undefined) ||
    (isAboutResources(look) && freshness.restSince !== undefined);
}

/** The same pass when something is to be done, or is open. */
function doubting({ presumedDns: _dns, ...input }: PassInput): PassInput {
  const { restSince: _older, ...freshness } = input.freshness;
  return { ...input, freshness };
}

function isQuiet({ actions, problems, waits, differences }: Plan): boolean {
  return [actions, problems, waits, differences].every(({ length }) => length === 0);
}

function planOf(input: PassInput, { observation, done }: PassState): Plan {
  const { owner, spec, goal, remembered, elapsed } = input;
  // Released resources are looked at once more: an answer that was late may show the rest.
  const hasReleased = done.some((action) => rowOf(action).releases === true);
  const absenceIsFinal = input.absenceIsFinal && !hasReleased;
  const rivals = input.rivals ?? [];
  const clients = input.clients === undefined ? {} : { clients: input.clients };
  const known = { observation, remembered, elapsed, rivals, ...clients };
  return planLink({ owner, spec, goal, absenceIsFinal, ...known });
}

function endOf(input: PassInput, state: PassState, plan: Plan): PassEnd {
  const { observation, done, createdIds, failed } = state;
  const found = [...state.found.values()];
  const notes = [...state.notes.values()];
  const withheld = input.repair ? [] : plan.actions;
  const findings = findingsOf({ plan, done, failed, withheld });
  return { plan, observation, done, createdIds, failed, found, notes, withheld, findings };
}

/** Asks everything at once: reads that can share a call then do. */
async function afterLooks(
  input: PassInput,
  state: PassState,
  looks: readonly Look[],
): Promise<PassState> {
  const answers = await Promise.all(
    looks.map(async (look) => state.ahead.get(keyOf(look)) ?? ask(input, look)),
  );
  const observation = answers.reduce((known, fold) => fold(known), state.observation);
  return { ...state, observation, asked: new Set([...state.asked, ...looks.map(keyOf)]) };
}

type Fold = (observation: Observation) => Observation;

async function ask(input: PassInput, look: Look): Promise<Fold> {
  const { ports, freshness, presumedDns, signal } = input;
  if (look.kind === 'VpcDnsAttributes' && presumedDns !== undefined) {
    return (observation) => withAnswer(observation, look, presumedDns);
  }
  const since = oldestFor(look, freshness);
  try {
    const answer = await ports[targetOfLook(look)].look(look, { since, signal });
    return (observation) => withAnswer(observation, look, answer);
  } catch (cause) {
    const error = cloudErrorOr(cause, signal);
    return (observation) => withFailure(observation, look, error);
  }
}

function oldestFor(look: Look, freshness: Freshness): number {
  const { resourcesSince, networkSince } = freshness;
  const { restSince = resourcesSince } = freshness;
  const { holdingsSince = restSince, policyNamesSince = restSince } = freshness;
  if (look.kind === 'Owned') return holdingsSince;
  if (look.kind === 'PolicyNames') return Math.min(policyNamesSince, restSince);
  return isAboutResources(look) ? restSince : networkSince;
}

async function afterAction(
  input: PassInput,
  former: PassState,
  action: Action,
): Promise<PassState> {
  const state = { ...former, tried: new Set([...former.tried, keyOf(action)]) };
  input.onAction?.(action, 'begun');
  try {
    const result = await input.ports[targetOfAction(action)].apply(action, {
      signal: input.signal,
      claim: input.claim,
    });
    const id = createdId(action, result);
    if (id !== undefined) state.createdIds.set(action, id);
    // A name that was taken already: AWS changed nothing, so nothing is reported as done.
    const isDone = id !== undefined || rowOf(action).createdId === undefined;
    input.onAction?.(action, isDone ? 'done' : 'there', id);
    const observation = withEffect(state.observation, input.owner, action, result);
    const done = isDone ? [...state.done, action] : state.done;
    return withRoomFor(action, { ...state, observation, done });
  } catch (cause) {
    const error = cloudErrorOr(cause, input.signal);
    input.onAction?.(action, error);
    const observation = withRefusal(state.observation, input.owner, action, error);
    return { ...state, observation, failed: [...state.failed, { action, error }] };
  }
}

/** An action that makes room: what a quota refused before is tried again. */
function withRoomFor(action: Action, state: PassState): PassState {
  const { makesRoomFor } = rowOf(action);
  if (makesRoomFor === undefined) return state;
  const isRefused = ({ action: { kind }, error }: FailedAction): boolean =>
    kind === makesRoomFor && error.kind === 'Quota';
  const again = new Set(state.failed.filter(isRefused).map((one) => keyOf(one.action)));
  return {
    ...state,
    tried: new Set([...state.tried].filter((key) => !again.has(key))),
    failed: state.failed.filter((one) => !isRefused(one)),
  };
}

/** Anything but a failed call, or a call cut off by our own signal, is a fault and goes up. */
function cloudErrorOr(cause: unknown, signal: AbortSignal): CloudError {
  signal.throwIfAborted();
  if (cause instanceof CloudError) return cause;
  throw cause;
}

function keyOf(data: Look | Action): string {
  return JSON.stringify(data);
}
