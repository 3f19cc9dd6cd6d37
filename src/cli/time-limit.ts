import { UserError } from '../runtime/user-error.ts';

/** Ends work that has taken longer than `--timeout`. */
export class TimeIsOver extends UserError {}

/** A signal that aborts after `timeoutMs`, with a reason that says how to go on. */
export function timeLimit(timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const message = `not done after ${timeoutMs / 1000} s (--timeout); run it again to go on`;
  setTimeout(() => controller.abort(new TimeIsOver(message)), timeoutMs).unref();
  return controller.signal;
}
