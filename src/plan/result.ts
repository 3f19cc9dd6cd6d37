import type { Reason } from '../api/conditions.ts';
import type { Problem, Subject } from './findings.ts';

/** Something found, or the problems that keep it from being found. */
export type Result<T> =
  | { readonly found: true; readonly value: T }
  | { readonly found: false; readonly problems: readonly Problem[] };

/** It is there. */
export function found<T>(value: T): Result<T> {
  return { found: true, value };
}

/** Not found, because of something that a person has to change. */
export function stalled(
  subject: Subject,
  reason: Reason,
  message: string,
): { readonly found: false; readonly problems: readonly Problem[] } {
  return { found: false, problems: [{ subject, reason, message, severity: 'stalled' }] };
}
