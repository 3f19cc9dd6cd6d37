import { CloudError } from '../../plan/cloud.ts';
import type { AwsAction } from './operations.ts';

/**
 * AWS said yes and left out what its API promises: nothing that the operator or a user did. To go on
 * without it would be to guess: an endpoint whose service is not known looks like one that nobody
 * wants any more.
 *
 * @param what What the answer came with or without, to end a sentence.
 */
export function incompleteAnswer(action: AwsAction, what: string): CloudError {
  return new CloudError({
    kind: 'Unknown',
    action,
    code: 'IncompleteAnswer',
    message: `${action} answered ${what}`,
  });
}
