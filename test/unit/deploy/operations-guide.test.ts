import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { operatorFlags } from '../../../src/cli/operator-options.ts';
import { ireland, listOf, policyFor, shippedText } from './iam-documents.ts';

const guide = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
const documents = readdirSync(new URL('../../../deploy/iam/', import.meta.url)).filter((file) =>
  file.endsWith('.json'),
);

test('the guide fills exactly the placeholders that the IAM documents have', () => {
  const used = documents.flatMap((file) =>
    [...shippedText(file).matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1]),
  );
  const filled = /envsubst '([^']*)'/.exec(guide)?.[1]?.split(' ') ?? [];
  expect(new Set(filled.map((name) => name.slice(1)))).toEqual(new Set(used));
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

const shown = operatorFlags().filter(({ hidden }) => !hidden);

test.each(
  shown.map(({ long, flags, defaultValue, defaultValueDescription }) => {
    return [long ?? flags, defaultValueDescription ?? defaultValue] as const;
  }),
)('the guide has %s with its default %s', (flag, value) => {
  const row = guide
    .split('\n')
    .find((line) => line.startsWith('|') && line.includes(`\`${flag}\``));
  expect(row).toBeDefined();
  if (typeof value === 'string' || typeof value === 'number') {
    expect(row?.split('|')[2]?.trim()).toBe(`\`${value}\``);
  }
});

test('the guide has no flag that the operator does not know', () => {
  const known = operatorFlags().map((flag) => flag.long);
  const table = guide.slice(guide.indexOf('## Flags'), guide.indexOf('## Probes'));
  const named = [...table.matchAll(/`(--[a-z-]+)`/g)].map((match) => match[1]);
  expect(named.filter((flag) => !known.includes(flag))).toEqual([]);
});
