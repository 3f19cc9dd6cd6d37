/**
 * The tests of a Condition element that somebody else wrote, and their results for a request.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued keys".
 */
import { isIP } from 'node:net';
import { canonicalCidr, isInside } from '../../network/cidr.ts';

export interface ConditionTest {
  /** In lower case, without set operator and `IfExists`. */
  readonly operator: string;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** A request's context: the value of each key that is present, by its name in lower case. */
export type RequestContext = ReadonlyMap<string, string>;

/** The tests of a Condition element; IAM takes all of them together. */
export function conditionTests(
  condition: Readonly<Record<string, unknown>>,
): readonly ConditionTest[] {
  return Object.entries(condition).flatMap(([name, keys]) => {
    if (typeof keys !== 'object' || keys === null) return [];
    const parts = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/i.exec(name);
    const set = parts?.[1]?.toLowerCase();
    return Object.entries(keys).map(
      ([key, values]): ConditionTest => ({
        operator: (parts?.[2] ?? name).toLowerCase(),
        quantifier:
          set === undefined ? undefined : set === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue',
        ifExists: parts?.[3] !== undefined,
        key: key.toLowerCase(),
        values: (Array.isArray(values) ? values : [values]).map(String),
      }),
    );
  });
}

/**
 * The result of a test of a key that has one value at most.
 *
 * @returns undefined where it depends on something that is not known: a policy variable, an
 *   operator for numbers, dates or ARNs, or `ForAnyValue:...IfExists` without the key
 */
export function testResult(test: ConditionTest, context: RequestContext): boolean | undefined {
  const actual = context.get(test.key);
  if (test.operator === 'null') {
    const wantsAbsent = test.values.some((value) => value.toLowerCase() === 'true');
    return wantsAbsent === (actual === undefined);
  }
  if (actual === undefined) return resultWithoutKey(test);
  if (test.values.some((value) => value.includes('${'))) return undefined;
  const matcher = matchers[positive(test.operator)];
  if (matcher === undefined) return undefined;
  return test.values.some((value) => matcher(value, actual)) !== isNegated(test.operator);
}

function resultWithoutKey(test: ConditionTest): boolean | undefined {
  // AWS documents each of the two, and not which of them wins.
  if (test.ifExists && test.quantifier === 'ForAnyValue') return undefined;
  if (test.ifExists || test.quantifier === 'ForAllValues') return true;
  return test.quantifier === undefined && isNegated(test.operator);
}

function isNegated(operator: string): boolean {
  return operator.includes('not');
}

function positive(operator: string): string {
  return operator.replace('not', '');
}

type Matcher = (wanted: string, actual: string) => boolean;

const matchers: Readonly<Record<string, Matcher | undefined>> = {
  stringequals: (wanted, actual) => wanted === actual,
  stringequalsignorecase: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  stringlike: likeMatches,
  bool: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  ipaddress: (wanted, actual) => {
    const block = blockOf(wanted);
    return block !== undefined && isInside(actual, [block]);
  },
};

function likeMatches(pattern: string, text: string): boolean {
  const expression = pattern
    .split(/([*?])/)
    .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : part.replace(special, '\\$&')))
    .join('');
  return new RegExp(`^${expression}$`, 's').test(text);
}

const special = /[\\^$.*+?()[\]{}|]/g;

/** The block that a value of an address operator means: a bare address is a block of one. */
export function blockOf(value: string): string | undefined {
  const version = isIP(value);
  return canonicalCidr(version === 0 ? value : `${value}/${version === 4 ? 32 : 128}`);
}
