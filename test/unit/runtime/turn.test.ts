import { expect, test } from '@jest/globals';
import { takeTurn, type TurnKind, turnsWaiting } from '../../../src/runtime/turn.ts';

test('turns come in the order in which they were asked for, no two in one turn of the loop', async () => {
  const happened: { readonly name: string; readonly turn: number }[] = [];
  let turn = 0;
  let isOver = false;
  const countTurns = (): void => {
    turn += 1;
    if (!isOver) setImmediate(countTurns);
  };
  countTurns();
  const compute = async (name: string): Promise<void> => {
    await takeTurn();
    happened.push({ name, turn });
  };
  const all = ['a', 'b', 'c'].map(compute);
  expect(turnsWaiting()).toBe(3);
  await Promise.all(all);
  isOver = true;
  expect(happened.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(new Set(happened.map((one) => one.turn)).size).toBe(3);
  expect(turnsWaiting()).toBe(0);
});

test('a slice waits for no more than one pass, and a pass for no more than one slice', async () => {
  const happened: string[] = [];
  const compute = async (name: string, kind?: TurnKind): Promise<void> => {
    await takeTurn(kind);
    happened.push(name);
  };
  const passes = ['a', 'b', 'c', 'd'].map((name) => compute(name));
  const slices = ['1', '2'].map((name) => compute(name, 'slice'));
  expect(turnsWaiting()).toBe(6);
  await Promise.all([...passes, ...slices]);
  expect(happened.filter((name) => name >= 'a')).toEqual(['a', 'b', 'c', 'd']);
  expect(['1a2bcd', 'a1b2cd']).toContain(happened.join(''));
});
