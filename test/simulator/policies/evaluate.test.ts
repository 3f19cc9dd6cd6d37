/** The simulator's evaluation of policies, held against `@cloud-copilot/iam-simulate` and the IAM user guide. */
import { describe, expect, test } from '@jest/globals';
import { evaluate, type Question } from '../../../src/simulator/policies/evaluate.ts';
import { type Authorization, isAllowed } from '../../unit/deploy/authorize.ts';
import { ireland, type Policy, policyFor } from '../../unit/deploy/iam-documents.ts';
import { notebookAccessCalls } from '../../unit/deploy/notebook-access-calls.ts';
import { operatorCalls } from '../../unit/deploy/operator-calls.ts';

function questionOf({ action, resource, context }: Authorization): Question {
  const entries = Object.entries(context).map(
    ([key, value]) => [key.toLowerCase(), [value].flat()] as const,
  );
  return { action, resource, context: new Map(entries) };
}

function verdictOf(policy: object, question: Authorization) {
  return evaluate([{ name: 'policy', document: JSON.stringify(policy) }], questionOf(question));
}

/** The question itself, and each that differs from it in one thing. */
function variations(question: Authorization): readonly Authorization[] {
  const { resource, context } = question;
  const keys = Object.keys(context);
  const without = (key: string) =>
    Object.fromEntries(Object.entries(context).filter(([other]) => other !== key));
  return [
    question,
    ...keys.map((key) => ({ ...question, context: without(key) })),
    ...keys.map((key) => ({ ...question, context: { ...context, [key]: ['another', 'more'] } })),
    ...keys.map((key) => ({ ...question, context: { ...context, [key]: 'another' } })),
    { ...question, resource: resource.replace(ireland.ACCOUNT_ID, '999999999999') },
    { ...question, resource: resource.replace(/[^:/]+$/, 'another') },
    { ...question, resource: resource.replace(/[^:/]+$/, `${ireland.OPERATOR_ROLE}`) },
  ];
}

/** Undefined for a question that cannot be asked of AWS. */
async function oracleOf(policy: Policy, question: Authorization): Promise<boolean | undefined> {
  return isAllowed([policy], question).catch(() => undefined);
}

test.each([
  ['operator-policy.json', Object.values(operatorCalls(ireland))],
  ['operator-notebook-access-policy.json', Object.values(notebookAccessCalls(ireland))],
  ['operator-adoption-policy.json', Object.values(operatorCalls(ireland))],
])(
  'it says of %s what another evaluation says, about every call and what is like it',
  async (file, calls) => {
    const policy = policyFor(file, ireland);
    const asked = calls.flat(2).flatMap(variations);
    const compared: boolean[] = [];
    for (const question of asked) {
      const oracle = await oracleOf(policy, question);
      if (oracle === undefined) continue;
      const allowed = verdictOf(policy, question).decision === 'allowed';
      expect({ question, allowed }).toEqual({ question, allowed: oracle });
      compared.push(oracle);
    }
    // A comparison of nothing, or of one answer alone, would show nothing.
    expect(compared.filter(Boolean).length).toBeGreaterThan(5);
    expect(compared.filter((one) => !one).length).toBeGreaterThan(20);
  },
);

const role = 'arn:aws:iam::111122223333:role/ml/DataScientist';

function statement(fields: object): object {
  const allow = { Effect: 'Allow', Action: 'iam:AttachRolePolicy', Resource: '*' };
  return { Version: '2012-10-17', Statement: [{ ...allow, ...fields }] };
}

function decide(policy: object, context: Authorization['context'] = {}): string {
  return verdictOf(policy, { action: 'iam:AttachRolePolicy', resource: role, context }).decision;
}

