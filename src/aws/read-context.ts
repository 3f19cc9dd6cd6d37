import type { AwsCalls } from './client/aws-calls.ts';
import type { Clock } from '../runtime/clock.ts';

/** Everything that every family of reads is made of. */
export interface ReadContext {
  readonly calls: AwsCalls;
  readonly clock: Clock;
  /** For how long no more questions come when a read begins, in milliseconds. */
  readonly gatherMs: number;
}
