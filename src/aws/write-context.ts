import type { AwsCalls, CallOptions } from './client/aws-calls.ts';

/** Everything that every family of changes is made of. */
export interface WriteContext {
  readonly calls: AwsCalls;
  readonly options: CallOptions;
}
