import { changesOf } from '../plan/actions/action-catalogue.ts';
import { type ApplyOptions, type Cloud, CloudError, type LookOptions } from '../plan/cloud.ts';
import type { Caller } from '../plan/facts.ts';
import type { Action, ResultOf } from '../plan/actions.ts';
import { isAboutResources } from '../plan/look-table.ts';
import type { AnswerTo, Look } from '../plan/looks.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { type AccountIam, createAccountIam, withIamBudget } from './accounts/account-iam.ts';
import { type Answering, createAnswering } from './answer-look.ts';
import { createAnswerPolicyLook } from './notebook-policy/answer-policy-look.ts';
import { applyAction, isOfSeveral, overtakes, placeOf } from './apply-action.ts';
import { type AwsCalls, type CallRecord, createAwsCalls } from './client/aws-calls.ts';
import {
  type CallBudget,
  type CallBudgetOptions,
  createCallBudget,
} from './rate-limit/call-budget.ts';
import type { CallLimits } from './rate-limit/call-limits.ts';
import type { AwsAction, AwsTransport } from './client/operations.ts';
import type { ReadContext } from './read-context.ts';
import { type CallerReader, createCallerReader } from './accounts/read-caller.ts';
import { createOwnedMerges } from './merge-owned.ts';
import { createOwnedReader } from './read-owned.ts';
import { createRuleMemory, type RuleMemory } from './security-group/rule-memory.ts';
import { createPolicyMerges } from './notebook-policy/merge-policies.ts';
import { createExpectedSweeps, type ExpectedSweeps } from './consistency/expected-sweeps.ts';
import { createRecentWrites, type RecentWrites } from './consistency/recent-writes.ts';
import { createNetworkInterfacesReader } from './endpoint/read-network-interfaces.ts';
import { createPendingEndpoints, type PendingEndpoints } from './endpoint/pending-endpoints.ts';
import { createEndpointDeletions } from './endpoint/endpoint-deletions.ts';
import type { SendContext } from './write-table.ts';

/** How the AWS layer behaves; everything has a default that is right for AWS. */
export interface CloudTuning {
  /** @default the process's monotonic clock */
  readonly clock?: Clock;
  /** Replaces AWS's published call rates for some actions. */
  readonly limits?: CallLimits;
  /** The part of AWS's published call rates that is used, above 0 and at most 1. @default 1 */
  readonly callShare?: number;
  /** The longest wait of one call for its turn, in milliseconds. @default 10000 */
  readonly maxWaitMs?: number;
  /** For how long no more questions of a kind come when its call goes out, in ms. @default 75 */
  readonly gatherMs?: number;
  /** Pause between two looks at endpoints that AWS works on, in ms. @default 2000 */
  readonly pendingPollMs?: number;
  /** How long a change of ours may be invisible in AWS's answers, in ms. @default 60000 */
  readonly settleMs?: number;
}

export interface CloudOptions extends CloudTuning {
  /** The cluster whose resources `Owned` answers with. */
  readonly clusterId: string;
  readonly transport: AwsTransport;
  /** Shared by the regions of an account. @default the cloud's own */
  readonly iam?: AccountIam;
  /** Shared by all who work in the account and region. @default the cloud's own */
  readonly budget?: CallBudget;
  /**
   * Throws for a caller that may not be worked as. When given, nothing is asked and nothing is
   * done before AWS has said who the caller is.
   */
  readonly checkCaller?: (caller: Caller) => void;
  /** Called once for each request that was sent. */
  readonly onCall?: (record: CallRecord) => void;
}

/** How calls are held back, from the tuning. */
export function budgetOptions(tuning: CloudTuning, clock: Clock): CallBudgetOptions {
  const { limits, callShare, maxWaitMs } = tuning;
  return {
    clock,
    ...(limits === undefined ? {} : { limits }),
    ...(callShare === undefined ? {} : { share: callShare }),
    ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
  };
}

/** A cloud whose changes can be made with credentials of their own. */
export interface SharedCloud extends Cloud {
  /**
   * The same cloud, whose reads are shared with everybody, and whose changes go out by the
   * transport, never in one call with the changes of others.
   */
  writingBy(transport: AwsTransport): Cloud;
}

