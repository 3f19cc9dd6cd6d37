import type { CloudError, CloudErrorKind } from '../../plan/cloud.ts';
import type { Clock } from '../../runtime/clock.ts';
import { abortedBy } from './aborted.ts';
import type { CallBudget } from '../rate-limit/call-budget.ts';
import type { AcquireOptions } from '../rate-limit/gate.ts';
import { CredentialsFailure } from '../accounts/credentials-failure.ts';
import type { AwsAction, AwsTransport, InputOf, OutputOf, SendOptions } from './operations.ts';
import { toCloudError } from './to-cloud-error.ts';

/** One request that was sent, for metrics and for counting. */
export interface CallRecord {
  /** `ec2`, `sts`, ... */
  readonly service: string;
  /** The operation without its service: `DescribeVpcs`. */
  readonly action: string;
  readonly result: 'ok' | CloudErrorKind;
  /**
   * From sending to the answer, without the wait for the budget; with the wait for credentials
   * when they had to be got first.
   */
  readonly durationMs: number;
  /** AWS's id of a request that changed something, by which CloudTrail tells of it too. */
  readonly requestId?: string;
}

/** How a call stands in line, and how it is cut off. */
export type CallOptions = Omit<AcquireOptions, 'again'> & Pick<SendOptions, 'sieve'>;

/** The only way to AWS: each call waits for its turn, is counted, and throws `CloudError`. */
export interface AwsCalls {
  call<A extends AwsAction>(
    action: A,
    input: InputOf<A>,
    options: CallOptions,
  ): Promise<OutputOf<A>>;
  /**
   * The same for an input that is made when the call's turn has come, so that it holds everything
   * that was asked for while the call waited.
   */
  callFilled<A extends AwsAction>(
    action: A,
    fill: () => InputOf<A>,
    options: CallOptions,
  ): Promise<OutputOf<A>>;
}

export interface AwsCallsOptions {
  readonly transport: AwsTransport;
  readonly budget: CallBudget;
  readonly clock: Clock;
  readonly onCall?: (record: CallRecord) => void;
}

const attempts = 3;
/** Wait before a read is repeated that got no answer. */
const readRetryDelayMs = 200;
/** A read is not repeated when the first attempt took longer: a worker is waiting. */
const quickFailureMs = 5000;

/**
 * Joins transport, budget and error table. Throttled calls are repeated (nothing happened), at
 * most twice and never longer than the budget's longest wait. Calls that change nothing and quickly
 * got no answer are repeated too; changes are not, because the next pass repeats them after it has
 * looked.
 */
export function createAwsCalls({ transport, budget, clock, onCall }: AwsCallsOptions): AwsCalls {
  async function attempt<A extends AwsAction>(
    action: A,
    input: InputOf<A>,
    options: SendOptions,
  ): Promise<OutputOf<A>> {
    const { signal } = options;
    const startedAt = clock.now();
    function record(result: 'ok' | CloudErrorKind, requestId?: string): void {
      const [service = '', name = ''] = action.split(':');
      const id = requestId === undefined || !changesResources(action) ? {} : { requestId };
      onCall?.({ service, action: name, result, durationMs: clock.now() - startedAt, ...id });
    }
    try {
      const output = await transport.send(action, input, options);
      record('ok', output.$metadata.requestId);
      return output;
    } catch (error) {
      record(toCloudError(action, error, signal).kind);
      throw error;
    }
  }

  async function callFilled<A extends AwsAction>(
    action: A,
    fill: () => InputOf<A>,
    { sieve, ...turn }: CallOptions,
  ): Promise<OutputOf<A>> {
    const { signal } = turn;
    const startedAt = clock.now();
    let input: InputOf<A> | undefined;
    for (let made = 0; ; made += 1) {
      await budget.acquire(action, { ...turn, again: made > 0 });
      input ??= fill();
      try {
        const output = await attempt(action, input, { signal, sieve });
        budget.accepted(action);
        return output;
      } catch (thrown) {
        const error = toCloudError(action, thrown, signal);
        // Nothing was sent, and whoever gets the credentials has repeated what is worth repeating.
        if (thrown instanceof CredentialsFailure) throw error;
        if (error.kind === 'Throttled') budget.throttled(action);
        if (made + 1 >= attempts) throw error;
        if (!(await mayRepeat(action, error, { clock, startedAt, signal }))) throw error;
      }
    }
  }

  return {
    call: (action, input, callOptions) => callFilled(action, () => input, callOptions),
    callFilled,
  };
}

interface Attempted {
  readonly clock: Clock;
  /** When the first attempt began, in milliseconds of the clock. */
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

/** True when a call that was sent should be made once more. */
async function mayRepeat(
  action: AwsAction,
  error: CloudError,
  { clock, startedAt, signal }: Attempted,
): Promise<boolean> {
  if (error.kind === 'Throttled') return true;
  if (error.kind !== 'Unavailable' || !changesNothing(action)) return false;
  if (clock.now() - startedAt > quickFailureMs) return false;
  await clock.sleep(readRetryDelayMs, signal).catch(() => {
    throw abortedBy(action);
  });
  return true;
}

/** A message of a queue is no resource that an event could be about. */
function changesResources(action: AwsAction): boolean {
  return !changesNothing(action) && !action.startsWith('sqs:');
}

function changesNothing(action: AwsAction): boolean {
  return /^(ec2:Describe|iam:Get|iam:List|sts:|sqs:Receive)/.test(action);
}