describe('a statement is about', () => {
  test.each<[object, boolean]>([
    [{}, true],
    [{ Action: 'IAM:attachrolepolic?' }, true],
    [{ Action: ['iam:Get*', '*'] }, true],
    [{ Action: undefined, NotAction: 'iam:Get*' }, true],
    [{ Action: undefined, NotAction: 'iam:*' }, false],
    [{ Resource: 'arn:aws:iam::111122223333:role/*' }, true],
    [{ Resource: 'arn:aws:iam::*:role/ml/DataScientist' }, true],
    [{ Resource: 'arn:aws:iam::111122223333:role/DataScientist' }, false],
    [{ Resource: 'arn:aws:iam::111122223333:role/ml/datascientist' }, false],
    // A wildcard stays within its part of the ARN.
    [{ Resource: 'arn:aws:iam::*' }, false],
    [{ Resource: undefined, NotResource: 'arn:aws:iam::*:role/ml/*' }, false],
    [{ Resource: undefined, NotResource: 'arn:aws:iam::*:role/x/*' }, true],
  ])('%j: %s', (fields, isAbout) => {
    expect(decide(statement(fields))).toBe(isAbout ? 'allowed' : 'implicitDeny');
  });
});

describe('a condition on keys', () => {
  const key = 'aws:TagKeys';
  test.each<[string, string | string[] | undefined, boolean]>([
    ['StringEquals', 'a', true],
    ['StringEquals', 'A', false],
    ['StringEquals', undefined, false],
    ['StringEquals', ['b', 'c'], true],
    ['StringNotEquals', ['b', 'c'], false],
    ['StringNotEquals', ['c', 'd'], true],
    ['StringEqualsIfExists', undefined, true],
    ['StringEqualsIfExists', 'c', false],
    ['StringNotEquals', undefined, true],
    ['StringNotEquals', 'b', false],
    ['StringEqualsIgnoreCase', 'A', true],
    ['StringNotEqualsIgnoreCase', 'A', false],
    ['StringNotEqualsIgnoreCase', 'C', true],
    ['ForAllValues:StringEquals', ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'c'], false],
    ['ForAllValues:StringEquals', undefined, true],
    ['ForAllValues:StringNotEquals', ['a', 'c'], false],
    ['ForAllValues:StringNotEquals', ['c', 'd'], true],
    ['ForAnyValue:StringEquals', ['a', 'c'], true],
    ['ForAnyValue:StringEquals', undefined, false],
    ['ForAnyValue:StringNotEquals', ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], false],
  ])('%s of a and b, asked with %j: %s', (operator, value, passes) => {
    const policy = statement({ Condition: { [operator]: { [key.toUpperCase()]: ['a', 'b'] } } });
    const context = value === undefined ? {} : { [key]: value };
    expect(decide(policy, context)).toBe(passes ? 'allowed' : 'implicitDeny');
  });

  test.each([
    ['true', {}, 'allowed'],
    ['true', { [key]: 'a' }, 'implicitDeny'],
    ['false', { [key]: 'a' }, 'allowed'],
    ['false', {}, 'implicitDeny'],
  ])('Null: %s of %j: %s', (value, context, decision) => {
    expect(decide(statement({ Condition: { Null: { [key]: value } } }), context)).toBe(decision);
  });
});

test('a deny wins over an allow, and a condition that does not hold is no deny', () => {
  const both = (Condition: object) => ({
    Statement: [
      { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
      { Effect: 'Deny', Action: 'iam:Attach*', Resource: role, Condition },
    ],
  });
  expect(decide(both({}))).toBe('explicitDeny');
  expect(decide(both({ Bool: { 'aws:SecureTransport': 'false' } }))).toBe('allowed');
});

test('it says which keys it lacks, and refuses what it cannot judge', () => {
  const tagged = { StringLike: { 'aws:ResourceTag/team': 'ml*' } };
  const question = { action: 'iam:AttachRolePolicy', resource: role, context: {} };
  expect(verdictOf(statement({ Condition: tagged }), question).missing).toEqual([
    'aws:ResourceTag/team',
  ]);
  const other = statement({ Action: 'iam:DetachRolePolicy', Condition: tagged });
  expect(verdictOf(other, question).missing).toEqual([]);
  const context = { 'aws:SourceIp': '203.0.113.7' };
  const byAddress = statement({ Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } });
  expect(() => decide(byAddress, context)).toThrow('IpAddress is not simulated');
  expect(() => decide(statement({ Resource: 'arn:aws:iam::1:user/${aws:username}' }))).toThrow(
    'A policy variable',
  );
});
