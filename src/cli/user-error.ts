/** Something that the user can mend; its message says how. Printed without a stack. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UserError';
  }
}

/** Runs what fails only for what the user has set, so that its errors are printed without a stack. */
export function forUser<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw userErrorFrom(error);
  }
}

/** The same error as one for the user. */
export function userErrorFrom(error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(error instanceof Error ? error.message : String(error));
}
