/**
 * Whether policies of identities allow an action (IAM user guide, "Policy evaluation logic"): an explicit
 * deny wins, then an allow, and without either it is denied.
 */
import type { JsonObject } from '../protocol/json-object.ts';
import { unsupported } from '../unsupported.ts';
import { holds, keysIn, type RequestContext } from './condition-tests.ts';
import { matchesArn, matchesText } from './patterns.ts';

/** One action on one resource, with the values of the request by condition key. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/** A document, and the name by which IAM tells of it. */
export interface NamedDocument {
  readonly name: string;
  readonly document: string;
}

export interface Verdict {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Names of the policies whose statements decided. */
  readonly decidedBy: readonly string[];
  /** Condition keys that statements about the action and the resource have, and the request has not. */
  readonly missing: readonly string[];
}

/** The decision of the documents together. */
export function evaluate(documents: readonly NamedDocument[], question: Question): Verdict {
  const about = documents.flatMap(({ name, document }) =>
    statementsOf(document)
      .filter((statement) => isAbout(statement, question))
      .map((statement) => ({ name, statement })),
  );
  const conditions = about.map(({ statement }) => conditionOf(statement));
  const keys = conditions.flatMap(keysIn);
  const missing = [...new Set(keys)].filter((key) => !question.context.has(key.toLowerCase()));
  const that = about.filter((_, index) => holds(conditions[index] ?? {}, question.context));
  const namesOf = (effect: string): string[] =>
    that.filter(({ statement }) => statement['Effect'] === effect).map(({ name }) => name);
  const [denying, allowing] = [namesOf('Deny'), namesOf('Allow')];
  if (denying.length > 0) return { decision: 'explicitDeny', decidedBy: denying, missing };
  const decision = allowing.length > 0 ? 'allowed' : 'implicitDeny';
  return { decision, decidedBy: allowing, missing };
}

function statementsOf(document: string): readonly JsonObject[] {
  if (/\$\{(?![*?$]\})/.test(document)) throw unsupported('A policy variable in an evaluation');
  return [(JSON.parse(document) as JsonObject)['Statement'] as JsonObject | JsonObject[]].flat();
}

function conditionOf({ Condition = {} }: JsonObject): JsonObject {
  return Condition as JsonObject;
}

function isAbout(statement: JsonObject, { action, resource }: Question): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  // Names of actions have no case.
  const isNamed = (patterns: unknown): boolean =>
    textsIn(patterns).some((pattern) => matchesText(pattern.toLowerCase(), action.toLowerCase()));
  const isMeant = (patterns: unknown): boolean =>
    textsIn(patterns).some((pattern) => pattern === '*' || matchesArn(pattern, resource));
  const isItsAction = Action === undefined ? !isNamed(NotAction) : isNamed(Action);
  return isItsAction && (Resource === undefined ? !isMeant(NotResource) : isMeant(Resource));
}

function textsIn(patterns: unknown): readonly string[] {
  return [patterns ?? []].flat() as string[];
}
