import { setMaxListeners } from 'node:events';
import { createAwsCalls } from '../../../src/aws/client/aws-calls.ts';
import type {
  AwsAction,
  AwsTransport,
  InputOf,
  OutputOf,
} from '../../../src/aws/client/operations.ts';
import { createRequestHandler } from '../../../src/aws/client/request-handler.ts';
import { createSdkTransport } from '../../../src/aws/client/sdk-transport.ts';
import type { AskOptions } from '../../../src/aws/consistency/shared-read.ts';
import type { PolicyContext } from '../../../src/aws/notebook-policy/policy-read-context.ts';
import type { PolicyWriteContext } from '../../../src/aws/notebook-policy/policy-write-context.ts';
import { createPolicyDocuments } from '../../../src/aws/notebook-policy/read-policy-documents.ts';
import type { CallBudget } from '../../../src/aws/rate-limit/call-budget.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import type { AccountControl } from '../../../src/simulator/control/account-control.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import type { SimulatorOptions } from '../../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';

const region = 'eu-west-1';
export const accountId = '111122223333';
export const apiService = `com.amazonaws.${region}.sagemaker.api`;

/** Calls over the real SDK without a budget, and the simulated AWS that answers them. */
export interface SimulatedCalls {
  readonly simulator: Simulator;
  readonly aws: RegionControl;
  readonly iam: AccountControl;
  /** The SDK alone. */
  readonly transport: AwsTransport;
  readonly reading: PolicyContext;
  readonly writing: PolicyWriteContext;
  /** A question whose answer has to be read from now on. */
  ask(): AskOptions;
  /** How often an operation was called. */
  sent(operation: string): number;
  /** From now on the answer to a call is what becomes of it: the SDK leaves out what AWS left out. */
  answering<A extends AwsAction>(action: A, change: (answer: OutputOf<A>) => OutputOf<A>): void;
  /** From now on lists come in pages of so many entries, whatever is asked for. */
  pagesOf(size: number): void;
  close(): Promise<void>;
}

const unlimited: CallBudget = {
  acquire: () => Promise.resolve(),
  throttled: () => undefined,
  accepted: () => undefined,
  stillWaits: () => undefined,
  waiting: () => [],
};

/** Seconds of AWS are milliseconds here: endpoints are pending for 60 ms and deleting for 60 ms. */
export async function startSimulatedCalls(options: SimulatorOptions = {}): Promise<SimulatedCalls> {
  const times = { pendingMs: 60, deletingMs: 60, tombstoneMs: 30 };
  const simulator = await startSimulator({ ...times, throttling: false, ...options });
  Object.assign(process.env, awsClientEnvironment(simulator.url, region));
  const requestHandler = createRequestHandler();
  const credentials = () =>
    Promise.resolve({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' });
  const sdk = createSdkTransport({ region, credentials, requestHandler });
  const changes = new Map<AwsAction, (answer: never) => unknown>();
  let pageSize: number | undefined;

  const transport: AwsTransport = {
    async send<A extends AwsAction>(
      action: A,
      input: InputOf<A>,
      { signal }: { readonly signal: AbortSignal },
    ) {
      const isPaged = pageSize !== undefined && 'MaxResults' in input;
      const sent = isPaged ? { ...input, MaxResults: pageSize } : input;
      const answer = await sdk.send(action, sent, { signal });
      return (changes.get(action)?.(answer as never) ?? answer) as OutputOf<A>;
    },
  };

  const clock = systemClock();
  const calls = createAwsCalls({ transport, budget: unlimited, clock });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const documents = createPolicyDocuments();
  const caller = { account: accountId, partition: 'aws', arn: `arn:aws:iam::${accountId}:root` };

  return {
    simulator,
    aws: simulator.world.region(region),
    iam: simulator.world.account(),
    transport,
    reading: { calls, clock, gatherMs: 1, documents },
    writing: { calls, documents, options: { signal }, caller: () => Promise.resolve(caller) },
    ask: () => ({ since: clock.now(), signal }),
    sent: (operation) => simulator.callCounts()[operation] ?? 0,
    answering: (action, change) => void changes.set(action, change),
    pagesOf: (size) => void (pageSize = size),
    async close() {
      requestHandler.destroy();
      await simulator.close();
    },
  };
}
