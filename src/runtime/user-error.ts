/** A mistake that the user can correct; its message says how. Printed without a stack. */
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
  if (isSystemError(error)) return new UserError(systemErrorWords(error));
  return new UserError(error instanceof Error ? error.message : String(error));
}

/** An error of a system call, such as a port that is taken or a file that is not there. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly address?: string;
  readonly port?: number;
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** The resource that the system did not give, and the remedy. */
export function systemErrorWords({ code, syscall, address, port, message }: SystemError): string {
  if (syscall !== 'listen') return message;
  const where = `port ${port ?? 'unknown'} of ${address ?? 'this machine'}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is taken already; choose another one`;
    case 'EACCES':
      return `there is no right to listen on ${where}; choose one above 1023`;
    case 'EADDRNOTAVAIL':
      return `this machine has no address ${address ?? ''} to listen on`;
    default:
      return message;
  }
}
