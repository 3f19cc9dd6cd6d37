import { parseAddress, parseNetwork } from '../networks.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../protocol/json-object.ts';
import { malformedPolicy, quotaExceeded } from './errors.ts';

/** IAM's quota of a managed policy; whitespace is not counted. */
const maxManagedPolicyCharacters = 6144;

/** Tab, line feed, carriage return and U+0020 to U+00FF: what IAM accepts in documents. */
const allowedCharacters = /^[\t\n\r\u0020-\u00ff]*$/;

/** Throws IAM's errors for a text that is no identity policy, or is too long for a managed one. */
export function checkManagedPolicy(text: string): void {
  checkIdentityPolicy(text);
  const { length } = text.replace(/\s/g, '');
  if (length > maxManagedPolicyCharacters) {
    throw quotaExceeded('PolicySize', maxManagedPolicyCharacters);
  }
}

export function checkIdentityPolicy(text: string): void {
  const statements = statementsOf(text);
  checkSids(statements);
  for (const statement of statements) {
    if ('Principal' in statement || 'NotPrincipal' in statement) {
      throw malformedPolicy('Policy document should not specify a principal.');
    }
    if (!has(statement, 'Resource'))
      throw malformedPolicy('Policy statement must contain resources.');
    checkStatement(statement);
  }
}

/** The trust policy of a role: with principals and without resources. */
export function checkTrustPolicy(text: string): void {
  for (const statement of statementsOf(text)) {
    if (!('Principal' in statement || 'NotPrincipal' in statement)) {
      throw malformedPolicy('AssumeRolepolicy must contain a Principal.');
    }
    if ('Resource' in statement) throw malformedPolicy('Has prohibited field Resource');
    checkStatement(statement);
  }
}

function statementsOf(text: string): JsonObject[] {
  if (!allowedCharacters.test(text)) {
    throw malformedPolicy('The policy contains characters outside of the allowed range.');
  }
  const { Version, Statement } = parseJsonObject(text) ?? {};
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw malformedPolicy('The policy must contain a valid version string.');
  }
  const statements = [Statement ?? []].flat();
  if (statements.length > 0 && statements.every(isJsonObject)) return statements;
  throw malformedPolicy('Syntax errors in policy.');
}

function checkStatement(statement: JsonObject): void {
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') {
    throw malformedPolicy('Missing required field Effect');
  }
  if (!has(statement, 'Action')) throw malformedPolicy('Policy statement must contain actions.');
  const condition = statement['Condition'] ?? {};
  if (!isJsonObject(condition)) throw malformedPolicy('Syntax errors in policy.');
  for (const [operator, block] of Object.entries(condition)) checkCondition(operator, block);
}

/** `X` or `NotX` is there, as a text or a list of texts that is not empty. */
function has(statement: JsonObject, name: string): boolean {
  const values = [statement[name] ?? statement[`Not${name}`] ?? []].flat();
  return values.length > 0 && values.every((value) => typeof value === 'string' && value !== '');
}

function checkSids(statements: readonly JsonObject[]): void {
  const sids = statements.map((statement) => statement['Sid']).filter((sid) => sid !== undefined);
  if (!sids.every((sid) => typeof sid === 'string' && /^[a-zA-Z0-9]*$/.test(sid))) {
    throw malformedPolicy('Statement IDs (SID) in a single policy must be alpha numeric.');
  }
  if (new Set(sids).size < sids.length) {
    throw malformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  }
}

function checkCondition(operator: string, block: unknown): void {
  if (!isJsonObject(block)) throw malformedPolicy('Syntax errors in policy.');
  const values = Object.values(block).map((value) => [value].flat());
  if (values.some((list) => list.length === 0)) throw malformedPolicy('Syntax errors in policy.');
  if (!/^(ForAnyValue:|ForAllValues:)?(Not)?IpAddress(IfExists)?$/.test(operator)) return;
  const wrong = values.flat().find((value) => !isIpCondition(value));
  if (wrong === undefined) return;
  throw malformedPolicy(
    `Invalid IP address ${JSON.stringify(wrong)} in the condition ${operator}.`,
  );
}

function isIpCondition(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const isAddress = parseAddress(value, 4) !== undefined || parseAddress(value, 6) !== undefined;
  return isAddress || parseNetwork(value) !== undefined;
}

/** Documents in answers are URL-encoded by RFC 3986, stricter than encodeURIComponent. */
export function encodedDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
