import type { PolicyDocument } from '../../facts.ts';

/** One statement of a document that this operator generates, as it stands. */
export interface GeneratedStatement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator, then context key in lower case, then values. */
  readonly condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * The statements of a document that has the form of the generated ones: Deny statements with Action,
 * Resource and Condition. One value and a list of one are the same, and names of context keys have
 * no case, because IAM takes them so.
 *
 * @returns undefined for any other document, such as one that somebody has edited
 */
export function generatedStatements(
  document: PolicyDocument,
): readonly GeneratedStatement[] | undefined {
  const { Statement: listed, Version, ...rest } = document;
  if (Version !== '2012-10-17' || Object.keys(rest).length > 0) return undefined;
  const statements = (Array.isArray(listed) ? listed : [listed]).map(statementOf);
  if (statements.length === 0 || statements.includes(undefined)) return undefined;
  return statements as readonly GeneratedStatement[];
}

function statementOf(value: unknown): GeneratedStatement | undefined {
  if (!isRecord(value)) return undefined;
  const { Sid: sid, Effect, Action, Resource, Condition, ...rest } = value;
  if (Effect !== 'Deny' || typeof sid !== 'string' || Object.keys(rest).length > 0) {
    return undefined;
  }
  const actions = textsOf(Action);
  const resources = textsOf(Resource);
  const condition = conditionOf(Condition);
  if (actions === undefined || resources === undefined || condition === undefined) {
    return undefined;
  }
  return { sid, actions, resources, condition };
}

function conditionOf(value: unknown): GeneratedStatement['condition'] | undefined {
  if (!isRecord(value)) return undefined;
  const operators: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, keys] of Object.entries(value)) {
    if (!isRecord(keys)) return undefined;
    const texts: Record<string, readonly string[]> = {};
    for (const [key, values] of Object.entries(keys)) {
      const list = textsOf(values);
      if (list === undefined || texts[key.toLowerCase()] !== undefined) return undefined;
      texts[key.toLowerCase()] = list;
    }
    operators[operator] = texts;
  }
  return operators;
}

/** At least one text. */
function textsOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((one) => typeof one === 'string');
  return texts.length > 0 && texts.length === list.length ? texts : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
