import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mapInTurns } from '../../../src/runtime/map-in-turns.ts';
import { countTurns } from '../../time/count-turns.ts';

interface Drawn {
  readonly isLong: boolean;
  readonly place: number;
}

test('all items are mapped in their order, and in no turn more of those that take long than are allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (items, perTurn) => {
        const turns = countTurns();
        const byTurn = new Map<number, number>();
        const { signal } = new AbortController();
        const all = items.map((isLong, place) => ({ isLong, place }));
        const options = { perTurn, signal, takesLong: (one: Drawn) => one.isLong };
        const mapped = await mapInTurns(all, options, ({ isLong, place }) => {
          if (isLong) byTurn.set(turns.count(), (byTurn.get(turns.count()) ?? 0) + 1);
          return place;
        });
        turns.stop();
        expect(mapped).toEqual([...items.keys()]);
        const long = items.filter((isLong) => isLong).length;
        expect(Math.max(0, ...byTurn.values())).toBeLessThanOrEqual(perTurn);
        expect(byTurn.size).toBe(Math.ceil(long / perTurn));
      },
    ),
  );
});

test('nothing goes on once the signal has fired', async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const mapping = mapInTurns([1, 2, 3], { perTurn: 1, signal: controller.signal }, (item) => {
    seen.push(item);
    if (item === 2) controller.abort(new Error('nobody waits'));
  });
  await expect(mapping).rejects.toThrow('nobody waits');
  expect(seen).toEqual([1, 2]);
});
