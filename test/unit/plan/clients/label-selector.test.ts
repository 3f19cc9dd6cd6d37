import { expect, test } from '@jest/globals';
import { selects } from '../../../../src/plan/clients/label-selector.ts';

const labels = { ml: 'true', team: 'vision' };

test.each([
  [{}, true],
  [{ matchLabels: { ml: 'true' } }, true],
  [{ matchLabels: { ml: 'true', team: 'speech' } }, false],
  [{ matchLabels: { constructor: 'x' } }, false],
  [{ matchExpressions: [{ key: 'team', operator: 'In', values: ['vision', 'speech'] }] }, true],
  [{ matchExpressions: [{ key: 'team', operator: 'In', values: ['speech'] }] }, false],
  [{ matchExpressions: [{ key: 'stage', operator: 'In', values: ['prod'] }] }, false],
  [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['vision'] }] }, false],
  [{ matchExpressions: [{ key: 'stage', operator: 'NotIn', values: ['prod'] }] }, true],
  [{ matchExpressions: [{ key: 'team', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'stage', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'stage', operator: 'DoesNotExist' }] }, true],
  [{ matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, false],
  [
    {
      matchLabels: { ml: 'true' },
      matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }],
    },
    false,
  ],
] as const)('%j decides %s', (selector, expected) => {
  expect(selects(selector, labels)).toBe(expected);
});
