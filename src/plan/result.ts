import type { Problem } from './findings.ts';

/** Something found, or the problems that keep it from being found. */
export type Result<T> =
  | { readonly found: true; readonly value: T }
  | { readonly found: false; readonly problems: readonly Problem[] };

/** It is there. */
export function found<T>(value: T): Result<T> {
  return { found: true, value };
}

/** It is not there, because of this. */
export function notFound(problem: Problem): Result<never> {
  return { found: false, problems: [problem] };
}
