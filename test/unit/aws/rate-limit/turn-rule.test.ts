import { expect, test } from '@jest/globals';
import {
  afterTurn,
  nextUrgency,
  noneWasPassedOver,
} from '../../../../src/aws/rate-limit/turn-rule.ts';
import { urgencies, type Urgency } from '../../../../src/plan/urgency.ts';

/** The turns while all of these wait all the time. */
function turns(waiting: readonly Urgency[], count: number): string {
  const isWaiting = (urgency: Urgency): boolean => waiting.includes(urgency);
  let passedOver = noneWasPassedOver;
  let order = '';
  for (let turn = 0; turn < count; turn += 1) {
    const urgency = nextUrgency(isWaiting, passedOver);
    if (urgency === undefined) return order;
    order += urgency[0];
    passedOver = afterTurn(urgency, isWaiting, passedOver);
  }
  return order;
}

test('nobody has a turn where nobody waits', () => {
  expect(nextUrgency(() => false, noneWasPassedOver)).toBeUndefined();
});

test('after three calls over its head a lower urgency has a turn', () => {
  expect(turns(['Change', 'Repair'], 12)).toBe('CCCRCCCRCCCR');
});

test('the higher of two urgencies that are due goes first, and the highest keeps half of the turns', () => {
  expect(turns(urgencies, 12)).toBe('DDDCRRDDDCRR');
});

test('an urgency that nobody waits with has no claim from before', () => {
  const passedOver = { ...noneWasPassedOver, Resync: 3 };
  const counts = afterTurn('Change', (urgency) => urgency === 'Change', passedOver);
  expect(counts).toEqual(noneWasPassedOver);
});
