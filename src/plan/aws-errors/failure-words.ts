import type { CloudError } from '../cloud.ts';

/** Codes of the operator's own: the call was not sent, or was cut off, by its own decision. */
const ownCodes: readonly string[] = ['CallBudgetSpent', 'AccountMapChanged'];

/** True where AWS has nothing to do with the failure: it is no warning either. */
export function isOurOwnDoing({ code, kind }: CloudError): boolean {
  return ownCodes.includes(code) || kind === 'Aborted';
}

/** The cause of a call's failure, in a few words that can be searched for. */
export function failureWords(error: CloudError): string {
  if (error.code === 'CallBudgetSpent') return 'waits for the call budget';
  if (isOurOwnDoing(error)) return 'cut off';
  if (error.code === 'NoAnswer') return 'AWS did not answer';
  if (error.code === 'NoCredentials') return 'no credentials for AWS';
  if (error.code === 'IncompleteAnswer') return 'AWS answered in part';
  return error.kind === 'Unavailable' ? 'AWS failed' : 'AWS refused';
}
