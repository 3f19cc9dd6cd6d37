/** The credential chain failed, as opposed to the call that asked for credentials. */
export class CredentialsFailure extends Error {
  /** IAM's name of what was tried, such as `sts:AssumeRole`, or `credentials` for the chain. */
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : 'the credential chain failed', { cause });
    this.name = 'CredentialsFailure';
    this.step = step;
  }
}
