import {
  hasDoubledName,
  isJsonObject,
  type JsonObject,
  parseJsonObject,
} from '../protocol/json-object.ts';
import { legacyFault, syntaxFault } from './faults.ts';
import { actionFault } from './actions.ts';
import { conditionFault } from './conditions.ts';
import { principalFault } from './principals.ts';
import { resourceFault } from './resources.ts';

/** The kinds of documents, which differ in the elements that a statement has. */
export type DocumentKind = 'identity' | 'trust' | 'endpoint';

const documentElements = ['Version', 'Id', 'Statement'];
const statementElements = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
/** Elements of which a statement has one or the other. */
const pairs = ['Principal', 'Action', 'Resource'] as const;

/**
 * The words in which AWS refuses a policy document; undefined for a document that is well formed.
 * The grammar is that of the IAM user guide ("Grammar of the IAM JSON policy language"), the order
 * of the checks is the one that moto's authors saw at AWS.
 */
export function documentFault(text: string, kind: DocumentKind): string | undefined {
  const document = parseJsonObject(text);
  if (document === undefined || !hasOnly(document, documentElements)) return syntaxFault;
  // IAM user guide, "More than one Effect, Action, or Resource element in a Statement element".
  if (hasDoubledName(text)) return syntaxFault;
  const { Version, Id, Statement } = document;
  if (Id !== undefined && typeof Id !== 'string') return syntaxFault;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    return 'The policy must contain a valid version string.';
  }
  const statements = [Statement ?? []].flat();
  if (statements.length === 0 || !statements.every(isJsonObject)) return syntaxFault;
  return firstFault([
    ...statements.map((statement) => () => shapeFault(statement)),
    ...statements.map((statement) => () => effectFault(statement)),
    () => sidFault(statements, kind),
    ...statements.map((statement) => () => elementFault(statement, kind)),
    ...statements.map((statement) => () => valueFault(statement, kind)),
  ]);
}

function firstFault(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function hasOnly(object: JsonObject, known: readonly string[]): boolean {
  return Object.entries(object).every(([name, value]) => known.includes(name) && value !== null);
}

/** Whether the elements are known, one of each pair, and of the right type. */
function shapeFault(statement: JsonObject): string | undefined {
  const { Sid, Effect, Condition } = statement;
  const isDoubled = pairs.some((name) => name in statement && `Not${name}` in statement);
  const texts = pairs.slice(1).flatMap((name) => [statement[name], statement[`Not${name}`]]);
  const isWellTyped =
    hasOnly(statement, statementElements) &&
    !isDoubled &&
    texts.flat().every((value) => value === undefined || typeof value === 'string') &&
    (Sid === undefined || typeof Sid === 'string') &&
    typeof Effect === 'string' &&
    /^(allow|deny)$/i.test(Effect) &&
    (Condition === undefined || isJsonObject(Condition));
  return isWellTyped ? undefined : syntaxFault;
}

function effectFault({ Effect }: JsonObject): string | undefined {
  return Effect === 'Allow' || Effect === 'Deny' ? undefined : legacyFault;
}

/** Policies of resources may have any Sid (IAM user guide, Sid). */
function sidFault(statements: readonly JsonObject[], kind: DocumentKind): string | undefined {
  const sids = statements.flatMap(({ Sid }) => (typeof Sid === 'string' && Sid !== '' ? Sid : []));
  if (kind !== 'endpoint' && !sids.every((sid) => /^[a-zA-Z0-9]+$/.test(sid))) {
    return 'Statement IDs (SID) in a single policy must be alpha numeric.';
  }
  if (new Set(sids).size === sids.length) return undefined;
  return 'Statement IDs (SID) in a single policy must be unique.';
}

/** Whether a statement has the elements that its kind of document needs, and no others. */
function elementFault(statement: JsonObject, kind: DocumentKind): string | undefined {
  const hasPrincipal = 'Principal' in statement || 'NotPrincipal' in statement;
  if (kind === 'identity' && hasPrincipal) return 'Policy document should not specify a principal.';
  if (kind === 'trust') {
    if (!hasPrincipal) return 'AssumeRolepolicy must contain a Principal.';
    if ('Resource' in statement || 'NotResource' in statement) {
      return 'Has prohibited field Resource';
    }
  }
  if (kind === 'endpoint' && !hasPrincipal) return 'Missing required field Principal';
  if (textsIn(statement, 'Action').length === 0) return 'Policy statement must contain actions.';
  if (kind !== 'trust' && textsIn(statement, 'Resource').length === 0) {
    return 'Policy statement must contain resources.';
  }
  return undefined;
}

function valueFault(statement: JsonObject, kind: DocumentKind): string | undefined {
  const { Principal, NotPrincipal, Condition = {} } = statement;
  return firstFault([
    ...textsIn(statement, 'Resource').map((resource) => () => resourceFault(resource)),
    ...textsIn(statement, 'Action').map((action) => () => actionFault(action, kind)),
    ...[Principal, NotPrincipal].map((principal) => () => principalFault(principal)),
    () => conditionFault(Condition as JsonObject),
  ]);
}

/** The texts of `X` or `NotX`; an empty text is none. */
function textsIn(statement: JsonObject, name: (typeof pairs)[number]): string[] {
  const values = [statement[name] ?? statement[`Not${name}`] ?? []].flat() as string[];
  return values.includes('') ? [] : values;
}
