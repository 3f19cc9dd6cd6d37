import type { Cloud } from '../plan/cloud.ts';
import type { Action, ResultOf } from '../plan/actions.ts';
import type { AnswerTo, Look } from '../plan/looks.ts';
import { createAnswerLook } from './answer-look.ts';
import { applyAction } from './apply-action.ts';
import { type CallRecord, createAwsCalls } from './aws-calls.ts';
import { createCallBudget } from './call-budget.ts';
import type { CallLimits } from './call-limits.ts';
import { type Clock, systemClock } from './clock.ts';
import type { AwsTransport } from './operations.ts';
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
  /** Called once for each request that was sent. */
  readonly onCall?: (record: CallRecord) => void;
}

/** One AWS account and region over a transport. Throws nothing but `CloudError`. */
export function createCloud(options: CloudOptions): Cloud {
  const { clusterId, transport, limits, maxWaitMs, onCall } = options;
  const { clock = systemClock(), gatherMs = 75, settleMs = 60_000 } = options;
  const budget = createCallBudget({
    clock,
    ...(limits === undefined ? {} : { limits }),
    ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
  });
  const calls = createAwsCalls({
    transport,
    budget,
    clock,
    ...(onCall === undefined ? {} : { onCall }),
  });
  const recentWrites = createRecentWrites(clock, settleMs);
  const context = { calls, clock, gatherMs };
  const answerLook = createAnswerLook({ clusterId, context, recentWrites });
  const endpointDeletions = createEndpointDeletions(context);

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
      const result = await applyAction(action, { calls, endpointDeletions }, signal);
      recentWrites.record(action, result);
      return result as ResultOf<A>;
    },
  };
}
