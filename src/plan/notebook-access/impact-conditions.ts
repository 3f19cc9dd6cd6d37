/** What the condition of somebody else's statement says about requests on the way of before and after. */
import { canonicalCidr } from '../cidr.ts';

/** The way that callers come after private DNS is on: through one of these, from this VPC. */
export interface EndpointPath {
  readonly endpointIds: readonly string[];
  readonly vpcId: string;
}

/** What a condition can come to, over all requests of a way. */
export interface Outcomes {
  readonly canHold: boolean;
  readonly canFail: boolean;
}

export interface ConditionImpact {
  /** Over the internet, from any public address. */
  readonly before: Outcomes;
  /** Through any of the link's endpoints. */
  readonly after: Outcomes;
  /** Whether a key about endpoints is there too: the author thought of them. */
  readonly namesEndpoints: boolean;
  /** Whether keys other than those about networks are there, which may hold or not. */
  readonly hasOtherTests: boolean;
}

const endpointKeys: readonly string[] = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:vpcsourceip'];

/**
 * What becomes of a Condition element when callers come through the endpoints instead of over the
 * internet: `aws:SourceIp` is absent then, `aws:SourceVpce`, `aws:SourceVpc` and `aws:VpcSourceIp`
 * are present. Tests of other keys may come to either result, the same before and after.
 *
 * @returns undefined for a condition without `aws:SourceIp`
 */
export function impactOnCondition(
  condition: Readonly<Record<string, unknown>>,
  path: EndpointPath,
): ConditionImpact | undefined {
  const tests = testsOf(condition);
  if (!tests.some(({ key }) => key === 'aws:sourceip')) return undefined;
  const networkTests = tests.filter(({ key }) => isNetworkKey(key));
  return {
    before: all(networkTests.map((test) => outcomesBefore(test))),
    after: all(networkTests.map((test) => outcomesAfter(test, path))),
    namesEndpoints: tests.some(({ key }) => endpointKeys.includes(key)),
    hasOtherTests: tests.length > networkTests.length,
  };
}

interface ConditionTest {
  /** In lower case, without set operator and `IfExists`. */
  readonly operator: string;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

function testsOf(condition: Readonly<Record<string, unknown>>): readonly ConditionTest[] {
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

function isNetworkKey(key: string): boolean {
  return key === 'aws:sourceip' || key === 'aws:viaawsservice' || endpointKeys.includes(key);
}

const holds: Outcomes = { canHold: true, canFail: false };
const fails: Outcomes = { canHold: false, canFail: true };
const either: Outcomes = { canHold: true, canFail: true };

/** An AND over tests that don't depend on each other. */
function all(outcomes: readonly Outcomes[]): Outcomes {
  return {
    canHold: outcomes.every(({ canHold }) => canHold),
    canFail: outcomes.some(({ canFail }) => canFail),
  };
}

function outcomesBefore(test: ConditionTest): Outcomes {
  if (test.key === 'aws:viaawsservice') return ofValue(test, ['false']);
  if (test.key !== 'aws:sourceip') return ofAbsent(test);
  if (test.operator === 'null') return test.values.includes('true') ? fails : holds;
  const isNegated = test.operator.includes('not');
  const everything = test.values.some((value) => ['0.0.0.0/0', '*'].includes(value));
  if (everything) return isNegated ? fails : holds;
  // Blocks that no request from the internet can have, or text that is no block, match nothing.
  const nothing = test.values.every((value) => canonicalCidr(asBlock(value)) === undefined);
  if (nothing && test.operator.includes('ipaddress')) return isNegated ? holds : fails;
  return either;
}

function outcomesAfter(test: ConditionTest, path: EndpointPath): Outcomes {
  switch (test.key) {
    case 'aws:sourceip':
      return ofAbsent(test);
    case 'aws:viaawsservice':
      return ofValue(test, ['false']);
    case 'aws:sourcevpce':
      return ofValue(test, path.endpointIds);
    case 'aws:sourcevpc':
      return ofValue(test, [path.vpcId]);
    default:
      return test.operator === 'null' ? ofPresence(test, true) : either;
  }
}

/** The test of an absent key. Source: IAM User Guide, condition operators and set operators. */
function ofAbsent(test: ConditionTest): Outcomes {
  if (test.operator === 'null') return ofPresence(test, false);
  if (test.ifExists || test.quantifier === 'ForAllValues') return holds;
  if (test.quantifier === 'ForAnyValue') return fails;
  return test.operator.includes('not') ? holds : fails;
}

function ofPresence(test: ConditionTest, isPresent: boolean): Outcomes {
  const wantsAbsent = test.values.some((value) => value.toLowerCase() === 'true');
  return wantsAbsent === isPresent ? fails : holds;
}

/** The test of a key that has one of these values. */
function ofValue(test: ConditionTest, actual: readonly string[]): Outcomes {
  if (test.operator === 'null') return ofPresence(test, true);
  const isNegated = test.operator.includes('not');
  const results = actual.map((value) => {
    const isListed = test.values.some((wanted) => {
      const expression = wanted.replace(/[\\^$.+()[\]{}|]/g, '\\$&').replaceAll('*', '.*');
      const isLike = test.operator.includes('like');
      return isLike
        ? new RegExp(`^${expression.replaceAll('?', '.')}$`).test(value)
        : wanted.toLowerCase() === value.toLowerCase();
    });
    return isListed !== isNegated;
  });
  return { canHold: results.includes(true), canFail: results.includes(false) };
}

function asBlock(value: string): string {
  if (value.includes('/')) return value;
  return `${value}/${value.includes(':') ? 128 : 32}`;
}
