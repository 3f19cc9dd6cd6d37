/** One permission of the caller, as AWS says it without doing anything. */
export interface PermissionAnswer {
  /** IAM's name of the action. */
  readonly action: string;
  readonly answer: 'allowed' | 'denied' | 'unknown';
  /** AWS's words, or why nobody knows. */
  readonly message: string;
}
