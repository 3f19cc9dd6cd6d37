import { hash } from 'node:crypto';

/**
 * A short text that is the same for the same values, as JSON writes them: in the place of what is
 * compared, where thousands are kept. Within one process only.
 */
export function digestOf(...values: readonly unknown[]): string {
  return hash('sha1', JSON.stringify(values), 'base64');
}
