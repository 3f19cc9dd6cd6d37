import { expect, test } from '@jest/globals';
import { costWords, monthlyCost, usualPrices } from '../../../src/standalone/monthly-cost.ts';

test('three services in three zones cost what AWS asks in us-east-1, and data comes on top', () => {
  expect(monthlyCost(9, usualPrices)).toMatchObject({ isEstimate: true, monthly: 65.7 });
  expect(monthlyCost(9, { endpointHour: 0.013, gigabyte: 0.01, gigabytes: 500 }).monthly).toBe(
    90.41,
  );
});

test('the words say that it is an estimate, and of what', () => {
  expect(costWords(monthlyCost(2, usualPrices))).toBe(
    'Estimated cost: about $14.60 a month (2 endpoint zones x 730 h x $0.01, without data).',
  );
});
