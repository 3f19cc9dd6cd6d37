/** Conditions of policies, evaluated (IAM user guide, "Condition operators" and "multivalued context keys"). */
import type { JsonObject } from '../protocol/json-object.ts';
import { unsupported } from '../unsupported.ts';
import { matchesArn, matchesText } from './patterns.ts';

/** Values by the lower-cased name of their condition key. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

type Comparison = (pattern: string, value: string) => boolean;

const equalsIgnoringCase: Comparison = (pattern, value) =>
  pattern.toLowerCase() === value.toLowerCase();
const equals: Comparison = (pattern, value) => pattern === value;

/** The comparisons, by their names in operators; `Not` turns each around. */
const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: matchesText,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: equalsIgnoringCase,
};

/** The keys that a condition asks for. */
export function keysIn(condition: JsonObject): readonly string[] {
  return Object.values(condition).flatMap((block) => Object.keys(block as JsonObject));
}

/** Whether every test of a condition holds. */
export function holds(condition: JsonObject, context: RequestContext): boolean {
  return Object.entries(condition).every(([operator, block]) =>
    Object.entries(block as JsonObject).every(([key, value]) => {
      const patterns = [value].flat().map(String);
      return passes(operator, patterns, context.get(key.toLowerCase()));
    }),
  );
}

function passes(
  operator: string,
  patterns: readonly string[],
  values: readonly string[] | undefined,
): boolean {
  if (operator === 'Null') return patterns.includes(String(values === undefined));
  const { set, name = '', negated, ifExists } = partsOf(operator);
  const compare = comparisons[name];
  if (compare === undefined) throw unsupported(`The condition operator ${operator}`);
  if (values === undefined) {
    // A test that something is not so holds where nothing is.
    return ifExists || set === 'ForAllValues' || (negated && set === undefined);
  }
  const fits = (value: string): boolean => patterns.some((pattern) => compare(pattern, value));
  const isSo = (value: string): boolean => fits(value) !== negated;
  if (set === 'ForAllValues') return values.every(isSo);
  if (set === 'ForAnyValue') return values.some(isSo);
  return negated ? values.every(isSo) : values.some(isSo);
}

function partsOf(operator: string) {
  const { set, type, not, rest, exists } =
    /^(?:(?<set>ForAllValues|ForAnyValue):)?(?<type>String|Arn|Bool)(?<not>Not)?(?<rest>\w*?)(?<exists>IfExists)?$/.exec(
      operator,
    )?.groups ?? {};
  return {
    set,
    name: type === undefined ? undefined : `${type}${rest ?? ''}`,
    negated: not !== undefined,
    ifExists: exists !== undefined,
  };
}
