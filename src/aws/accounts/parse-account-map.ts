/** From the text of an account map to its entries. */
import { parseDocument } from 'yaml';
import type { AccountEntry, AccountMap } from './account-map.ts';

/** Everything that is wrong with an account map, one line each. Never shows a value of the map. */
export class AccountMapError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'AccountMapError';
    this.problems = problems;
  }
}

/** The rule that the schema has for `spec.account`. */
const namePattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const longestName = 63;
/** A role's ARN with its path: IAM's API reference, `Role`. */
const roleArnPattern = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/;
const longestArn = 2048;
/** STS's API reference, `AssumeRole`. */
const externalIdPattern = /^[\w+=,.@:/-]{2,1224}$/;

/**
 * Reads a map of the form `accounts: {<name>: {roleArn, externalId}}`. Unknown fields are refused:
 * a misspelt `externalId` would otherwise be one that is not asked for.
 *
 * @throws AccountMapError
 */
export function parseAccountMap(text: string): AccountMap {
  const root = parseYaml(text);
  if (!isRecord(root)) throw new AccountMapError(['must be a mapping with the field accounts']);
  const { accounts } = root;
  const problems = unknownFields(root, ['accounts'], '');
  if (!isRecord(accounts)) {
    throw new AccountMapError([...problems, 'accounts: must be a mapping of names; {} for none']);
  }
  const entries = new Map<string, AccountEntry>();
  for (const [name, value] of Object.entries(accounts)) {
    const read = readEntry(name, value);
    problems.push(...read.problems);
    if (read.entry !== undefined) entries.set(name, read.entry);
  }
  if (problems.length > 0) throw new AccountMapError(problems);
  return entries;
}

/** The parser's own messages quote the text, which may hold an external id. */
function parseYaml(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw new AccountMapError([`line ${line}: not valid YAML (${error.code})`]);
  }
  try {
    return document.toJS() as unknown;
  } catch {
    throw new AccountMapError(['not valid YAML (aliases can not be resolved)']);
  }
}

interface ReadEntry {
  readonly entry?: AccountEntry;
  readonly problems: readonly string[];
}

function readEntry(name: string, value: unknown): ReadEntry {
  if (!namePattern.test(name) || name.length > longestName) {
    const shown = JSON.stringify(name.slice(0, longestName));
    const rule = `lower-case letters, digits and '-', beginning with a letter, at most ${longestName} characters`;
    return { problems: [`accounts: the name ${shown} must consist of ${rule}`] };
  }
  const at = `accounts.${name}`;
  if (!isRecord(value)) return { problems: [`${at}: must be a mapping with the field roleArn`] };
  const problems = unknownFields(value, ['roleArn', 'externalId'], `${at}.`);
  const { roleArn, externalId } = value;
  const accountId = accountOfRole(roleArn);
  if (accountId === undefined) {
    problems.push(
      `${at}.roleArn: must be the ARN of a role, such as arn:aws:iam::111122223333:role/name`,
    );
  }
  if (externalId !== undefined && !isMatch(externalId, externalIdPattern)) {
    problems.push(
      `${at}.externalId: must be text of 2 to 1224 letters, digits or +=,.@:/-_ (in quotes where YAML takes it for a number)`,
    );
  }
  if (problems.length > 0 || accountId === undefined) return { problems };
  const given = externalId === undefined ? {} : { externalId: externalId as string };
  return { entry: { roleArn: roleArn as string, accountId, ...given }, problems };
}

function accountOfRole(arn: unknown): string | undefined {
  if (typeof arn !== 'string' || arn.length > longestArn) return undefined;
  return roleArnPattern.exec(arn)?.[1];
}

function isMatch(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function unknownFields(record: object, known: readonly string[], at: string): string[] {
  return Object.keys(record)
    .filter((field) => !known.includes(field))
    .map((field) => {
      const shown = JSON.stringify(field.slice(0, longestName));
      return `${at}${shown} is not a field of the account map: ${known.join(', ')}`;
    });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
