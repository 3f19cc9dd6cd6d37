import type { PolicyDocuments } from './read-policy-documents.ts';
import type { ReadContext } from '../read-context.ts';

/** Everything that the reads of IAM are made of. */
export interface PolicyContext extends ReadContext {
  readonly documents: PolicyDocuments;
}
