import { UserError, userErrorFrom } from '../../runtime/user-error.ts';

/**
 * The answer to a read of the cluster.
 * @param subject what is read, in the plural
 * @throws UserError that says what cannot be read
 */
export async function readable<T>(
  subject: string,
  asking: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(`the cluster's ${subject} cannot be read: ${userErrorFrom(error).message}`);
  }
}
