import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OrderedList } from '../../../../src/aws/rate-limit/ordered-list.ts';

const step = fc.record({ value: fc.nat(30), isGone: fc.boolean() });

test('whatever comes and goes, the items are in order, each knows its place, and others have none', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const list = new OrderedList<number>((one, other) => one - other);
      const kept = new Set<number>();
      for (const { value, isGone } of steps) {
        if (isGone) list.delete(value);
        else if (!kept.has(value)) list.add(value);
        if (isGone) kept.delete(value);
        else kept.add(value);
      }
      const sorted = [...kept].sort((one, other) => one - other);
      expect(list.all()).toEqual(sorted);
      expect(list.size).toBe(sorted.length);
      for (let value = 0; value <= 30; value += 1) {
        expect(list.indexOf(value)).toBe(sorted.indexOf(value));
      }
      expect([list.at(0), list.at(-1)]).toEqual([sorted.at(0), sorted.at(-1)]);
    }),
  );
});
