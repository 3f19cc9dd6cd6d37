import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  afterTurn,
  type Counts,
  nextUrgency,
  noneWasPassedOver,
  type PassedOver,
  turnsBefore,
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

/** The urgencies in the order of their turns until nobody is left. */
function allTurns(lengths: Counts, passedOver: PassedOver): readonly Urgency[] {
  const left = { ...lengths };
  const isWaiting = (urgency: Urgency): boolean => left[urgency] > 0;
  const order: Urgency[] = [];
  let counts = passedOver;
  for (let next = nextUrgency(isWaiting, counts); next !== undefined; ) {
    order.push(next);
    left[next] -= 1;
    counts = afterTurn(next, isWaiting, counts);
    next = nextUrgency(isWaiting, counts);
  }
  return order;
}

function ofEach(values: fc.Arbitrary<number>): fc.Arbitrary<Counts> {
  return fc.record({ Deletion: values, Change: values, Repair: values, Resync: values });
}

test('the turns before a ticket are as many as when they are counted one by one', () => {
  const lengths = fc.oneof(ofEach(fc.nat(40)), ofEach(fc.constantFrom(0, 1, 200)));
  fc.assert(
    fc.property(lengths, ofEach(fc.nat(5)), (waiting, passedOver) => {
      const order = allTurns(waiting, passedOver);
      for (const urgency of urgencies) {
        const places = order.flatMap((one, place) => (one === urgency ? [place] : []));
        const told = places.map((_, index) => turnsBefore({ urgency, index }, waiting, passedOver));
        expect(told).toEqual(places);
      }
    }),
  );
});