/** One AWS account and region over a transport. Throws nothing but `CloudError`. */
export function createCloud(options: CloudOptions): SharedCloud {
  const { clusterId, transport, onCall, checkCaller } = options;
  const {
    clock = systemClock(),
    gatherMs = 75,
    settleMs = 60_000,
    pendingPollMs = 2_000,
  } = options;
  const { iam = createAccountIam(budgetOptions(options, clock)) } = options;
  const { budget = createCallBudget(budgetOptions(options, clock)) } = options;
  const allBudgets = withIamBudget(budget, iam.budget);
  const callsBy = (carrier: AwsTransport): AwsCalls =>
    createAwsCalls({
      transport: carrier,
      budget: allBudgets,
      clock,
      ...(onCall === undefined ? {} : { onCall }),
    });
  const calls = callsBy(transport);
  const recentWrites = createRecentWrites(clock, settleMs, overtakes);
  const context = { calls, clock, gatherMs };
  const { documents } = iam;
  const caller = createCallerReader(context, checkCaller);
  const ruleMemory = createRuleMemory();
  const doubts = createDoubts(clock, ruleMemory);
  const reads = { clusterId, context, recentWrites, documents, caller, ruleMemory, doubts };
  const { answerLook, pending, ...hints } = createReads({ ...reads, pendingPollMs, settleMs });
  // An account's credentials never change the account: an old answer is as good as a new one.
  const knownCaller = (signal: AbortSignal): Promise<Caller> => caller({ since: 0, signal });

  async function confirmCaller(signal: AbortSignal): Promise<void> {
    if (checkCaller !== undefined) await knownCaller(signal);
  }

  async function look<L extends Look>(question: L, ask: LookOptions): Promise<AnswerTo<L>> {
    await confirmCaller(ask.signal);
    const since = Math.max(ask.since, doubts.before(question));
    // The switch over the kinds of look pairs each with its answer; the types cannot follow.
    return (await answerLook(question, { ...ask, since })) as AnswerTo<L>;
  }

  const writer = (writeCalls: AwsCalls): Cloud['apply'] =>
    createApply({
      edges: {
        calls: writeCalls,
        documents,
        endpointDeletions: createEndpointDeletions({ ...context, calls: writeCalls }),
        caller: knownCaller,
      },
      recentWrites,
      confirmCaller,
      doubts,
      onEndpointChanged: (id) => pending.begin(id),
    });
  const whenChanged: Cloud['whenChanged'] = (ids, onEnd) => pending.watch(ids, onEnd);
  const stillWaits: Cloud['stillWaits'] = (action, former, urgency) =>
    allBudgets.stillWaits(former.action as AwsAction, placeOf(action), urgency);
  const reading = { now: () => clock.now(), look, ...hints, whenChanged, stillWaits };
  return {
    ...reading,
    apply: writer(calls),
    writingBy: (carrier) => ({ ...reading, apply: writer(callsBy(carrier)) }),
  };
}

interface ReadsOptions {
  readonly clusterId: string;
  readonly context: ReadContext;
  readonly recentWrites: RecentWrites;
  readonly documents: AccountIam['documents'];
  readonly caller: CallerReader;
  readonly pendingPollMs: number;
  readonly settleMs: number;
  readonly ruleMemory: RuleMemory;
  readonly doubts: Doubts;
}

/** A read of all endpoints that takes longer would hold up those who wait for one endpoint. */
const quickMs = 500;

/** So many endpoints for each one that is waited for are read by no more calls than those by their ids. */
const mostPerAwaited = 2;

interface Reads extends Answering {
  readonly pending: PendingEndpoints;
  readonly expectSweep: ExpectedSweeps['expect'];
  readonly knownHoldings: NonNullable<Cloud['knownHoldings']>;
}

