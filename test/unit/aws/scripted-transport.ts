import type {
  AwsAction,
  AwsTransport,
  InputOf,
  OutputOf,
} from '../../../src/aws/client/operations.ts';

/** What a scripted AWS does with a call. */
export type Script = {
  readonly [A in AwsAction]?: (
    input: InputOf<A>,
    signal: AbortSignal,
  ) => Partial<OutputOf<A>> | Promise<Partial<OutputOf<A>>>;
};

export interface SentCall {
  readonly action: AwsAction;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ScriptedTransport extends AwsTransport {
  /** Everything that was sent, in its order. */
  readonly sent: readonly SentCall[];
  /** The inputs of one action. */
  inputsOf<A extends AwsAction>(action: A): readonly InputOf<A>[];
}

/** An AWS that answers by a script; a call without one fails the test. */
export function scriptedTransport(script: Script): ScriptedTransport {
  const sent: SentCall[] = [];
  return {
    sent,
    inputsOf: <A extends AwsAction>(action: A) =>
      sent.filter((call) => call.action === action).map(({ input }) => input as InputOf<A>),
    async send(action, input, { signal }) {
      sent.push({ action, input: input as Readonly<Record<string, unknown>> });
      const answer = script[action];
      if (answer === undefined) throw new Error(`nobody expected ${action}`);
      return { $metadata: {}, ...(await answer(input, signal)) } as OutputOf<typeof action>;
    },
  };
}

/** An error as the SDK throws it for an answer of EC2's. */
export function ec2Error(code: string, message = '', httpStatusCode = 400): Error {
  return Object.assign(new Error(message), {
    name: code,
    Code: code,
    $fault: 'client',
    $metadata: { httpStatusCode },
  });
}
