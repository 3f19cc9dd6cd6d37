/** The runs of one namespace: what they told, what is awaited, and whether another one is due. Pure. */
import type { SageMakerPrivateLink, VerifySpec } from '../../api/sagemaker-private-link.ts';
import { digestOf } from '../clients/canonical-text.ts';
import { faultWords, faultyZones } from './fault-words.ts';
import { deletionsOf, type PodAction } from './pod-action.ts';
import {
  notStarted,
  outcomeOf,
  type RunOutcome,
  vanished,
  type VerificationPod,
} from './run-outcome.ts';
import {
  type AwaitedRun,
  type EndedRun,
  endedRun,
  type NamespaceMemory,
} from './verification-memory.ts';
import { type PodImage, podsOfRun } from './verification-pod.ts';
import type { NamespaceVerification } from './verification-view.ts';

/**
 * Whether a pod there could tell. `NotReady`: the namespace has not got what the spec says. `AwsIsBusy`:
 * an address of an endpoint that is pending may not answer yet. `Unseen`: nobody has looked.
 */
export type NamespaceReadiness = 'Ready' | 'NotReady' | 'AwsIsBusy' | 'Unseen';

/** Everything that the runs of one namespace depend on. */
export interface NamespaceRunInput {
  readonly link: SageMakerPrivateLink;
  readonly verify: VerifySpec;
  readonly namespace: string;
  readonly basis: string;
  readonly request: string;
  /** The link's pods there. */
  readonly pods: readonly VerificationPod[];
  readonly memory: NamespaceMemory;
  readonly readiness: NamespaceReadiness;
  readonly image: PodImage;
  /** `spec.verify.interval`. */
  readonly intervalMs: number;
  readonly now: number;
  readonly wallTime: number;
}

export interface NamespaceRunPlan {
  readonly actions: readonly PodAction[];
  readonly seen: NamespaceVerification;
  readonly memory: NamespaceMemory;
  readonly againInMs?: number;
}

/** A run without a verdict by then is over: its image or a node cannot be had. */
const runDeadlineMs = 300_000;
/** So long a pod that was just made may be missing in the watch. */
const unseenMs = 30_000;
/** How soon it is verified again where something is wrong. */
const retryMs = 300_000;
/** The shortest time between two runs, whatever changes. */
const pauseMs = 10_000;

/** Decides about one namespace. */
export function planNamespaceRun(input: NamespaceRunInput): NamespaceRunPlan {
  const known = afterEnds(input);
  const { awaited, last } = known;
  const delayMs = awaited === undefined ? delayOfNext(input, last) : untilNews(input, awaited);
  const begun = awaited === undefined && delayMs !== undefined && delayMs <= 0;
  const next = begun ? begin(input, last) : completed(input, awaited);
  const kept = input.pods.filter(
    ({ run, ended }) => run === awaited?.id || (run === last?.id && ended !== undefined),
  );
  const againInMs = begun ? unseenMs : delayMs;
  return {
    actions: [...deletionsOf(input.pods.filter((pod) => !kept.includes(pod))), ...next.actions],
    seen: verification(input, { last, awaited }),
    memory: { ...known, awaited: next.awaited },
    ...(againInMs === undefined ? {} : { againInMs }),
  };
}

/** The memory once every run that has ended is taken down, the oldest first. */
function afterEnds(input: NamespaceRunInput): NamespaceMemory {
  const { memory, pods, now } = input;
  const runs = runsOf(pods);
  const ended = (memory.ended ?? []).filter((id) => runs.some((run) => run.id === id));
  let { last, awaited } = memory;
  for (const run of runs.filter(({ id }) => !ended.includes(id))) {
    const known: Known = awaited?.id === run.id ? awaited : { since: now };
    const isNewest = run === runs.at(-1);
    if (isOver(run, isNewest ? known : { ...known, isWhole: true }, input)) {
      const at = now - ageOf(run, input);
      last = endedRun(run, { at, outcome: outcomeOf(run.pods) }, last);
      ended.push(run.id);
      if (awaited?.id === run.id) awaited = undefined;
    } else {
      const { id, basis, request } = run;
      const obstacle = known.obstacle ?? obstacleOf(run.pods);
      const { since, isWhole } = known;
      awaited = { id, basis, request, since, isWhole, obstacle };
    }
  }
  if (awaited !== undefined && isLost(awaited, input)) {
    last = endedRun(awaited, { at: now, outcome: vanished }, last);
    awaited = undefined;
  }
  return { ended, last, awaited };
}

type Known = Pick<AwaitedRun, 'since' | 'isWhole' | 'obstacle'>;

function isOver(run: PodsOfRun, { since, isWhole }: Known, input: NamespaceRunInput): boolean {
  if (input.now - since >= runDeadlineMs) return true;
  const isBroken = isWhole !== true && isIncomplete(run, input);
  return !isBroken && run.pods.every(({ ended }) => ended !== undefined);
}

/** True for a run about the link as it is, of which not all pods are there. */
function isIncomplete({ basis, request, pods }: PodsOfRun, input: NamespaceRunInput): boolean {
  const [{ pods: wanted } = { pods: 0 }] = pods;
  return basis === input.basis && request === input.request && pods.length < wanted;
}

/**
 * The awaited run with the pods that the process before this one came not to make. Of a run that this
 * process has made, somebody else took the pod that is missing.
 */
