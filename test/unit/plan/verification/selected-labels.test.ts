/** Labels with which a policy selects a pod. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LabelSelector } from '../../../../src/api/sagemaker-private-link.ts';
import { selects } from '../../../../src/plan/clients/label-selector.ts';
import { labelsSelectedBy } from '../../../../src/plan/verification/selected-labels.ts';

test.each<[string, LabelSelector, Record<string, string> | undefined]>([
  ['everything', {}, {}],
  ['labels', { matchLabels: { role: 'training', team: 'a' } }, { role: 'training', team: 'a' }],
  ['one of several values', expressed('role', 'In', ['a', 'b']), { role: 'a' }],
  ['any value', expressed('role', 'Exists'), { role: 'true' }],
  ['none of some values', expressed('role', 'NotIn', ['a']), {}],
  ['no such label', expressed('role', 'DoesNotExist'), {}],
  [
    'one of several values, and not the first',
    { matchExpressions: [one('role', 'In', ['a', 'b']), one('role', 'NotIn', ['a'])] },
    { role: 'b' },
  ],
  [
    'any value but the usual one',
    { matchExpressions: [one('role', 'Exists'), one('role', 'NotIn', ['true'])] },
    { role: 'sagemaker-privatelink-verify' },
  ],
  [
    'a contradiction',
    { matchLabels: { role: 'a' }, matchExpressions: [one('role', 'DoesNotExist')] },
    undefined,
  ],
])('%s', (_, selector, labels) => {
  expect(labelsSelectedBy(selector)).toEqual(labels);
});

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

function one(key: string, operator: Requirement['operator'], values?: string[]): Requirement {
  return { key, operator, ...(values === undefined ? {} : { values }) };
}

function expressed(...args: Parameters<typeof one>): LabelSelector {
  return { matchExpressions: [one(...args)] };
}

test('labels are found wherever any labels with these values are selected', () => {
  const key = fc.constantFrom('a', 'b');
  const value = fc.constantFrom('x', 'y');
  const requirement = fc.oneof(
    fc.tuple(
      key,
      fc.constantFrom('In' as const, 'NotIn' as const),
      fc.uniqueArray(value, { minLength: 1 }),
    ),
    fc.tuple(key, fc.constantFrom('Exists' as const, 'DoesNotExist' as const)),
  );
  const selectors = fc.record({
    matchExpressions: fc.array(
      requirement.map((words) => one(...(words as Parameters<typeof one>))),
    ),
  });
  const values = [undefined, 'x', 'y', 'z'];
  const everyLabels = values.flatMap((a) =>
    values.map((b) => ({ ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) })),
  );
  fc.assert(
    fc.property(selectors, (selector) => {
      const found = labelsSelectedBy(selector);
      const isPossible = everyLabels.some((labels) => selects(selector, labels));
      expect(found !== undefined).toBe(isPossible);
      if (found !== undefined) expect(selects(selector, found)).toBe(true);
    }),
  );
});
