import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  fullAccessPolicy,
  policiesAreEqual,
} from '../../../../src/plan/endpoint/policy-equality.ts';
import { cases } from '../../../model/cases.ts';

interface Statement {
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const few = (...values: string[]): fc.Arbitrary<string[]> => fc.subarray(values, { minLength: 1 });

const statement: fc.Arbitrary<Statement> = fc.record(
  {
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: fc.oneof(
      fc.constant('*'),
      few('arn:aws:iam::1:root', 'arn:aws:iam::2:role/x').map((AWS) => ({ AWS })),
    ),
    Action: few('sagemaker:InvokeEndpoint', 'sagemaker:List*', '*'),
    Resource: few(
      '*',
      'arn:aws:sagemaker:eu-west-1:1:endpoint/A',
      'arn:aws:sagemaker:eu-west-1:1:endpoint/a',
    ),
    Condition: fc.record({
      StringEquals: fc.record({ 'aws:PrincipalAccount': few('1', '2') }),
      Bool: fc.record({ 'aws:SecureTransport': fc.constant(['true']) }),
    }),
  },
  { requiredKeys: ['Effect', 'Principal', 'Action', 'Resource'] },
);
const statements = fc.uniqueArray(statement, {
  minLength: 1,
  maxLength: 3,
  selector: (one) => JSON.stringify(one),
});

const document = (Statement: unknown): Record<string, unknown> => ({
  Version: '2012-10-17',
  Statement,
});

/** One of a list of one, as people and AWS write it in turn. */
function bare(value: unknown): unknown {
  if (Array.isArray(value))
    return value.length === 1 ? bare(value[0]) : [...value].reverse().map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, bare(one)]),
  );
}

test('order, one value or a list of it, and key order make no difference', () => {
  fc.assert(
    fc.property(statements, (given) => {
      expect(policiesAreEqual(document(given), document(bare(given)))).toBe(true);
      expect(policiesAreEqual(document(bare(given)), document([...given, ...given]))).toBe(true);
      expect(policiesAreEqual({ Statement: given }, { ...document(given), Id: 'mine' })).toBe(true);
    }),
    { numRuns: cases(200) },
  );
});

test('two sets of statements are equal exactly when they say the same', () => {
  const key = (given: readonly Statement[]): string =>
    given
      .map((one) => JSON.stringify(one))
      .sort()
      .join();
  fc.assert(
    fc.property(statements, statements, (one, other) => {
      expect(policiesAreEqual(document(one), document(other))).toBe(key(one) === key(other));
    }),
    { numRuns: cases(200) },
  );
});

test('a change of any one part makes another policy', () => {
  const parts: readonly ((one: Statement) => Record<string, unknown>)[] = [
    (one) => ({ ...one, Effect: one.Effect === 'Allow' ? 'Deny' : 'Allow' }),
    (one) => ({ ...one, Principal: { AWS: 'arn:aws:iam::3:root' } }),
    (one) => ({ ...one, Action: [...one.Action, 'sagemaker:Create*'] }),
    (one) => ({ ...one, NotAction: one.Action, Action: undefined }),
    (one) => ({ ...one, Resource: ['arn:aws:sagemaker:eu-west-1:1:endpoint/B'] }),
    (one) => ({ ...one, Condition: { ...one.Condition, Null: { 'aws:SourceVpce': ['true'] } } }),
    (one) => ({ ...one, Sid: 'Named' }),
  ];
  fc.assert(
    fc.property(statement, fc.constantFrom(...parts), (given, changed) => {
      expect(policiesAreEqual(document([given]), document([changed(given)]))).toBe(false);
    }),
    { numRuns: cases(100) },
  );
});

test('what AWS shows for an endpoint without a policy is full access in any spelling', () => {
  const shown = {
    Statement: [{ Action: '*', Effect: 'Allow', Principal: { AWS: ['*'] }, Resource: ['*'] }],
  };
  expect(policiesAreEqual(fullAccessPolicy, shown)).toBe(true);
  expect(policiesAreEqual(fullAccessPolicy, { Version: '2008-10-17', ...shown })).toBe(true);
});

test('the version matters where a policy variable is used, which old documents take literally', () => {
  const Statement = [
    { Effect: 'Allow', Principal: '*', Action: '*', Resource: 'a/${aws:username}' },
  ];
  const [old, now] = ['2008-10-17', '2012-10-17'].map((Version) => ({ Version, Statement }));
  expect(policiesAreEqual(old ?? {}, now ?? {})).toBe(false);
});

test('names of actions and condition keys may be in any case; resources may not', () => {
  const base = { Effect: 'Allow', Principal: '*', Action: 'sagemaker:ListModels', Resource: 'a' };
  const same = (other: object): boolean =>
    policiesAreEqual({ Statement: base }, { Statement: other });
  expect(same({ ...base, Action: 'SageMaker:listmodels' })).toBe(true);
  expect(same({ ...base, Resource: 'A' })).toBe(false);
  const condition = (key: string): object => ({ ...base, Condition: { Bool: { [key]: true } } });
  expect(
    policiesAreEqual(
      { Statement: condition('aws:SecureTransport') },
      { Statement: condition('AWS:securetransport') },
    ),
  ).toBe(true);
});