function completed(
  input: NamespaceRunInput,
  awaited: AwaitedRun | undefined,
): { readonly actions: readonly PodAction[]; readonly awaited: AwaitedRun | undefined } {
  const run = runsOf(input.pods).find(({ id }) => id === awaited?.id);
  const { link, verify, namespace, image, readiness } = input;
  if (awaited === undefined || awaited.isWhole === true || readiness !== 'Ready' || !run) {
    return { actions: [], awaited };
  }
  const there = new Set(run.pods.map(({ name }) => name));
  const missing = isIncomplete(run, input)
    ? podsOfRun(link, verify, { ...run, namespace }, image)
        .filter(({ metadata }) => !there.has(metadata.name))
        .map((pod): PodAction => ({ kind: 'Create', pod }))
    : [];
  return { actions: missing, awaited: { ...awaited, isWhole: true } };
}

function obstacleOf(pods: readonly VerificationPod[]): string | undefined {
  return pods.find(({ ended, obstacle }) => ended === undefined && obstacle !== undefined)
    ?.obstacle;
}

interface PodsOfRun extends Omit<AwaitedRun, 'since'> {
  readonly createdAt: string;
  readonly pods: readonly VerificationPod[];
}

/** The runs that pods show, the oldest first. */
function runsOf(pods: readonly VerificationPod[]): readonly PodsOfRun[] {
  const ids = [...new Set(pods.map(({ run }) => run))];
  const runs = ids.flatMap((id): readonly PodsOfRun[] => {
    const own = pods.filter(({ run }) => run === id);
    const [first] = own.toSorted((a, b) => compare(a.createdAt, b.createdAt));
    if (first === undefined) return [];
    const { basis, request, createdAt } = first;
    return [{ id, basis, request, createdAt, pods: own }];
  });
  return runs.toSorted((a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * How long ago a run ended, in ms. Timestamps are of other machines' clocks, so that of a process
 * which has just begun is bounded by the interval.
 */
function ageOf({ pods }: PodsOfRun, { wallTime, intervalMs }: NamespaceRunInput): number {
  const ends = pods.flatMap(({ ended }) => (ended === undefined ? [] : Date.parse(ended.at)));
  const ageMs = wallTime - Math.max(...ends);
  return Number.isFinite(ageMs) ? Math.min(Math.max(ageMs, 0), intervalMs) : 0;
}

function isLost({ id, since }: AwaitedRun, { pods, now }: NamespaceRunInput): boolean {
  return pods.every(({ run }) => run !== id) && now - since >= unseenMs;
}

/** In how many ms another run may begin; undefined while the namespace is not ready for one. */
function delayOfNext(
  { readiness, intervalMs, basis, request, now }: NamespaceRunInput,
  last: EndedRun | undefined,
): number | undefined {
  if (readiness !== 'Ready') return undefined;
  if (last === undefined) return 0;
  const isWell = last.outcome.kind === 'Told' && last.outcome.report.reachable;
  const isCurrent = last.basis === basis && last.request === request;
  const afterMs = isWell ? intervalMs : Math.min(intervalMs, retryMs);
  return last.at + (isCurrent ? afterMs : pauseMs) - now;
}

/** The name follows from what was before: an operator that was killed finds the pod that it made. */
function begin(
  { link, verify, namespace, basis, request, image, now }: NamespaceRunInput,
  last: EndedRun | undefined,
): { readonly actions: readonly PodAction[]; readonly awaited: AwaitedRun } {
  const id = digestOf([link.metadata.uid, namespace, basis, request, last?.id ?? ''].join(' '), 12);
  const pods = podsOfRun(link, verify, { id, namespace, basis, request }, image);
  return {
    actions: pods.map((pod) => ({ kind: 'Create', pod })),
    awaited: { id, basis, request, since: now, isWhole: true },
  };
}

function untilNews({ pods, now }: NamespaceRunInput, { id, since }: AwaitedRun): number {
  const isSeen = pods.some(({ run }) => run === id);
  return Math.max(since + (isSeen ? runDeadlineMs : unseenMs) - now, 0);
}

/** The last verdict stands while another one is awaited. */
function verification(
  { link, namespace, basis, readiness }: NamespaceRunInput,
  { last, awaited }: Pick<NamespaceMemory, 'last' | 'awaited'>,
): NamespaceVerification {
  const about = { securityGroupId: link.status?.securityGroup?.id };
  if (last?.basis === basis) return { namespace, ...inShort(last.outcome, about) };
  if (awaited?.obstacle !== undefined) {
    return unknown(namespace, 'PodNotStarted', notStarted(awaited.obstacle).message);
  }
  if (readiness === 'NotReady') {
    const message = 'The namespace has not got what the spec says yet: see ClientsConfigured.';
    return unknown(namespace, 'NamespaceNotConfigured', message);
  }
  if (readiness === 'AwsIsBusy') {
    const message = 'AWS is not done with an endpoint yet: see EndpointsAvailable.';
    return unknown(namespace, 'EndpointsNotAvailable', message);
  }
  return unknown(namespace, 'Verifying', 'No pod has told its verdict yet.');
}

function unknown(
  namespace: string,
  reason: NamespaceVerification['reason'],
  message: string,
): NamespaceVerification {
  return { namespace, state: 'Unknown', reason, message, zones: [] };
}

function inShort(
  outcome: RunOutcome,
  about: { readonly securityGroupId?: string | undefined },
): Omit<NamespaceVerification, 'namespace'> {
  if (outcome.kind === 'Untold') {
    const { reason, message } = outcome;
    return { state: 'Unknown', reason, message, zones: [] };
  }
  const { report } = outcome;
  const [first] = report.faults;
  if (first === undefined)
    return { state: 'Reachable', reason: 'Succeeded', message: '', zones: [] };
  return {
    state: 'Unreachable',
    reason: first.reason,
    message: faultWords(report, about),
    zones: faultyZones(report),
  };
}
