import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ireland, listOf, policyFor, shippedText } from './iam-documents.ts';

const guide = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
const documents = readdirSync(new URL('../../../deploy/iam/', import.meta.url));

test('the guide fills exactly the placeholders that the IAM documents have', () => {
  const used = documents.flatMap((file) =>
    [...shippedText(file).matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1]),
  );
  const filled = /envsubst '([^']*)'/.exec(guide)?.[1]?.split(' ') ?? [];
  expect(filled.map((name) => name.slice(1)).toSorted()).toEqual([...new Set(used)].toSorted());
});

test('the guide names every IAM document', () => {
  expect(documents.filter((file) => !guide.includes(file))).toEqual([]);
});

test("the guide explains every statement of the operator's policy", () => {
  const { Statement } = policyFor('operator-policy.json', ireland);
  expect(Statement.filter(({ Sid }) => !guide.includes(`\`${Sid}\``))).toEqual([]);
});

test.each(documents)('%s allows no action by a wildcard', (file) => {
  const actions = policyFor(file, ireland).Statement.flatMap(({ Action }) => listOf(Action));
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
});
