import { type Cloud, CloudError } from '../plan/cloud.ts';
import type { Action, ResultOf } from '../plan/actions.ts';
import type { AnswerTo, Look } from '../plan/looks.ts';
import { type AccountIam, createAccountIam, withIamBudget } from './account-iam.ts';
import { createAnswerLook } from './answer-look.ts';
import { createAnswerPolicyLook } from './answer-policy-look.ts';
import { applyAction } from './apply-action.ts';
import { type CallRecord, createAwsCalls } from './aws-calls.ts';
import { type CallBudgetOptions, createCallBudget } from './call-budget.ts';
import type { CallLimits } from './call-limits.ts';
import { type Clock, systemClock } from './clock.ts';
import type { AwsTransport } from './operations.ts';
import { createCallerReader } from './reads/caller.ts';
import { createRecentPolicyWrites } from './recent-policy-writes.ts';
import { isPolicyAction } from './recent-policy-write.ts';
import { createRecentWrites } from './recent-writes.ts';
import { createEndpointDeletions } from './writes/endpoint-deletions.ts';

/** How the AWS layer behaves; everything has a default that is right for AWS. */
export interface CloudTuning {
  /** @default the process's monotonic clock */
  readonly clock?: Clock;
  /** Replaces AWS's published call rates for some actions. */
  readonly limits?: CallLimits;
  /** The longest wait of one call for its turn, in milliseconds. @default 10000 */
  readonly maxWaitMs?: number;
  /** How long questions of the same kind are gathered into one call, in ms. @default 75 */
  readonly gatherMs?: number;
  /** How long a change of ours may be invisible in AWS's answers, in ms. @default 60000 */
  readonly settleMs?: number;
}

export interface CloudOptions extends CloudTuning {
  /** The cluster whose resources `Owned` answers with. */
  readonly clusterId: string;
  readonly transport: AwsTransport;
  /** Shared by the regions of an account. @default the cloud's own */
  readonly iam?: AccountIam;
  /** Called once for each request that was sent. */
  readonly onCall?: (record: CallRecord) => void;
}

/** How calls are held back, from the tuning. */
export function budgetOptions(tuning: CloudTuning, clock: Clock): CallBudgetOptions {
  const { limits, maxWaitMs } = tuning;
  return {
    clock,
    ...(limits === undefined ? {} : { limits }),
    ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
  };
}

/** One AWS account and region over a transport. Throws nothing but `CloudError`. */
export function createCloud(options: CloudOptions): Cloud {
  const { clusterId, transport, onCall } = options;
  const { clock = systemClock(), gatherMs = 75, settleMs = 60_000 } = options;
  const { iam = createAccountIam(budgetOptions(options, clock)) } = options;
  const budget = createCallBudget(budgetOptions(options, clock));
  const calls = createAwsCalls({
    transport,
    budget: withIamBudget(budget, iam.budget),
    clock,
    ...(onCall === undefined ? {} : { onCall }),
  });
  const recentWrites = createRecentWrites(clock, settleMs);
  const recentPolicyWrites = createRecentPolicyWrites(clock, settleMs);
  const context = { calls, clock, gatherMs };
  const { documents } = iam;
  const caller = createCallerReader(context);
  const answerPolicyLook = createAnswerPolicyLook({ ...context, documents }, recentPolicyWrites);
  const answerLook = createAnswerLook({
    clusterId,
    context,
    recentWrites,
    caller,
    answerPolicyLook,
  });
  const edges = {
    calls,
    documents,
    endpointDeletions: createEndpointDeletions(context),
    // An account's credentials never change the account: an old answer is as good as a new one.
    caller: (signal: AbortSignal) => caller({ since: 0, signal }),
  };

  return {
    now: () => clock.now(),
    async look<L extends Look>(
      look: L,
      ask: { readonly since: number; readonly signal: AbortSignal },
    ): Promise<AnswerTo<L>> {
      // The switch over the kinds of look pairs each with its answer; the types cannot follow.
      return (await answerLook(look, ask)) as AnswerTo<L>;
    },
    async apply<A extends Action>(
      action: A,
      { signal }: { signal: AbortSignal },
    ): Promise<ResultOf<A>> {
      if (!isPolicyAction(action)) {
        const result = await applyAction(action, edges, signal);
        recentWrites.record(action, result);
        return result as ResultOf<A>;
      }
      try {
        const result = await applyAction(action, edges, signal);
        recentPolicyWrites.record(action, result);
        return result as ResultOf<A>;
      } catch (error) {
        if (mayHaveTakenEffect(error)) recentPolicyWrites.doubt(action);
        throw error;
      }
    },
  };
}

/** True for a change whose answer is not known. */
function mayHaveTakenEffect(error: unknown): boolean {
  if (!(error instanceof CloudError)) return true;
  return error.kind === 'Unavailable' || error.kind === 'Aborted' || error.kind === 'Unknown';
}
