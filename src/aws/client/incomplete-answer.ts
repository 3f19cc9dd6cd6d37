import { CloudError } from '../../plan/cloud.ts';
import type { AwsAction } from './operations.ts';

/**
 * AWS said yes and left out what its API promises: nothing that the operator or a user did. Going
 * on without it would be guessing: an endpoint whose service is not known looks like one that
 * nobody wants any more.
 *
 * @param what The end of a sentence about the answer, such as `without the id of the group`.
 */
export function incompleteAnswer(action: AwsAction, what: string): CloudError {
  return new CloudError({
    kind: 'Unknown',
    action,
    code: 'IncompleteAnswer',
    message: `${action} answered ${what}`,
  });
}
