import type { CloudError } from '../../plan/cloud.ts';
import type { Caller } from '../../plan/facts.ts';
import { incompleteAnswer } from '../client/incomplete-answer.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'sts:GetCallerIdentity';

/** Says who the credentials belong to. */
export type CallerReader = (options: AskOptions) => Promise<Caller>;

/**
 * Answers `Caller`: who the credentials belong to. Needs no IAM permission.
 * @param check throws for a caller that may not be worked as; it is then asked for anew each time
 */
export function createCallerReader(
  { calls, clock, gatherMs }: ReadContext,
  check: (caller: Caller) => void = () => undefined,
): CallerReader {
  const read = createSharedRead<Caller>({
    action,
    clock,
    gatherMs,
    async load(_keys, signal) {
      const identity = await calls.call(action, {}, { signal });
      const { Account: account, Arn: arn } = identity;
      if (account === undefined || arn === undefined) throw incompleteCaller();
      const caller = { account, arn, partition: arn.split(':')[1] ?? 'aws' };
      check(caller);
      return new Map([['', caller]]);
    },
  });

  return async (options) => {
    const caller = (await read.ask([''], options)).get('');
    if (caller === undefined) throw incompleteCaller();
    return caller;
  };
}

function incompleteCaller(): CloudError {
  return incompleteAnswer(action, 'without an account and an ARN; check the endpoint of STS');
}