/** The answers to looks, and the watch of what AWS works on, over the same reads. */
function createReads(options: ReadsOptions): Reads {
  const { clusterId, context, recentWrites, documents, caller, pendingPollMs, settleMs } = options;
  const merges = createOwnedMerges(recentWrites);
  const networkInterfaces = createNetworkInterfacesReader(context);
  const owned = createOwnedReader(clusterId, context, options.ruleMemory, (read) =>
    merges.prepare(read),
  );
  const sweeps = createExpectedSweeps();
  const pending = createPendingEndpoints({
    ...context,
    pollMs: pendingPollMs,
    readAllEndpoints({ nowMs: since, awaited }, signal) {
      const last = owned.endpoints.last();
      if (last === undefined || last.tookMs > quickMs) return undefined;
      const areFew = last.part.all.length <= awaited * mostPerAwaited;
      const isWanted = areFew || sweeps.isDue(since, last.part.begunAt);
      return isWanted ? owned.endpoints({ since, signal }) : undefined;
    },
    observe: (read) => merges.observe(read),
    endpoint: (id) => merges.endpoint(id),
    endpointAsRead: (id) => merges.endpointAsRead(id),
    settleMs,
    readInterfaces: networkInterfaces,
  });
  const answerPolicyLook = createAnswerPolicyLook(
    { ...context, documents },
    createPolicyMerges(recentWrites),
  );
  const readers = { context, merges, owned, networkInterfaces, caller, answerPolicyLook };
  const knownHoldings: Reads['knownHoldings'] = (owner, since) => {
    const last = owned.last();
    if (last === undefined) return undefined;
    const from = Math.max(since, options.doubts.before({ kind: 'Owned', owner }));
    const isNew = Math.min(last.endpoints.begunAt, last.securityGroups.begunAt) >= from;
    return isNew ? merges.mergeOwnedOf(last, owner) : undefined;
  };
  const expectSweep: Reads['expectSweep'] = (sweep) => sweeps.expect(sweep);
  return { ...createAnswering(readers), pending, expectSweep, knownHoldings };
}

/** From when on reads are believed. */
interface Doubts {
  /** Answers to the look that were begun before this are not believed, in the clock's milliseconds. */
  before(question: Look): number;
  /** After a change of a resource. */
  changed(id: string): void;
  /** After a change that AWS refused, or may not have made. */
  refused(): void;
  /** After a change whose outcome is unknown: reads may be older than it. */
  doubtReads(): void;
  /** After a change for which AWS does not find something, such as a VPC that is deleted. */
  doubtNetwork(): void;
}

function createDoubts(clock: Clock, ruleMemory: RuleMemory): Doubts {
  let resourcesBefore = 0;
  let networkBefore = 0;
  return {
    before: (question) => (isAboutResources(question) ? resourcesBefore : networkBefore),
    changed: (id) => ruleMemory.forget(id, clock.now()),
    refused: () => ruleMemory.forgetAll(clock.now()),
    doubtReads() {
      resourcesBefore = clock.now();
    },
    doubtNetwork() {
      networkBefore = clock.now();
    },
  };
}

interface ApplierOptions {
  readonly edges: Omit<SendContext, 'options'>;
  readonly recentWrites: RecentWrites;
  /** Throws when the caller is not one to work as. */
  readonly confirmCaller: (signal: AbortSignal) => Promise<void>;
  readonly doubts: Doubts;
  /** Called with the id of each endpoint that AWS has begun to make, to change or to delete. */
  readonly onEndpointChanged: (id: string) => void;
}

/** Changes, with what reads should know of them. */
function createApply(parts: ApplierOptions): Cloud['apply'] {
  const { edges, recentWrites, confirmCaller, doubts, onEndpointChanged } = parts;
  return async <A extends Action>(action: A, options: ApplyOptions): Promise<ResultOf<A>> => {
    await confirmCaller(options.signal);
    try {
      const result = await applyAction(action, edges, options);
      recentWrites.record(action, result);
      for (const { of, id } of changesOf(action, result)) {
        if (of === 'Endpoint') onEndpointChanged(id);
        doubts.changed(id);
      }
      return result;
    } catch (error) {
      if (!(error instanceof CloudError) || error.kind !== 'Throttled') doubts.refused();
      if (mayHaveTakenEffect(action, error)) {
        doubts.doubtReads();
        recentWrites.doubt(action);
      }
      if (error instanceof CloudError && error.kind === 'NotFound') doubts.doubtNetwork();
      throw error;
    }
  };
}

/** True for a failed change of which AWS may have made all or some. */
function mayHaveTakenEffect(action: Action, error: unknown): boolean {
  if (!(error instanceof CloudError)) return true;
  if (['Unavailable', 'Aborted', 'Unknown'].includes(error.kind)) return true;
  // A throttled call changes nothing.
  return isOfSeveral(action) && error.kind !== 'Throttled';
}
