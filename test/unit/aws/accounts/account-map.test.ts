import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { externalIdOf } from '../../../../src/aws/accounts/account-map.ts';
import {
  AccountMapError,
  parseAccountMap,
} from '../../../../src/aws/accounts/parse-account-map.ts';

const roleArn = 'arn:aws:iam::444455556666:role/team/links';

function problemsOf(text: string): readonly string[] {
  try {
    parseAccountMap(text);
    return [];
  } catch (error) {
    if (error instanceof AccountMapError) return error.problems;
    throw error;
  }
}

test('names stand for roles, with the account that the ARN names', () => {
  const map = parseAccountMap(`
accounts:
  ml-prod: {roleArn: "${roleArn}"}
  china:
    roleArn: arn:aws-cn:iam::777788889999:role/links
    externalId: agreed/word
`);
  expect([...map]).toEqual([
    ['ml-prod', { roleArn, accountId: '444455556666' }],
    [
      'china',
      {
        roleArn: 'arn:aws-cn:iam::777788889999:role/links',
        accountId: '777788889999',
        externalId: 'agreed/word',
      },
    ],
  ]);
});

test('no accounts is a map too: it denies everything', () => {
  expect(parseAccountMap('accounts: {}').size).toBe(0);
});

test('the external id is the given one, or derived from cluster and name', () => {
  const entry = { roleArn, accountId: '444455556666' };
  expect(externalIdOf(entry, 'ml', 'cluster-1')).toBe('cluster-1/ml');
  expect(externalIdOf({ ...entry, externalId: 'word' }, 'ml', 'cluster-1')).toBe('word');
});

test.each([
  ['', 'must be a mapping with the field accounts'],
  ['- a', 'must be a mapping with the field accounts'],
  ['accounts:', 'accounts: must be a mapping of names; {} for none'],
  ['accounts: [ml]', 'accounts: must be a mapping of names; {} for none'],
  [`account: {ml: {roleArn: "${roleArn}"}}`, '"account" is not a field of the account map'],
  ['accounts: {ml: }', 'accounts.ml: must be a mapping with the field roleArn'],
  ['accounts: {ml: {}}', 'accounts.ml.roleArn: must be the ARN of a role'],
  ['accounts: {ml: {roleArn: arn:aws:iam::1:role/x}}', 'accounts.ml.roleArn: must be the ARN'],
  ['accounts: {ml: {roleArn: arn:aws:iam::444455556666:user/x}}', 'accounts.ml.roleArn'],
  [`accounts: {ML: {roleArn: "${roleArn}"}}`, 'the name "ML" must consist of lower-case letters'],
  [`accounts: {"444455556666": {roleArn: "${roleArn}"}}`, 'the name "444455556666" must consist'],
  [`accounts: {__proto__: {roleArn: "${roleArn}"}}`, 'the name "__proto__" must consist'],
  [`accounts: {ml: {roleArn: "${roleArn}", externalID: x1}}`, 'accounts.ml."externalID" is not'],
  [`accounts: {ml: {roleArn: "${roleArn}", externalId: 1234}}`, 'accounts.ml.externalId: must be'],
  [`accounts: {ml: {roleArn: "${roleArn}", externalId: ""}}`, 'accounts.ml.externalId: must be'],
  [`accounts: {ml: {roleArn: "${roleArn}", externalId: "a b"}}`, 'accounts.ml.externalId: must'],
  ['accounts:\n  ml: {}\n  ml: {}\n', 'line 3: not valid YAML (DUPLICATE_KEY)'],
  ['accounts: {ml: *nowhere}', 'not valid YAML'],
  ['accounts: {', 'line 1: not valid YAML'],
])('%j is refused: %s', (text, problem) => {
  expect(problemsOf(text).join('\n')).toContain(problem);
});

test('all that is wrong is said at once', () => {
  const text = 'accounts: {a: {roleArn: x}, b: {roleArn: y}}\nmore: 1';
  expect(problemsOf(text)).toHaveLength(3);
});

test('whatever the text is, it is a map or it has problems, and never a value is shown', () => {
  const marker = 'mArKeR-of-a-secret';
  const anyValue = fc.oneof(fc.jsonValue(), fc.constant(marker), fc.constant([marker]));
  const entries = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom('ml', '__proto__', 'constructor')),
    fc.oneof(
      anyValue,
      fc.record({ roleArn: anyValue, externalId: anyValue }, { requiredKeys: [] }),
    ),
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'{}[]:,&*!|>-#\'"\n ab'.split('')) }),
    entries.map((accounts) => JSON.stringify({ accounts })),
    entries.map((accounts) => `${JSON.stringify({ accounts })} "${marker}"`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(problemsOf(text).join()).not.toContain(marker);
    }),
    { numRuns: 500 },
  );
});
