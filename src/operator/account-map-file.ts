import { readFile } from 'node:fs/promises';
import type { AccountMap } from '../aws/accounts/account-map.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { UserError } from '../runtime/user-error.ts';

/** How often the file is read: the kubelet brings a changed ConfigMap within about a minute. */
const checkMs = 5_000;

export interface FollowOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the following. */
  readonly signal: AbortSignal;
  readonly onChange: () => void;
}

/** Reads an account map. Throws a `UserError` that says what is wrong where, and no value of it. */
export async function readAccountMap(file: string): Promise<AccountMap> {
  return parse(await read(file), file);
}

/**
 * The account map of a file as it is at any time. Read again and again instead of watched: a
 * mounted ConfigMap changes by a swap of symbolic links, which watches of files do not see.
 *
 * A file that went bad changes nothing until it is good again: a slip of the pen must not stall the
 * links of every account. To end an account's use at once, take the trust off its role.
 *
 * @param file undefined: an empty map
 * @throws UserError when the file is bad at the start
 */
export async function followAccountMap(
  file: string | undefined,
  options: FollowOptions,
): Promise<() => AccountMap> {
  if (file === undefined) return () => new Map();
  const text = await read(file);
  const current = { map: await parse(text, file), text };
  void follow(file, current, options);
  return () => current.map;
}

async function follow(
  file: string,
  current: { map: AccountMap; text: string },
  { clock, logger, signal, onChange }: FollowOptions,
): Promise<void> {
  let complaint: string | undefined;
  for (;;) {
    try {
      await clock.sleep(checkMs, signal);
    } catch {
      return;
    }
    try {
      const text = await read(file);
      if (text !== current.text) {
        current.map = await parse(text, file);
        current.text = text;
        logger.info({ file, accounts: [...current.map.keys()] }, 'the account map has changed');
        onChange();
      }
      complaint = undefined;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== complaint)
        logger.error({ problem }, 'the account map is invalid: the last valid one stays in force');
      complaint = problem;
    }
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`the account map ${file} cannot be read: ${why}`);
  }
}

async function parse(text: string, file: string): Promise<AccountMap> {
  // Loaded by those alone who have a map: the YAML parser is large.
  const { AccountMapError, parseAccountMap } = await import('../aws/accounts/parse-account-map.ts');
  try {
    return parseAccountMap(text);
  } catch (error) {
    if (!(error instanceof AccountMapError)) throw error;
    const lines = error.problems.map((problem) => `\n  ${problem}`).join('');
    throw new UserError(`the account map ${file} is not valid:${lines}`);
  }
}
