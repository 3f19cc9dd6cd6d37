import type { Caller } from '../../plan/facts.ts';
import type { PolicyDocuments } from './read-policy-documents.ts';
import type { WriteContext } from '../write-context.ts';

/** Everything that changes of IAM policies are made of. */
export interface PolicyWriteContext extends WriteContext {
  readonly documents: PolicyDocuments;
  /** The account that the calls work in. */
  caller(signal: AbortSignal): Promise<Caller>;
}
