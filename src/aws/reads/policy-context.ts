import type { PolicyDocuments } from './policy-documents.ts';
import type { ReadContext } from './read-context.ts';

/** What the reads of IAM are made of. */
export interface PolicyContext extends ReadContext {
  readonly documents: PolicyDocuments;
}
