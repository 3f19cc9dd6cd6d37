import { CloudError } from '../../plan/cloud.ts';

/** The error of a call that our own shutdown or deadline cut off. */
export function abortedBy(action: string): CloudError {
  return new CloudError({
    kind: 'Aborted',
    action,
    code: 'Aborted',
    message: `${action} was cut off by a shutdown or a deadline`,
  });
}

/** Whether a failure says something of what was asked for, other than that nobody waits for it. */
export function isAnswer(error: unknown): error is CloudError {
  return error instanceof CloudError && error.kind !== 'Aborted';
}
