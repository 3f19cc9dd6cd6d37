import { CloudError } from '../plan/cloud.ts';

/**
 * Runs a change and says what is full where IAM answers `LimitExceeded`: its text names a quota and
 * not the thing.
 * @param full The thing that is full, in words that begin a sentence.
 */
export async function explainQuota<Answer>(
  full: string,
  change: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'Quota') throw error;
    const { kind, action, code, message, text = message } = error;
    // The one quota that is about the document, and not about how many there are.
    if (message.includes('PolicySize')) throw error;
    throw new CloudError({ kind, action, code, text, message: `${message} (${full})` });
  }
}
